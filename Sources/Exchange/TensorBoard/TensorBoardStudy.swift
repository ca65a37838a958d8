import Architectures
import Experiments

/// What TensorBoard is told of a study: what varies, what is measured, and the folder of each run.
package struct TensorBoardStudy: Sendable {
  /// The study's name.
  package let name: String
  let title: String
  let createdAt: Double
  let revision: Int
  /// The settings that vary, each with its values in their order.
  let settings: [VaryingSetting]
  let metrics: [Metric]
  /// The folder of each configuration.
  let folders: [String]
  /// The keys of the trials, by the paths of their runs.
  let trials: [String: String]
  private let configurations: [RecordedConfiguration]

  /// A setting that is not the same in all configurations.
  struct VaryingSetting {
    let path: String
    let kind: SettingKind
    let values: [String]
  }

  /// What trials are compared by: the last value of a curve.
  struct Metric {
    let tag: String
    let title: String
    let isOfValidation: Bool
  }

  /// Takes a study of the store.
  package init(_ record: StudyRecord) {
    (name, title, revision, createdAt) = (record.name, record.title, record.revision, record.createdAt)
    let all = record.configurations.map(\.configuration)
    configurations = all
    let folders = RunFolders.names(
      ShortNames(all, axes: record.axes).names, hashes: record.configurations.map(\.hash))
    self.folders = folders
    trials = Dictionary(
      zip(folders, record.configurations).flatMap { folder, row in
        row.trials.map { (Self.run(in: folder, seed: $0.seed), $0.key) }
      }
    ) { first, _ in first }
    settings = Self.settings(all)
    metrics = Self.metrics(all)
  }

  /// The path of a trial's run in the study's folder.
  func run(configuration: Int, seed: UInt64) -> String { Self.run(in: folders[configuration], seed: seed) }

  private static func run(in folder: String, seed: UInt64) -> String { "\(folder)/seed \(seed)" }

  /// The name of the curve under which TensorBoard shows it: `loss/train`, `accuracy/test`, `lr`.
  static func tag(_ curve: StudyCurves.Curve) -> String {
    curve.metric == "lr" ? "lr" : "\(curve.metric)/\(curve.split)"
  }

  /// The record that the whole study's file has.
  var rootRecords: EventRecords {
    var records = EventRecords()
    records.begin(at: createdAt)
    records.hparams(.experiment(self), at: createdAt)
    return records
  }

  /// The records that a trial's file begins with.
  ///
  /// - Parameter restarts: whether a reader is to forget what it knows of the run.
  func startRecords(configuration: Int, at time: Double, restarts: Bool = false) -> EventRecords {
    var records = EventRecords()
    records.begin(at: time)
    if restarts { records.restart(at: time) }
    let settings = configurations[configuration].settings
    records.hparams(.start(settings, in: self, group: folders[configuration], at: time), at: time)
    return records
  }

  private static func settings(_ configurations: [RecordedConfiguration]) -> [VaryingSetting] {
    var (paths, values): ([String], [String: [String]]) = ([], [:])
    for setting in configurations.flatMap(\.settings) {
      if values[setting.path] == nil { paths.append(setting.path) }
      if !values[setting.path, default: []].contains(setting.value) {
        values[setting.path, default: []].append(setting.value)
      }
    }
    return paths.compactMap { path in
      let known = values[path] ?? []
      let isEverywhere = configurations.allSatisfy { $0.settings.contains { $0.path == path } }
      guard known.count > 1 || !isEverywhere else { return nil }
      return VaryingSetting(path: path, kind: SettingKind(known), values: known)
    }
  }

  private static func metrics(_ configurations: [RecordedConfiguration]) -> [Metric] {
    let hasValidation = configurations.contains { $0.dataset.map { $0.validationCount > 0 } ?? true }
    let hasAccuracy = configurations.contains { !$0.reconstructs }
    let scores = configurations.first?.resolved?.metrics ?? []
    let named =
      (hasAccuracy ? [("accuracy", "accuracy")] : []) + [("loss", "loss")] + scores.map { ($0.name, $0.title) }
    return (hasValidation ? ["test", "validation"] : ["test"]).flatMap { split in
      named.map { name, title in
        Metric(tag: "\(name)/\(split)", title: "\(split) \(title)", isOfValidation: split == "validation")
      }
    }
  }
}

extension RecordedConfiguration {
  /// Whether the network's output is compared with its input.
  fileprivate var reconstructs: Bool {
    guard let resolved, let dataset else { return false }
    let output = try? resolved.architecture.resolved().last?.output
    return resolved.loss.comparesValues && output == resolved.architecture.input
      && output != Shape(dataset.classes.count)
  }
}

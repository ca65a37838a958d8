import Architectures
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Reporting
import Tracking

/// What is looked at: a trial of the store, or a weight file in a network.
struct PictureSubject {
  /// The study, or what stands for it, whose report the pictures belong to.
  let study: String
  /// What its folder is called.
  let key: String
  /// What it is, in a few words.
  let title: String
  /// The network and its data.
  let configuration: Configuration
  /// Where its data is found.
  let library: DatasetLibrary
  /// The digest that the data must have; `nil` where none is known.
  let dataDigest: String?
  /// The confusion matrix of the last evaluation, where the store has one.
  let storedConfusion: ConfusionMatrix?
  private let weights: Weights

  private enum Weights {
    case file(WeightFile)
    case trial(StoreFolders, TrialRecord)
  }

  /// A trial of the store.
  ///
  /// - Parameter gridFolder: the folder from which the paths in its grid count.
  init(_ trial: TrialDetails, store path: String, data: DataOptions, gridFolder: String) {
    let named = trial.configuration
    study = trial.studies.first?.study ?? named.label
    key = String(trial.record.key.prefix(12))
    title = "\(trial.studies.first?.label ?? named.label), seed \(trial.record.seed)"
    configuration = named.configuration
    library = DatasetLibrary(root: DataRoot(option: data.root), relativeTo: gridFolder)
    dataDigest = trial.dataDigest
    storedConfusion = trial.record.result?.confusion.map {
      ConfusionMatrix(classes: named.dataset.classes, counts: $0)
    }
    weights = .trial(StoreFolders(store: path), trial.record)
  }

  /// A preset or a grid with the weights of a file.
  ///
  /// - Parameter label: which configuration of the grid; `nil` is the first.
  init(model: String, weights path: String, label: String?, data: DataOptions) throws {
    let file = try WeightFile(URL(filePath: path))
    let name = URL(filePath: path).lastPathComponent
    if let preset = Preset.named(model) {
      guard label == nil else { throw UsageError("--label: \(model) is a preset, which has one configuration only") }
      study = model
      title = "\(model) with \(name)"
      configuration = preset.configuration
      library = DatasetLibrary(root: DataRoot(option: data.root))
    } else {
      guard FileManager.default.fileExists(atPath: model) else {
        throw UsageError(
          "\(model) is neither a grid file nor a preset; presets are \(Preset.all.map(\.name).joined(separator: ", "))")
      }
      let source = try GridSource(path: model, data: data)
      let grid = try source.study()
      guard
        let chosen = label.map({ label in grid.configurations.first { $0.label == label } })
          ?? grid.configurations.first
      else {
        let labels = grid.configurations.prefix(12).map(\.label).joined(separator: ", ")
        throw UsageError("--label \(label ?? ""): no configuration has that label; there are \(labels)")
      }
      study = grid.name
      title = "\(chosen.label) with \(name)"
      configuration = chosen.configuration
      library = source.library
    }
    key = String(file.digest.prefix(12))
    dataDigest = nil
    storedConfusion = nil
    weights = .file(file)
  }

  /// Whether there are weights to look at.
  var canBeLoaded: Bool {
    switch weights {
    case .file: true
    case .trial(let folders, let record): folders.mayHaveWeights(of: record)
    }
  }

  /// Gives a network the weights.
  func load(into network: Network) throws {
    switch weights {
    case .file(let file): try file.load(into: network)
    case .trial(let folders, let record):
      try network.load(SafetensorsFile.read([UInt8](folders.weights(of: record))))
    }
  }
}

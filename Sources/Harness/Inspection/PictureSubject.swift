import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Reporting
import Tracking
import Training

/// The subject of pictures and evaluations: a trial of the store, or a weight file in a network.
package struct PictureSubject: Sendable {
  /// The study whose report the pictures belong to.
  package let study: String
  /// The name of its folder.
  package let key: String
  /// A title in a few words: label and seed.
  package let title: String
  /// The trial's key; `nil` for a preset or a grid.
  let trial: String?
  /// The network and its data.
  let configuration: Configuration
  /// Where its data is found.
  let library: DatasetLibrary
  /// The digest that the data must have; `nil` where none is known.
  let dataDigest: String?
  /// The confusion matrix of the last evaluation, where the store has one.
  let storedConfusion: ConfusionMatrix?
  private let weights: Weights

  private enum Weights: Sendable {
    case file(WeightFile)
    case trial(StoreFolders, TrialRecord, warn: @Sendable (String) -> Void)
  }

  /// A trial of the store with the weights that it kept, or with those of a file.
  ///
  /// - Parameters:
  ///   - file: a weight file; `nil` takes the trial's own.
  ///   - path: the store's path.
  ///   - data: the folder of the known data sets.
  ///   - gridFolder: the folder from which paths in the trial's grid count.
  ///   - warn: hears of weights that can't be checked.
  /// - Throws: ``OperationalError`` where another program trained it.
  package init(
    _ trial: TrialDetails, weights file: String? = nil, store path: String, data: DataRoot, gridFolder: GridFolder,
    warn: @escaping @Sendable (String) -> Void
  ) throws {
    let named = try trial.trainable(to: "there is no network to draw")
    study = trial.studies.first?.study ?? named.label
    key = String(trial.record.key.prefix(12))
    let label = trial.studies.first?.label ?? named.label
    title =
      file.map { "\(label) with \(URL(filePath: $0).lastPathComponent)" } ?? "\(label), seed \(trial.record.seed)"
    self.trial = trial.record.key
    configuration = named.resolved
    library = DatasetLibrary(root: data, relativeTo: gridFolder.path)
    dataDigest = trial.dataDigest
    storedConfusion = trial.record.result?.confusion.map {
      ConfusionMatrix(classes: named.dataset.classes, counts: $0)
    }
    weights =
      try file.map { .file(try WeightFile(URL(filePath: $0))) }
      ?? .trial(StoreFolders(store: path), trial.record, warn: warn)
  }

  /// A preset or a grid with the weights of a file.
  ///
  /// - Parameters:
  ///   - model: a preset's name or the path of a grid file.
  ///   - path: the weight file.
  ///   - label: which configuration of the grid; `nil` is the first.
  ///   - overrides: settings that replace the grid's, each `PATH=VALUE`.
  ///   - data: the folder of the known data sets.
  package init(
    model: String, weights path: String, label: String?, overrides: [String] = [], data: DataRoot
  ) throws {
    let file = try WeightFile(URL(filePath: path))
    let chosen = try ModelChoice(model, label: label, overrides: overrides, data: data)
    trial = nil
    study = chosen.name
    title = "\(chosen.label) with \(URL(filePath: path).lastPathComponent)"
    (configuration, library) = (chosen.configuration, chosen.library)
    key = String(file.digest.prefix(12))
    dataDigest = nil
    storedConfusion = nil
    weights = .file(file)
  }

  /// Whether there are weights to look at.
  var canBeLoaded: Bool {
    switch weights {
    case .file: true
    case .trial(let folders, let record, _): folders.mayHaveWeights(of: record)
    }
  }

  /// The name of the weight file; `nil` for a trial's own weights.
  var weightFile: String? { if case .file(let file) = weights { file.path } else { nil } }

  /// Reads the data.
  ///
  /// - Throws: ``OperationalError`` where it is not that which the trial was trained on.
  func dataset() throws -> Dataset {
    let dataset = try library.loadSplit(configuration.dataset)
    if let dataDigest, dataDigest != dataset.digest {
      throw OperationalError(
        "\(dataset.description.name): is not the data that \(title) was trained on: its digest is "
          + "\(dataset.digest.prefix(12)), the trial has \(dataDigest.prefix(12))")
    }
    return dataset
  }

  /// Gives a network the weights.
  func load(into network: Network) throws {
    switch weights {
    case .file(let file): try file.load(into: network)
    case .trial(let folders, let record, let warn):
      try network.load(SafetensorsFile.read([UInt8](folders.weights(of: record, warn: warn))))
    }
  }
}

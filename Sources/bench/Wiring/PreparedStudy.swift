import Architectures
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Tracking

/// A grid that was read, checked and expanded, and the data that it needs, in memory once for all trials.
struct PreparedStudy {
  /// The expanded grid; weight files are known by their digests.
  let study: Study
  /// Hashes of the configurations and keys of the trials.
  let identity: StudyIdentity
  private let datasets: [DatasetSelection: Dataset]
  private let weights: [String: [Tensor]]

  /// Reads, expands and loads; nothing is written.
  init(_ options: GridOptions, data: DataOptions) throws {
    let source = try GridSource(options, data: data)
    var study = try source.study()
    datasets = try Self.load(study, from: source.library)
    weights = try study.readWeights(relativeTo: source.folder)
    identity = StudyIdentity(
      configurations: study.configurations.map { [datasets] named in
        let hash = named.configuration.hash
        let digest = datasets[named.configuration.dataset]?.digest ?? ""
        return .init(
          hash: hash, dataDigest: digest,
          keys: study.seeds.map { Trial.key(configurationHash: hash, seed: $0, dataDigest: digest) })
      })
    self.study = study
  }

  /// The trials with their keys, in the study's order.
  var trials: [(trial: Trial, key: String)] { Array(zip(study.trials, identity.keys)) }

  /// The data of a trial.
  func dataset(of trial: Trial) -> Dataset {
    guard let dataset = datasets[trial.configuration.configuration.dataset] else {
      preconditionFailure("every data set of the study was loaded")
    }
    return dataset
  }

  /// The tensors that a trial starts from; `nil` where it draws them.
  func initialWeights(of trial: Trial) -> [Tensor]? {
    trial.configuration.configuration.initialWeights.flatMap { weights[$0.path] }
  }

  private static func load(
    _ study: Study, from library: DatasetLibrary
  ) throws -> [DatasetSelection: Dataset] {
    var datasets: [DatasetSelection: Dataset] = [:]
    for selection in study.configurations.map(\.configuration.dataset) where datasets[selection] == nil {
      datasets[selection] = try library.load(selection)
    }
    return datasets
  }
}

extension Study {
  /// Reads the weight files that configurations start from, and enters their digests.
  ///
  /// - Parameter folder: where relative paths begin: the folder of the grid file.
  /// - Returns: the tensors by path.
  /// - Throws: ``UsageError`` where a file does not fit a network, or holds what is no number.
  mutating func readWeights(relativeTo folder: URL) throws -> [String: [Tensor]] {
    var files: [String: WeightFile] = [:]
    var fitting: Set<WeightUse> = []
    for index in configurations.indices {
      let named = configurations[index]
      guard let path = named.configuration.initialWeights?.path else { continue }
      let file = try files[path] ?? WeightFile(URL(filePath: path, relativeTo: folder))
      files[path] = file
      if fitting.insert(WeightUse(path: path, architecture: named.configuration.architecture)).inserted {
        try file.load(into: Network(of: named.configuration, dataset: named.dataset))
        try file.checkNumbers()
      }
      configurations[index].configuration.initialWeights?.digest = file.digest
    }
    return files.mapValues(\.tensors)
  }

  /// A file and a network that it must fit.
  private struct WeightUse: Hashable {
    let path: String
    let architecture: Architecture
  }
}

/// A grid file before it is expanded, and where its data would come from.
struct GridSource {
  /// The folder of the grid file, from which paths in it count.
  let folder: URL
  /// Where data sets are found.
  let library: DatasetLibrary
  private let grid: Grid
  private let overrides: [GridOverride]

  /// Reads a grid file, and what goes over it.
  init(_ options: GridOptions, data: DataOptions) throws {
    try self.init(path: options.grid, overrides: options.overrides, data: data)
  }

  /// Reads a grid file, and what goes over it.
  init(path: String, overrides: [String] = [], data: DataOptions) throws {
    let file = URL(filePath: path)
    folder = file.deletingLastPathComponent()
    library = DatasetLibrary(root: DataRoot(option: data.root), relativeTo: folder.path)
    self.overrides = try overrides.map { text in
      guard let override = GridOverride(text) else { throw UsageError("--set \(text): expected PATH=VALUE") }
      return override
    }
    grid = try Grid.read(bytes: try readFile(file), file: path)
  }

  /// Checks and expands the grid; the data itself is not read.
  func study() throws -> Study {
    try grid.study(overrides: overrides) { [library] in try library.describe($0) }
  }
}

/// A command line or a grid that asks for something that is not to be had; the program ends with code 64.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// What the system says against reading a file; `nil` where it has nothing to say.
private func readingFault(of url: URL) -> String? {
  let descriptor = open(url.path, O_RDONLY)
  guard descriptor >= 0 else { return String(cString: strerror(errno)) }
  defer { close(descriptor) }
  var byte: UInt8 = 0
  return read(descriptor, &byte, 1) < 0 ? String(cString: strerror(errno)) : nil
}

/// A file's bytes, or an error that says which file and why.
func readFile(_ url: URL) throws -> [UInt8] {
  do {
    return [UInt8](try Data(contentsOf: url))
  } catch {
    throw UsageError("\(url.path): can't be read: \(readingFault(of: url) ?? error.localizedDescription)")
  }
}

import Architectures
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Tracking

/// A grid that was read, checked and expanded, and the data that it needs, in memory once for all trials.
package struct PreparedStudy: Sendable {
  /// The expanded grid; weight files are known by their digests.
  package let study: Study
  /// Hashes of the configurations and keys of the trials.
  let identity: StudyIdentity
  /// The memory that its trials take.
  let memory: StudyMemory
  private let datasets: [DatasetSelection: Dataset]
  private let weights: StudyWeights

  /// Expands the grid and loads its data and weight files; nothing is written.
  package init(_ source: GridSource) throws {
    var study = try source.study()
    memory = try StudyMemory(study, library: source.library)
    datasets = try Self.load(study, from: source.library)
    weights = try StudyWeights(&study, relativeTo: source.folder)
    identity = StudyIdentity(
      configurations: study.configurations.map { [datasets] named in
        let hash = named.resolved.hash
        let digest = datasets[named.resolved.dataset]?.digest ?? ""
        return .init(
          hash: hash, dataDigest: digest,
          keys: named.resolved.trialKeys(of: study.seeds, hash: hash, dataDigest: digest))
      })
    self.study = study
  }

  /// The trials with their keys and the memory that each takes, in the study's order.
  var trials: [PreparedTrial] {
    zip(study.trials, identity.keys).enumerated().map { index, pair in
      PreparedTrial(trial: pair.0, key: pair.1, peakBytes: memory.trialBytes[index / study.seeds.count])
    }
  }

  /// What is taken of weight files that need not fit a network as a whole; one line each.
  package var weightNotes: [String] { weights.notes.map { "initial weights: \($0)" } }

  /// The data of a trial.
  func dataset(of trial: Trial) -> Dataset {
    guard let dataset = datasets[trial.configuration.resolved.dataset] else {
      preconditionFailure("every data set of the study was loaded")
    }
    return dataset
  }

  /// The tensors that a trial starts from; `nil` where it draws them.
  func initialWeights(of trial: Trial) -> [Tensor]? {
    trial.configuration.resolved.initialWeights.flatMap { weights.tensors[$0.file(ofSeed: trial.seed).path] }
  }

  private static func load(
    _ study: Study, from library: DatasetLibrary
  ) throws -> [DatasetSelection: Dataset] {
    var datasets: [DatasetSelection: Dataset] = [:]
    for selection in study.configurations.map(\.resolved.dataset) where datasets[selection] == nil {
      datasets[selection] = try library.loadSplit(selection)
    }
    return datasets
  }
}

/// A trial of a study that was prepared.
struct PreparedTrial: Sendable {
  /// The trial.
  let trial: Trial
  /// The trial's key.
  let key: String
  /// The most memory that it takes, in bytes.
  let peakBytes: Int
}

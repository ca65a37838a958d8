import Architectures
import Datasets
import Experiments
import NeuralNetwork
import Presentation
import Training

/// The memory that a study's trials take, as far as it is known before any of them is begun.
struct StudyMemory: Sendable {
  /// The most that a trial of each configuration takes beside the data, in bytes.
  let trialBytes: [Int]
  /// The data sets, which all trials share.
  let dataBytes: Int

  /// Adds up; takes none of the memory, and reads no data.
  init(_ study: Study, library: DatasetLibrary) throws {
    var networks = NetworkCache { (_: Architecture) in Sizes() }
    trialBytes = try study.configurations.map { point in
      try networks[point.resolved.architecture].bytes(of: point)
    }
    dataBytes = try Set(study.configurations.map(\.resolved.dataset)).reduce(0) {
      $0 + (try library.byteCount(of: $1))
    }
  }

  /// What so many trials at the same time take at most, with the data.
  func bytes(workers: Int, trials: Int) -> Int { dataBytes + min(workers, trials) * (trialBytes.max() ?? 0) }

  /// What was added up for one network.
  private final class Sizes {
    private struct Key: Hashable {
      let loss: Loss
      let dataset: DatasetDescription
      let batchSize: Int
      let iterations: Int
      let moments: Int
      let evaluationBatch: Int?
      let data: DatasetSelection?
      let averages: Bool
      let keepsBest: Bool
    }

    private var known: [Key: Int] = [:]

    func bytes(of point: StudyConfiguration) throws -> Int {
      let (configuration, training) = (point.resolved, point.resolved.training)
      let key = Key(
        loss: configuration.loss, dataset: point.dataset, batchSize: training.batchSize,
        iterations: training.iterations(examples: max(1, point.dataset.trainCount)),
        moments: configuration.optimizer.momentCount, evaluationBatch: training.evaluationBatchSize,
        data: configuration.dataset.changesBatches || configuration.dataset.sampler != nil
          ? configuration.dataset : nil,
        averages: training.averageDecay != nil, keepsBest: training.earlyStopping?.restoresBest == true)
      if let bytes = known[key] { return bytes }
      let bytes = try configuration.peakBytes(dataset: point.dataset)
      known[key] = bytes
      return bytes
    }
  }
}

/// A trial that takes more memory than there is.
struct TrialTooLarge: Error, CustomStringConvertible {
  let bytes: Int
  let batchSize: Int
  let memory: MachineMemory

  var description: String {
    "the trial needs \(NumberText.bytes(bytes)) of memory, and \(memory.source) has \(NumberText.bytes(memory.limit)); make "
      + "training.batch_size (\(batchSize)) smaller, or the network"
  }
}

import Datasets
import Experiments
import NeuralNetwork

/// A data set as a network reads it, with the table of what its bytes stand for in memory that never moves.
///
/// The views that it gives hold as long as it lives.
package final class NetworkInput {
  private let dataset: Dataset
  private let table: UnsafeMutableBufferPointer<Float>
  /// Training batches, where they are changed each time; and their places, 0, 1, 2 …
  private let augmented: AugmentedBatch?
  private let places: [Int32]

  /// Prepares a data set.
  ///
  /// - Parameter batchSize: the largest number of examples of a training step.
  package init(_ dataset: Dataset, batchSize: Int) {
    self.dataset = dataset
    augmented = AugmentedBatch(of: dataset, batchSize: batchSize)
    places = augmented == nil ? [] : Array(0..<Int32(batchSize))
    table = .allocate(capacity: dataset.byteValues.count)
    _ = table.initialize(from: dataset.byteValues)
  }

  deinit { table.deallocate() }

  /// Trains a network on a batch of examples, and draws what they are augmented with before anything else.
  ///
  /// - Returns: the mean loss of the batch before the step.
  package func step(
    _ network: Network, on indices: UnsafeBufferPointer<Int32>, generator: Generator, profile: StepProfile? = nil
  ) -> Float {
    guard let augmented else {
      return network.trainStep(examples(dataset.train), indices: indices, generator: generator, profile: profile)
    }
    augmented.fetch(indices, generator)
    let batch = Examples(
      pixels: .floats(augmented.pixels), shape: augmented.shape, labels: augmented.labels, shares: augmented.shares,
      count: indices.count)
    return places.withUnsafeBufferPointer { places in
      network.trainStep(
        batch, indices: .init(rebasing: places[..<indices.count]), generator: generator, profile: profile)
    }
  }

  /// What one chooses by; may be empty.
  package var validation: Examples { examples(dataset.validation) }
  /// The test examples.
  package var test: Examples { examples(dataset.test) }

  private func examples(_ set: ExampleSet) -> Examples {
    let pixels: Examples.Pixels
    switch set.pixels {
    case .floats(let floats): pixels = .floats(floats)
    case .bytes(let bytes):
      guard let start = table.baseAddress else { preconditionFailure("bytes have a table") }
      pixels = .bytes(bytes, table: UnsafePointer(start), channels: set.channels)
    }
    return Examples(pixels: pixels, shape: set.shape, labels: set.labels, count: set.count)
  }
}

extension Generator: TransformDraws {
  package func normal(_ count: Int) -> [Float] { normal(count, mean: 0, std: 1) }
}

extension Configuration {
  /// Examples of a data set that are evaluated together; `nil` where the network's size decides.
  package func evaluationBatch(of dataset: DatasetDescription) -> Int? {
    training.evaluationBatchSize.map { min($0, max(1, dataset.testCount, dataset.validationCount)) }
  }
}

extension DatasetLibrary {
  /// Reads what a selection names; a split by seed is in the order of `torch.randperm`.
  package func loadSplit(_ selection: DatasetSelection) throws(DatasetError) -> Dataset {
    try load(selection) { seed, count in Generator(seed: seed).permutation(count) }
  }
}

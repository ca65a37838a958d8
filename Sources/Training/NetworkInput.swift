import Datasets
import NeuralNetwork

/// A data set as a network reads it, with the table of what its bytes stand for in memory that never moves.
///
/// The views that it gives hold as long as it lives.
package final class NetworkInput {
  private let dataset: Dataset
  private let table: UnsafeMutableBufferPointer<Float>

  /// Prepares a data set.
  package init(_ dataset: Dataset) {
    self.dataset = dataset
    table = .allocate(capacity: dataset.byteValues.count)
    _ = table.initialize(from: dataset.byteValues)
  }

  deinit { table.deallocate() }

  /// What the network trains on.
  package var train: Examples { examples(dataset.train) }
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

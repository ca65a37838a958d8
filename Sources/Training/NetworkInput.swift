import Architectures
import Datasets
import NeuralNetwork

/// A data set as a network reads it: the table of what bytes stand for, one for each channel of the network's input.
///
/// The views that it gives hold as long as it lives.
public final class NetworkInput {
  private let dataset: Dataset
  private let table: UnsafeMutablePointer<Float>

  /// Prepares a data set for a network that takes examples of this shape.
  ///
  /// - Parameter shape: the data set's own shape, or as many values in another shape.
  public init(_ dataset: Dataset, shape: Shape) {
    self.dataset = dataset
    let values = 256
    let own = dataset.byteValues.count / values
    let channels = shape.dimensions[0]
    // A sequence made of rows counts `(column, channel)` as its channels; a vector has no channels of its own.
    table = .allocate(capacity: channels * values)
    for channel in 0..<channels {
      for value in 0..<values { table[channel * values + value] = dataset.byteValues[channel % own * values + value] }
    }
  }

  deinit { table.deallocate() }

  /// What the network trains on.
  public var train: Examples { examples(dataset.train) }
  /// What one chooses by; may be empty.
  public var validation: Examples { examples(dataset.validation) }
  /// What it is judged by.
  public var test: Examples { examples(dataset.test) }

  private func examples(_ set: ExampleSet) -> Examples {
    let pixels: Examples.Pixels =
      switch set.pixels {
      case .bytes(let bytes): .bytes(bytes, table: UnsafePointer(table))
      case .floats(let floats): .floats(floats)
      }
    return Examples(pixels: pixels, shape: set.shape, labels: set.labels, count: set.count)
  }
}

import Datasets
import Experiments
import NeuralNetwork
import Pictures
import Presentation
import Training

/// Training examples of a grid's configuration as its network sees them: augmented, by the draws of its first seed.
package struct AugmentedSamples {
  /// The data set that they are of.
  package let dataset: Dataset
  private let configuration: Configuration
  private let seed: UInt64

  /// Reads the data.
  ///
  /// - Throws: ``UsageError`` where nothing is augmented.
  package init(_ choice: ModelChoice) throws {
    guard choice.configuration.dataset.changesBatches else {
      throw UsageError(
        "--augmented: \(choice.label) has no dataset.augment and no dataset.mix; leave --augmented out, or choose another configuration with "
          + "--label")
    }
    dataset = try choice.library.loadSplit(choice.configuration.dataset)
    (configuration, seed) = (choice.configuration, choice.seed)
  }

  /// The first examples of each class in the first epoch, one row per class. The first batch is that of the trial, number
  /// by number; later ones are too where the network draws nothing while it trains.
  package func sheet(columns: Int) throws -> PictureSheet {
    let size = configuration.training.largestBatch(examples: dataset.train.count)
    guard let batch = AugmentedBatch(of: dataset, batchSize: size) else {
      preconditionFailure("a configuration that changes no batch was refused")
    }
    let generator = Generator(seed: seed)
    try Network(of: configuration, dataset: dataset.description).initialize(with: generator)
    let order = try ExampleSampling(configuration.dataset, of: dataset).epochOrder(generator)
    let classes = dataset.description.classes
    let wanted = dataset.train.counts(classes: classes.count).map { min($0, columns) }
    var rows = [[PictureSheet.Cell]](repeating: [], count: classes.count)
    var position = 0
    while position < order.count, zip(rows, wanted).contains(where: { $0.count < $1 }) {
      let indices = Array(order[position..<min(position + size, order.count)])
      indices.withUnsafeBufferPointer { batch.fetch($0, generator) }
      for place in indices.indices where rows[Int(batch.labels[place])].count < columns {
        let values = UnsafeBufferPointer(
          start: batch.pixels + place * batch.shape.count, count: batch.shape.count)
        rows[Int(batch.labels[place])].append(.init(picture(of: Array(values))))
      }
      position += size
    }
    return PictureSheet(
      title: "\(dataset.description.name): augmented training examples of \(batch.shape)",
      rows: zip(classes, rows).map { PictureSheet.Row(label: $0, cells: $1) })
  }

  /// The picture of values that were normalised: 0 is black, 1 is white.
  private func picture(of values: [Float]) -> Picture {
    let shape = dataset.description.shape
    let plane = shape.count / shape.dimensions[0]
    func value(_ list: [Double]?, _ channel: Int, _ none: Double) -> Float {
      guard let list else { return Float(none) }
      return Float(list[list.count == 1 ? 0 : channel])
    }
    let normalize = configuration.dataset.normalize
    let bytes = values.enumerated().map { index, number in
      let channel = index / plane
      let pixel = number * value(normalize?.std, channel, 1) + value(normalize?.mean, channel, 0)
      return UInt8((min(max(pixel, 0), 1) * 255).rounded())
    }
    return Picture(dimensions: shape.dimensions, bytes: bytes)
  }
}

import Architectures

@testable import NeuralNetwork

/// The images that `traces.py` makes up: sparse noise with two bright rows that say the class.
final class MadeUpImages {
  let shape: Shape
  let count: Int
  private(set) var pixels: [UInt8]
  private(set) var labels: [UInt8]
  private let table: [Float]

  init(shape sizes: [Int], count: Int, classes: Int = 10) {
    (shape, self.count) = (Shape(sizes), count)
    let generator = Generator(seed: 77)
    pixels = (0..<count * shape.count).map { _ in
      let pixel = UInt8(generator.uniform() * 256)
      return pixel < 180 ? 0 : pixel
    }
    labels = (0..<count).map { UInt8(($0 * 7 + 3) % classes) }
    let (rows, columns) = (sizes[sizes.count - 2], sizes[sizes.count - 1])
    let channels = shape.count / rows / columns
    for example in 0..<count {
      for channel in 0..<channels {
        for row in [Int(labels[example]), Int(labels[example]) + 1] {
          let start = ((example * channels + channel) * rows + row % rows) * columns
          for position in start..<start + columns { pixels[position] = 255 - pixels[position] / 2 }
        }
      }
    }
    table = (0..<channels * 256).map { Float($0 % 256) / 255 }
  }

  /// Hands the images to `body` as examples.
  func with<T>(_ body: (Examples) throws -> T) rethrows -> T {
    try pixels.withUnsafeBufferPointer { pixels in
      try labels.withUnsafeBufferPointer { labels in
        try table.withUnsafeBufferPointer { table in
          guard let bytes = pixels.baseAddress, let values = table.baseAddress else {
            preconditionFailure("there are images")
          }
          return try body(
            Examples(
              pixels: .bytes(bytes, table: values, channels: table.count / 256), shape: shape,
              labels: labels.baseAddress, count: count))
        }
      }
    }
  }

  /// Trains over shuffled epochs, as a DataLoader gives them; returns each batch's loss.
  func train(_ network: Network, iterations: Int, generator: Generator) -> [Float] {
    with { examples in
      var losses: [Float] = []
      while losses.count < iterations {
        let order = generator.epochOrder(count: count, shuffle: true)
        for start in stride(from: 0, to: count, by: network.batchSize) where losses.count < iterations {
          let batch = order[start..<min(start + network.batchSize, count)]
          losses.append(
            batch.withUnsafeBufferPointer { network.trainStep(examples, indices: $0, generator: generator) })
        }
      }
      return losses
    }
  }
}

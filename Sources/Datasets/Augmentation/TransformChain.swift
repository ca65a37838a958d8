import Architectures

/// Transforms that are applied to images of one shape, one after another.
final class TransformChain {
  private let transforms: [any PixelTransform]
  private let image: WorkImage
  private let input: ImageShape
  /// The value of each byte, as ToTensor has it.
  private let byteValues = (0..<256).map { Float($0) / 255 }

  /// - Parameter shape: of the images, whose transforms were checked with it.
  init(_ transforms: [Transform], shape: Shape) {
    self.transforms = transforms.map {
      guard let transform = $0.kind as? any PixelTransform else { preconditionFailure("\($0.name) has no pixels") }
      return transform
    }
    guard let input = try? ImageShape(shape, rank: .two) else { preconditionFailure("\(shape) is not an image") }
    var (steps, last) = ([input], input)
    for transform in self.transforms {
      steps += transform.steps(of: last)
      guard let output = try? transform.output(of: last) else { preconditionFailure("\(transform) of \(last)") }
      last = output
      steps.append(output)
    }
    let capacity = steps.map { $0.channels * $0.height * $0.width }.max() ?? 0
    (self.input, image) = (input, WorkImage(input, capacity: capacity))
  }

  /// What becomes of an example.
  ///
  /// - Returns: its values in the order `[C, H, W]`, until the next call.
  func apply(
    to examples: ExampleSet, at index: Int, _ draws: any TransformDraws
  ) -> UnsafePointer<Float> {
    let count = examples.shape.count
    image.begin(input)
    switch examples.pixels {
    case .floats(let start): image.values.update(from: start + index * count, count: count)
    case .bytes(let start):
      let (bytes, values) = (start + index * count, image.values)
      byteValues.withUnsafeBufferPointer { table in
        for place in 0..<count { values[place] = table[Int(bytes[place])] }
      }
    }
    for transform in transforms { transform.apply(to: image, draws) }
    return UnsafePointer(image.values)
  }
}

extension ExampleSet {
  /// The set after transforms that draw nothing, as floats; the set itself where there are none.
  func transformed(by transforms: [Transform]) -> ExampleSet {
    guard !transforms.isEmpty, let output = try? transforms.output(of: shape, key: "") else { return self }
    let (chain, draws) = (TransformChain(transforms, shape: shape), NoDraws())
    var values: [Float] = []
    values.reserveCapacity(count * output.count)
    for index in 0..<count {
      values.append(
        contentsOf: UnsafeBufferPointer(start: chain.apply(to: self, at: index, draws), count: output.count))
    }
    return ExampleSet(shape: output, floats: values, labels: Array(labelBytes))
  }
}

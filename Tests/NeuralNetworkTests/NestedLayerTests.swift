import Architectures
import Testing

@testable import NeuralNetwork

/// Layers that are made of layers, where a chain of plain ones has nothing like it.
@Suite struct NestedLayerTests {
  private struct Sums: Decodable {
    struct Case: Decodable {
      let layers: [FixtureLayer]
      let input: [Int32]
      let direction: [Int32]
      let gradient: [Int32]
    }
    let cases: [Case]
  }

  @Test func gradientsAreAddedInAutogradsOrder() throws {
    func floats(_ bits: [Int32]) -> [Float] { bits.map { Float(bitPattern: UInt32(bitPattern: $0)) } }
    let cases = try (Fixtures.json("gradient_sums.json") as Sums).cases
    #expect(cases.count == 10)
    for (index, entry) in cases.enumerated() {
      let network = try Network(Architecture(input: Shape(3, 2, 2), layers: entry.layers.map(\.layer)), batchSize: 2)
      let found = network.differentiate(
        floats(entry.input), count: 2, direction: floats(entry.direction), generator: Generator(seed: 1))
      #expect(found.gradInput.map { Int32(bitPattern: $0.bitPattern) } == entry.gradient, "case \(index)")
    }
  }

  /// A convolution, a residual whose paths want other borders, one in another, and branches.
  static let layers: [Layer] = {
    func convolution(_ channels: Int, _ size: Int, _ mode: PaddingMode = .zeros) -> Layer {
      Layer(
        Convolution(
          outChannels: channels, kernelSize: Extent(size), padding: .explicit(Extent(size / 2)), paddingMode: mode))
    }
    let relu = Layer(Activation.relu)
    return [
      convolution(4, 3), relu,
      Layer(
        Residual(
          [convolution(4, 5), Layer(BatchNorm()), relu, Layer(Dropout(probability: 0.2)), convolution(4, 3, .reflect)],
          shortcut: [convolution(4, 3, .circular)]),
        name: "block"),
      Layer(
        Concat([
          [
            Layer(
              Residual([Layer(Residual([convolution(4, 3), Layer(BatchNorm())], shortcut: []), name: "inner"), relu]))
          ],
          [], [Layer(MaxPooling(kernelSize: Extent(3), stride: Extent(1), padding: Extent(1))), convolution(2, 1)],
        ])),
      Layer(Subsample(outChannels: 12)), Layer(Flatten()), Layer(Linear(outFeatures: 10)),
    ]
  }()
  private let images = MadeUpImages(shape: [1, 11, 9], count: 37)

  private func network(_ layers: [Layer] = layers, threads: Int = 1) throws -> Network {
    try Network(
      Architecture(input: Shape(1, 11, 9), layers: layers), batchSize: 8, evaluationBatchSize: 5, loss: .crossEntropy,
      target: .classes(10), optimizer: .sgd(.init(learningRate: 0.05, momentum: 0.9)), threads: threads)
  }

  /// A path that ends with a reshaping gives its values where they belong, although nothing moves them: its softmax knows
  /// them as 12 channels of one pixel, what is joined as one channel of 12 pixels.
  @Test func aPathThatEndsReshapedIsJoinedByItsOwnShape() throws {
    let path = [Layer(Flatten()), Layer(LogSoftmax()), Layer(Unflatten(Shape(1, 3, 4)))]
    let (input, direction) = (Self.values(24, by: 7), Self.values(48, by: 5))
    func differentiate(_ layers: [Layer], _ direction: [Float]) throws -> (output: [Float], gradInput: [Float]) {
      let network = try Network(Architecture(input: Shape(1, 3, 4), layers: layers), batchSize: 2)
      let found = network.differentiate(input, count: 2, direction: direction, generator: Generator(seed: 1))
      return (found.output, found.gradInput)
    }
    // Of each example, what goes to the first of the two channels and what goes to the second.
    func half(_ values: [Float], _ place: Int) -> [Float] {
      (0..<2).flatMap { values[($0 * 24 + place * 12)...].prefix(12) }
    }
    let plain = try (0..<2).map { try differentiate(path, half(direction, $0)) }
    let joined = try differentiate([Layer(Concat([path, path]))], direction)
    #expect((0..<2).map { half(joined.output, $0) } == plain.map(\.output))
    #expect(Self.distance(joined.gradInput, zip(plain[0].gradInput, plain[1].gradInput).map { $0 + $1 }) < 1e-6)
    let sum = try differentiate([Layer(Residual(path, shortcut: []))], half(direction, 0))
    #expect(Self.distance(sum.output, zip(plain[0].output, input).map { $0 + $1 }) < 1e-6)
    #expect(Self.distance(sum.gradInput, zip(plain[0].gradInput, half(direction, 0)).map { $0 + $1 }) < 1e-6)
  }

  private static func values(_ count: Int, by step: Int) -> [Float] {
    (0..<count).map { Float($0 * step % 11) / 8 - 0.5 }
  }

  private static func distance(_ values: [Float], _ others: [Float]) -> Float {
    zip(values, others).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test func tensorsHaveTheNamesOfTheModulesThatTheyLieIn() throws {
    #expect(
      try network().tensors.map(\.name).filter { !$0.hasSuffix("bias") && !$0.contains("ing_") && !$0.contains("num_") }
        == [
          "0.weight", "block.layers.0.weight", "block.layers.1.weight", "block.layers.4.weight",
          "block.shortcut.0.weight", "3.branches.0.0.layers.inner.layers.0.weight",
          "3.branches.0.0.layers.inner.layers.1.weight", "3.branches.2.1.weight", "6.weight",
        ])
  }

  /// Evaluation uses the memory of training, borders and all.
  @Test func anEvaluationBetweenTwoStepsChangesNoBit() throws {
    func trained(evaluates: Bool) throws -> [Float] {
      let network = try network()
      let generator = Generator(seed: 3)
      network.initialize(with: generator)
      var losses: [Float] = []
      for _ in 0..<6 {
        losses += images.train(network, iterations: 1, generator: generator)
        if evaluates { _ = images.with { network.evaluate($0, range: 0..<images.count) } }
      }
      return losses + network.tensors.flatMap(\.values)
    }
    #expect(try trained(evaluates: true) == trained(evaluates: false))
  }

  @Test func aSnapshotGoesOnWithTheSameBits() throws {
    let (whole, cut) = (try network(), try network())
    let (first, second) = (Generator(seed: 5), Generator(seed: 5))
    whole.initialize(with: first)
    cut.initialize(with: second)
    _ = images.train(whole, iterations: 3, generator: first)
    _ = images.train(cut, iterations: 3, generator: second)
    let taken = try network()
    try taken.restore(cut.snapshot())
    #expect(
      images.train(taken, iterations: 4, generator: second) == images.train(whole, iterations: 4, generator: first))
    #expect(taken.tensors == whole.tensors)
  }

  @Test func everyPartOfAStepHasATitle() throws {
    let titles = try network().moduleTitles
    #expect(
      titles == [
        "conv1 + relu1", "conv2", "batch_norm1 + relu2", "dropout1", "conv3", "conv4", "residual1", "conv5",
        "batch_norm2", "residual2", "relu3", "residual3", "max_pool1", "conv6", "concat1", "subsample1", "linear1",
      ])
  }

  @Test func aFrozenPathLearnsNothingAndPassesGradientsOn() throws {
    var layers = Self.layers
    layers[2].trainable = false
    let network = try network(layers)
    let generator = Generator(seed: 3)
    network.initialize(with: generator)
    let before = network.tensors
    _ = images.train(network, iterations: 2, generator: generator)
    for (old, new) in zip(before, network.tensors) where !new.name.contains("ing_") && !new.name.contains("num_") {
      #expect((old.values == new.values) == new.name.hasPrefix("block."), "\(new.name)")
    }
  }

  @Test func aWholeFrozenNetworkBelowIsNotDifferentiated() throws {
    var layers = Self.layers
    for index in 0..<5 { layers[index].trainable = false }
    let network = try network(layers)
    #expect(network.chain.lowestTrainable == network.chain.modules.count - 1)
  }
}

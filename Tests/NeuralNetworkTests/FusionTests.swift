import Architectures
import Testing

@testable import NeuralNetwork

/// Chains whose layers become one module, or whose batch is cut into parts, compute what they say.
@Suite struct FusionTests {
  struct Chain: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: Shape
    let layers: [Layer]
    /// Modules that are left.
    let modules: Int
  }

  static let chains: [Chain] = {
    func convolution(_ channels: Int, _ kernel: Extent, stride: Int = 1, padding: Int = 0, dilation: Int = 1) -> Layer {
      Layer(
        Convolution(
          outChannels: channels, kernelSize: kernel, stride: Extent(stride), padding: .explicit(Extent(padding)),
          dilation: Extent(dilation)))
    }
    let relu = Layer(Activation.relu)
    let maximum = Layer(MaxPooling(kernelSize: Extent(2)))
    let average = Layer(AveragePooling(kernelSize: Extent(2)))
    let flatten = Layer(Flatten())
    let linear = Layer(Linear(outFeatures: 10))
    let (gray, color) = (Shape(1, 14, 14), Shape(3, 13, 11))
    return [
      Chain(
        testDescription: "max pooling", input: gray,
        layers: [
          convolution(16, Extent(5), padding: 2), relu, maximum, convolution(20, Extent(5), padding: 2), relu, maximum,
          flatten, linear,
        ], modules: 3),
      Chain(
        testDescription: "average pooling", input: gray,
        layers: [
          convolution(8, Extent(5), padding: 2), relu, average, convolution(12, Extent(3)), relu, average, flatten,
          linear,
        ], modules: 3),
      Chain(
        testDescription: "no pooling", input: color,
        layers: [convolution(10, Extent(3)), relu, convolution(5, Extent(3, 2)), relu, flatten, linear], modules: 3),
      Chain(
        testDescription: "pooling without ReLU, then another function", input: color,
        layers: [convolution(6, Extent(3)), maximum, Layer(Activation.tanh), flatten, linear], modules: 3),
      Chain(
        testDescription: "strides and windows of three", input: color,
        layers: [
          convolution(7, Extent(3), stride: 2, padding: 1), relu, convolution(9, Extent(2), padding: 1), relu,
          Layer(MaxPooling(kernelSize: Extent(3))), flatten, linear,
        ], modules: 3),
      Chain(
        testDescription: "what has no kernel of its own", input: color,
        layers: [
          convolution(4, Extent(3), dilation: 2), relu, maximum, convolution(4, Extent(2)), relu,
          Layer(MaxPooling(kernelSize: Extent(2), stride: Extent(1))), flatten, linear,
        ], modules: 6),
      Chain(
        testDescription: "layers made of layers", input: color,
        layers: [
          convolution(6, Extent(3), padding: 1), relu,
          Layer(
            Residual(
              [
                convolution(8, Extent(3), padding: 1), relu, convolution(6, Extent(5), padding: 2), relu,
                Layer(
                  Concat([
                    [], [convolution(3, Extent(3), padding: 1), relu, maximum, Layer(Upsample(size: [13, 11]))],
                  ])),
                convolution(6, Extent(1)),
              ])),
          relu,
          Layer(
            Residual(
              [convolution(8, Extent(3), stride: 2, padding: 1), relu],
              shortcut: [Layer(Subsample(outChannels: 8))])),
          Layer(Activation.tanh), flatten, linear,
        ], modules: 6),
      Chain(
        testDescription: "a perceptron", input: gray,
        layers: [flatten, Layer(Linear(outFeatures: 70)), relu, linear], modules: 3),
    ] + normalised + reshaped
  }()

  /// A convolution that keeps the image's size.
  private static func convolution(_ channels: Int) -> Layer {
    Layer(Convolution(outChannels: channels, kernelSize: Extent(3), padding: .same))
  }

  /// Chains in which nothing is joined: the ReLU sees other rows and pixels than what is before it.
  static let reshaped: [Chain] = {
    let (relu, flatten) = (Layer(Activation.relu), Layer(Flatten()))
    let linear = Layer(Linear(outFeatures: 10))
    let color = Shape(3, 9, 11)
    return [
      Chain(
        testDescription: "vectors that a ReLU sees as an image with a border", input: Shape(1, 12, 12),
        layers: [
          flatten, Layer(Linear(outFeatures: 144)), Layer(BatchNorm(rank: .one)), Layer(Unflatten(Shape(1, 12, 12))),
          relu, convolution(4), flatten, linear,
        ], modules: 5),
      Chain(
        testDescription: "images of one channel that a ReLU sees as pixels with a border", input: color,
        layers: [
          convolution(1), Layer(BatchNorm()), flatten, Layer(Unflatten(Shape(99, 1, 1))), relu, convolution(1), flatten,
          Layer(Linear(outFeatures: 24)), Layer(Unflatten(Shape(1, 4, 6))), relu, convolution(2), flatten, linear,
        ], modules: 8),
      Chain(
        testDescription: "a convolution's channel that a ReLU sees as pixels with a border", input: color,
        layers: [
          convolution(1), flatten, Layer(Unflatten(Shape(99, 1, 1))), relu, convolution(3), flatten, linear,
        ], modules: 4),
    ]
  }()

  /// Chains in which nothing but batch normalisations is joined with what follows.
  static let normalised: [Chain] = {
    let (relu, norm, vectorNorm) = (Layer(Activation.relu), Layer(BatchNorm()), Layer(BatchNorm(rank: .one)))
    let maximum = Layer(MaxPooling(kernelSize: Extent(2)))
    let flatten = Layer(Flatten())
    let linear = Layer(Linear(outFeatures: 10))
    var frozen = Layer(BatchNorm())
    frozen.trainable = false
    let color = Shape(3, 9, 11)
    return [
      Chain(
        testDescription: "batch normalisation of images and of vectors", input: color,
        layers: [
          convolution(10), norm, relu, convolution(5), norm, relu, maximum, flatten, Layer(Linear(outFeatures: 21)),
          vectorNorm, relu, linear,
        ], modules: 8),
      Chain(
        testDescription: "batch normalisation of the input, of rows, and without what is learnt or kept", input: color,
        layers: [
          norm, relu, convolution(17), Layer(BatchNorm(affine: false)), relu, convolution(8),
          Layer(BatchNorm(trackRunningStats: false)), relu, flatten, Layer(Unflatten(Shape(8, 99))), vectorNorm,
          flatten, relu, linear,
        ], modules: 8),
      Chain(
        testDescription: "batch normalisation with another function behind it", input: color,
        layers: [
          convolution(6), norm, Layer(Activation.leakyReLU(negativeSlope: 0.1)), norm, Layer(Activation.tanh), relu,
          frozen, relu, relu, flatten, linear,
        ], modules: 9),
      Chain(
        testDescription: "batch normalisation in layers made of layers", input: color,
        layers: [
          frozen, relu, convolution(8), norm, relu,
          Layer(Residual([convolution(8), norm, relu, convolution(8), norm])), relu,
          Layer(Concat([[norm, relu, convolution(4)], [], [convolution(3), frozen, relu]])), norm, relu, flatten,
          linear,
        ], modules: 8),
    ]
  }()

  /// A ReLU in the passes of a batch normalisation is the ReLU behind it: in training, in evaluation, with dropout too.
  @Test(arguments: normalised)
  func aReLUJoinedWithABatchNormalisationChangesNoBit(_ chain: Chain) throws {
    var layers = chain.layers
    layers.insert(Layer(Dropout(probability: 0.2)), at: layers.count - 1)
    func bits(fuses: Bool) throws -> [[UInt32]] {
      let images = MadeUpImages(shape: chain.input.dimensions, count: 60)
      let network = try Network(
        Architecture(input: chain.input, layers: layers), batchSize: 16, loss: .crossEntropy, target: .classes(10),
        optimizer: .sgd(.init(learningRate: 0.05, momentum: 0.9)), fuses: fuses)
      #expect(network.chain.isFused == fuses)
      let generator = Generator(seed: 5)
      network.initialize(with: generator)
      let losses = images.train(network, iterations: 6, generator: generator)
      let outputs = images.with { network.outputs($0, range: 0..<60) }
      return [losses, outputs, network.tensors.flatMap(\.values)].map { $0.map(\.bitPattern) }
    }
    #expect(try bits(fuses: true) == bits(fuses: false))
  }

  @Test(arguments: chains)
  func aFusedChainComputesWhatItsLayersDo(_ chain: Chain) throws {
    let count = 40
    let architecture = Architecture(input: chain.input, layers: chain.layers)
    func network(fuses: Bool) throws -> Network {
      let network = try Network(
        architecture, batchSize: count, loss: .crossEntropy, target: .classes(10), optimizer: .sgd(.init()),
        fuses: fuses)
      network.initialize(with: Generator(seed: 3))
      return network
    }
    let (fused, plain) = (try network(fuses: true), try network(fuses: false))
    #expect(fused.chain.modules.count == chain.modules)
    let generator = Generator(seed: 4)
    let input = (0..<count * chain.input.count).map { _ in generator.uniform(from: -1, to: 1) }
    let direction = (0..<count * 10).map { _ in generator.uniform(from: -1, to: 1) }
    let found = fused.differentiate(input, count: count, direction: direction, generator: generator)
    let expected = plain.differentiate(input, count: count, direction: direction, generator: generator)
    #expect(distance(found.output, expected.output) < 1e-5)
    #expect(distance(found.gradInput, expected.gradInput) < 1e-5)
    #expect(found.gradients.keys.sorted() == expected.gradients.keys.sorted())
    for (name, gradient) in found.gradients {
      #expect(distance(gradient, expected.gradients[name] ?? []) < 1e-5, "\(name)")
    }
  }

  @Test func theModulesOfAChainTellTheirPlans() throws {
    let chain = Self.chains[0]
    let network = try Network(
      Architecture(input: chain.input, layers: chain.layers), batchSize: 1, loss: .crossEntropy, target: .classes(10),
      optimizer: .sgd(.init()))
    #expect(network.moduleTitles.count == network.modulePlans.count)
    #expect(
      network.modulePlans == [
        "direct with ReLU and max pooling; gradients sparse; skips zero columns",
        "Winograd with ReLU and max pooling; gradients sparse", nil,
      ])
  }

  @Test(arguments: chains)
  func everyLayerOfAFusedChainShowsItsOutput(_ chain: Chain) throws {
    let network = try Network(
      Architecture(input: chain.input, layers: chain.layers), batchSize: 8, loss: .crossEntropy,
      target: .classes(10), optimizer: .sgd(.init()))
    network.initialize(with: Generator(seed: 3))
    MadeUpImages(shape: chain.input.dimensions, count: 8).with { examples in
      let shown = network.activations(examples, index: 5)
      #expect(shown.map(\.shape) == network.layers.map(\.output))
      for (values, layer) in zip(shown.map(\.values), network.layers) { #expect(values.count == layer.output.count) }
      #expect(distance(shown.last?.values ?? [], network.outputs(examples, range: 5..<6)) < 1e-5)
    }
  }

  @Test(arguments: chains)
  func anyNumberOfThreadsGivesTheSameBits(_ chain: Chain) throws {
    func run(threads: Int) throws -> ([Float], [[Float]]) {
      let images = MadeUpImages(shape: chain.input.dimensions, count: 100)
      let network = try Network(
        Architecture(input: chain.input, layers: chain.layers), batchSize: 40, loss: .crossEntropy,
        target: .classes(10), optimizer: .adam(.init()), threads: threads)
      let generator = Generator(seed: 2)
      network.initialize(with: generator)
      // Three batches an epoch, the last one smaller.
      return (images.train(network, iterations: 7, generator: generator), network.tensors.map(\.values))
    }
    let alone = try run(threads: 1)
    for threads in [2, 3, 7] {
      let together = try run(threads: threads)
      #expect(together.0 == alone.0)
      #expect(together.1 == alone.1)
    }
  }

  @Test(arguments: chains, [Float.infinity, .nan])
  func divergenceIsSeen(_ chain: Chain, _ value: Float) throws {
    let images = MadeUpImages(shape: chain.input.dimensions, count: 40)
    let network = try Network(
      Architecture(input: chain.input, layers: chain.layers), batchSize: 40, loss: .crossEntropy,
      target: .classes(10), optimizer: .sgd(.init(learningRate: 0.1)))
    for name in network.tensors.map(\.name) where name.hasSuffix("weight") {
      network.initialize(with: Generator(seed: 1))
      let spoilt = network.tensors.map { tensor in
        var tensor = tensor
        if tensor.name == name { tensor.values[0] = value }
        return tensor
      }
      try network.load(spoilt)
      let losses = images.train(network, iterations: 1, generator: Generator(seed: 1))
      #expect(!losses[0].isFinite, "\(name)")
    }
  }

  /// The largest difference, relative to the largest value.
  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    let scale = max(1e-3, b.reduce(0) { max($0, abs($1)) })
    return zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1) / scale) }
  }
}

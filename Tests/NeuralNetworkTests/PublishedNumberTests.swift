import Architectures
import Foundation
import Testing

@testable import NeuralNetwork

/// Numbers that tutorials print, so that a reader of theirs finds them here.
@Suite struct PublishedNumberTests {
  private func outputs(_ layers: [Layer], _ shape: Shape, _ input: [Float], _ weights: [[Float]]) throws -> [Float] {
    let network = try Network(Architecture(input: shape, layers: layers), batchSize: 1)
    for (slot, values) in zip(network.slots, weights) { network.fill(slot) { values[$0] } }
    return network.differentiate(
      input, count: 1, direction: [Float](repeating: 0, count: network.layers.last?.output.count ?? 0),
      generator: Generator(seed: 0)
    ).output
  }

  /// `torch.manual_seed(1)`, `torch.randn(1, 1, 2)`, `nn.Conv1d(1, 1, 2, …)`.
  @Test(
    arguments: [
      (1, 0, [-0.4725]), (2, 0, [-0.4725]), (1, 1, [0.1350, -0.4725, -0.3232]), (2, 1, [0.1350, -0.3232]),
    ] as [(Int, Int, [Float])])
  func conv1dAfterManualSeedOne(stride: Int, padding: Int, expected: [Float]) throws {
    let generator = Generator(seed: 1)
    let input = generator.normal(2)
    #expect(distance(input, [0.6614, 0.2669]) < 1e-4)
    let layer = Layer(
      Convolution(
        rank: .one, outChannels: 1, kernelSize: Extent(1, 2), stride: Extent(1, stride),
        padding: .explicit(Extent(0, padding))))
    let network = try Network(Architecture(input: Shape(1, 2), layers: [layer]), batchSize: 1)
    network.initialize(with: generator)
    #expect(distance(network.tensors[0].values, [-0.6657, 0.4241]) < 1e-4)
    #expect(distance(network.tensors[1].values, [-0.1455]) < 1e-4)
    let result = network.differentiate(
      input, count: 1, direction: expected.map { _ in 0 }, generator: generator)
    #expect(distance(result.output, expected) < 1e-4)
  }

  @Test func anEdgeKernelFindsTheEdgeOfAGrid() throws {
    let grid: [Float] = [
      0, 0, 0, 0, 0,
      0, 1, 1, 1, 0,
      0, 1, 1, 1, 0,
      0, 1, 1, 1, 0,
      0, 0, 0, 0, 0,
    ]
    let layer = Layer(Convolution(outChannels: 1, kernelSize: Extent(3), bias: false))
    let top: [Float] = [-1, -1, -1, 1, 1, 1, 0, 0, 0]
    let right: [Float] = [0, 1, -1, 0, 1, -1, 0, 1, -1]
    #expect(try outputs([layer], Shape(1, 5, 5), grid, [top]) == [2, 3, 2, 0, 0, 0, 0, 0, 0])
    #expect(try outputs([layer], Shape(1, 5, 5), grid, [right]) == [0, 0, 2, 0, 0, 3, 0, 0, 2])
  }

  /// Dumoulin & Visin 2016, and the sizes of the tutorials' networks.
  @Test(arguments: [
    (4, 3, 1, 0, 1, 2), (5, 4, 1, 2, 1, 6), (5, 3, 1, 1, 1, 5), (5, 3, 1, 2, 1, 7), (5, 3, 2, 1, 1, 3),
    (6, 3, 2, 1, 1, 3), (7, 3, 1, 0, 2, 3), (28, 5, 1, 2, 1, 28), (32, 5, 1, 0, 1, 28),
  ])
  func convolutionArithmetic(input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, output: Int) throws {
    let layer = Layer(
      Convolution(
        outChannels: 1, kernelSize: Extent(kernel), stride: Extent(stride), padding: .explicit(Extent(padding)),
        dilation: Extent(dilation)))
    let resolved = try Architecture(input: Shape(1, input, input), layers: [layer]).resolved()
    #expect(resolved[0].output == Shape(1, output, output))
  }

  @Test(arguments: [(2, 3, 1, 0, 0, 4), (2, 3, 2, 0, 0, 5), (3, 3, 2, 1, 0, 5), (3, 3, 2, 1, 1, 6)])
  func transposedConvolutionArithmetic(
    input: Int, kernel: Int, stride: Int, padding: Int, outputPadding: Int, output: Int
  ) throws {
    let layer = Layer(
      TransposedConvolution(
        outChannels: 1, kernelSize: Extent(kernel), stride: Extent(stride), padding: Extent(padding),
        outputPadding: Extent(outputPadding)))
    let resolved = try Architecture(input: Shape(1, input, input), layers: [layer]).resolved()
    #expect(resolved[0].output == Shape(1, output, output))
  }

  @Test(arguments: [(32, 400), (64, 2704)])
  func imagesThroughTheCIFARNetwork(side: Int, flat: Int) throws {
    let pool = Layer(MaxPooling(kernelSize: Extent(2)))
    let chain = Architecture(
      input: Shape(3, side, side),
      layers: [
        Layer(Convolution(outChannels: 6, kernelSize: Extent(5))), Layer(Activation.relu), pool,
        Layer(Convolution(outChannels: 16, kernelSize: Extent(5))), Layer(Activation.relu), pool,
        Layer(Flatten()),
      ])
    #expect(try chain.resolved().last?.output == Shape(flat))
  }

  @Test func aConvolutionIsTheProductWithItsToeplitzMatrix() throws {
    let layer = Layer(Convolution(outChannels: 1, kernelSize: Extent(3), bias: false))
    let generator = Generator(seed: 8)
    let (image, kernel) = (generator.normal(16), generator.normal(9))
    let product = (0..<4).map { output -> Float in
      let (y, x) = (output / 2, output % 2)
      var row = [Float](repeating: 0, count: 16)
      for k in 0..<9 { row[(y + k / 3) * 4 + x + k % 3] = kernel[k] }
      return zip(row, image).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(distance(try outputs([layer], Shape(1, 4, 4), image, [kernel]), product) < 1e-6)
  }

  @Test(arguments: UInt64(1)...20)
  func aTransposedConvolutionIsAConvolutionsAdjoint(seed: UInt64) throws {
    let random = RandomLayers(seed: seed)
    let (stride, padding, dilation) = (random.number(1...3), random.number(0...1), random.number(1...2))
    let (kernel, channels, side) = (random.number(2...3), random.number(1...3), random.number(2...4))
    let forward = Layer(
      TransposedConvolution(
        outChannels: 2, kernelSize: Extent(kernel), stride: Extent(stride), padding: Extent(padding), bias: false,
        dilation: Extent(dilation)))
    let small = Shape(channels, side, side)
    let large = try #require(try? Architecture(input: small, layers: [forward]).resolved().last?.output)
    let back = Layer(
      Convolution(
        outChannels: channels, kernelSize: Extent(kernel), stride: Extent(stride),
        padding: .explicit(Extent(padding)), dilation: Extent(dilation), bias: false))
    let generator = Generator(seed: seed)
    let (x, y) = (generator.normal(small.count), generator.normal(large.count))
    let weights = [generator.normal(channels * 2 * kernel * kernel)]
    let (up, down) = (try outputs([forward], small, x, weights), try outputs([back], large, y, weights))
    func product(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    #expect(abs(product(up, y) - product(down, x)) < 1e-4)
  }
}

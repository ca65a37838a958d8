import Architectures
import Testing

@Suite struct ShapeInferenceTests {
  /// The convolution arithmetic of Dumoulin & Visin 2016: input and output sides of square images.
  @Test(arguments: [
    (4, Convolution(outChannels: 1, kernelSize: Extent(3)), 2),
    (5, Convolution(outChannels: 1, kernelSize: Extent(4), padding: .explicit(Extent(2))), 6),
    (5, Convolution(outChannels: 1, kernelSize: Extent(3), padding: .explicit(Extent(1))), 5),
    (5, Convolution(outChannels: 1, kernelSize: Extent(3), padding: .explicit(Extent(2))), 7),
    (5, Convolution(outChannels: 1, kernelSize: Extent(3), stride: Extent(2), padding: .explicit(Extent(1))), 3),
    (6, Convolution(outChannels: 1, kernelSize: Extent(3), stride: Extent(2), padding: .explicit(Extent(1))), 3),
    (7, Convolution(outChannels: 1, kernelSize: Extent(3), dilation: Extent(2)), 3),
    (8, Convolution(outChannels: 1, kernelSize: Extent(4), padding: .same), 8),
  ])
  func convolutionArithmetic(side: Int, convolution: Convolution, expected: Int) throws {
    #expect(try output(of: .convolution(convolution), from: Shape(1, side, side)) == Shape(1, expected, expected))
  }

  @Test(arguments: [
    (2, TransposedConvolution(outChannels: 1, kernelSize: Extent(3)), 4),
    (3, TransposedConvolution(outChannels: 1, kernelSize: Extent(3), stride: Extent(2), padding: Extent(1)), 5),
    (
      3,
      TransposedConvolution(
        outChannels: 1, kernelSize: Extent(3), stride: Extent(2), padding: Extent(1), outputPadding: Extent(1)), 6
    ),
    (5, TransposedConvolution(outChannels: 1, kernelSize: Extent(3), padding: Extent(1)), 5),
    (3, TransposedConvolution(outChannels: 1, kernelSize: Extent(3), dilation: Extent(2)), 7),
  ])
  func transposedConvolutionArithmetic(side: Int, convolution: TransposedConvolution, expected: Int) throws {
    let shape = try output(of: .transposedConvolution(convolution), from: Shape(1, side, side))
    #expect(shape == Shape(1, expected, expected))
  }

  /// Sizes that PyTorch 2.13 gives.
  @Test(arguments: [
    (28, MaxPooling(kernelSize: Extent(4), stride: Extent(2)), 13),
    (28, MaxPooling(kernelSize: Extent(2)), 14),
    (7, MaxPooling(kernelSize: Extent(2)), 3),
    (7, MaxPooling(kernelSize: Extent(2), ceilMode: true), 4),
    (7, MaxPooling(kernelSize: Extent(3), stride: Extent(2), padding: Extent(1)), 4),
    (5, MaxPooling(kernelSize: Extent(2), stride: Extent(3), padding: Extent(1), ceilMode: true), 2),
    (4, MaxPooling(kernelSize: Extent(2), stride: Extent(3), padding: Extent(1), ceilMode: true), 2),
    (9, MaxPooling(kernelSize: Extent(3), stride: Extent(1), dilation: Extent(2)), 5),
  ])
  func poolingArithmetic(side: Int, pooling: MaxPooling, expected: Int) throws {
    #expect(try output(of: .maxPooling(pooling), from: Shape(3, side, side)) == Shape(3, expected, expected))
  }

  @Test(arguments: [(32, 400), (64, 2704)])
  func theCIFARNetworkFlattensTo(side: Int, features: Int) throws {
    let convolution = { (channels: Int) in
      Layer(.convolution(Convolution(outChannels: channels, kernelSize: Extent(5))))
    }
    let pool = Layer(.maxPooling(MaxPooling(kernelSize: Extent(2))))
    let network = Architecture(
      input: Shape(3, side, side), layers: [convolution(6), pool, convolution(16), pool, Layer(.flatten)])
    #expect(try network.resolved().last?.output == Shape(features))
  }

  @Test func parametersComeInStateDictOrderWithPyTorchsShapes() throws {
    let network = Architecture(
      input: Shape(4, 8, 8),
      layers: [
        Layer(.convolution(Convolution(outChannels: 6, kernelSize: Extent(3, 5), groups: 2))),
        Layer(.batchNorm(BatchNorm())),
        Layer(.transposedConvolution(TransposedConvolution(outChannels: 8, kernelSize: Extent(2), groups: 2))),
        Layer(.flatten),
        Layer(.linear(Linear(outFeatures: 10)), name: "head"),
      ])
    let layers = try network.resolved()
    let parameters = layers.flatMap(\.parameters).map { "\($0.name) \($0.shape)" }
    #expect(
      parameters == [
        "0.weight [6, 2, 3, 5]", "0.bias [6]", "1.weight [6]", "1.bias [6]", "2.weight [6, 4, 2, 2]", "2.bias [8]",
        "head.weight [10, 280]", "head.bias [10]",
      ])
    #expect(layers[1].buffers.map(\.name) == ["1.running_mean", "1.running_var", "1.num_batches_tracked"])
    #expect(layers[0].multiplyAdds == 6 * 6 * 4 * 2 * 3 * 5)
  }

  @Test(arguments: [
    (
      Layer(.convolution(Convolution(outChannels: 1, kernelSize: Extent(5)))),
      "conv2: kernel 5 does not fit its 4 × 4 input"
    ),
    (
      Layer(.convolution(Convolution(outChannels: 1, kernelSize: Extent(2, 3), dilation: Extent(1, 3)))),
      "conv2: kernel 2 × 3 with dilation 1 × 3 does not fit its 4 × 4 input"
    ),
    (
      Layer(.convolution(Convolution(outChannels: 3, kernelSize: Extent(3), groups: 2))),
      "conv2: groups 2 must divide its 3 input and 3 output channels"
    ),
    (
      Layer(.convolution(Convolution(outChannels: 3, kernelSize: Extent(3), stride: Extent(2), padding: .same))),
      "conv2: padding \"same\" needs stride 1, its stride is 2"
    ),
    (
      Layer(.linear(Linear(outFeatures: 10))),
      "linear1: needs a flat input, its input is [3 × 4 × 4]; put a flatten layer before it"
    ),
    (
      Layer(.convolution(Convolution(rank: .one, outChannels: 1, kernelSize: Extent(1, 3)))),
      "conv2: needs a sequence [C, L], its input is [3 × 4 × 4]"
    ),
    (Layer(.maxPooling(MaxPooling(kernelSize: Extent(5)))), "max_pool1: window 5 does not fit its 4 × 4 input"),
    (
      Layer(.maxPooling(MaxPooling(kernelSize: Extent(2), padding: Extent(2)))),
      "max_pool1: padding 2 must be at most half of the kernel 2"
    ),
    (Layer(.unflatten(Shape(7, 7))), "unflatten1: 7 × 7 holds 49 values, its input has 48"),
  ])
  func saysWhichLayerDoesNotFitAndWhy(layer: Layer, message: String) {
    let first = Layer(.convolution(Convolution(outChannels: 3, kernelSize: Extent(3))))
    let fault = #expect(throws: ShapeFault.self) {
      try Architecture(input: Shape(1, 6, 6), layers: [first, layer]).resolved()
    }
    #expect(fault?.description == message)
  }

  private func output(of operation: Architectures.Operation, from input: Shape) throws -> Shape? {
    try Architecture(input: input, layers: [Layer(operation)]).resolved().last?.output
  }
}

import Testing

@testable import Architectures

@Suite struct ShapeInferenceTests {
  private static func conv(
    _ kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, out: Int = 1
  ) -> any LayerKind {
    Convolution(
      outChannels: out, kernelSize: Extent(kernel), stride: Extent(stride), padding: .explicit(Extent(padding)),
      dilation: Extent(dilation))
  }

  private static func transposed(_ kernel: Int, stride: Int = 1, padding: Int = 0, output: Int = 0) -> any LayerKind {
    TransposedConvolution(
      outChannels: 1, kernelSize: Extent(kernel), stride: Extent(stride), padding: Extent(padding),
      outputPadding: Extent(output))
  }

  private static func pool(_ kernel: Int, stride: Int? = nil, padding: Int = 0, ceil: Bool = false) -> any LayerKind {
    MaxPooling(
      kernelSize: Extent(kernel), stride: stride.map { Extent($0) }, padding: Extent(padding), ceilMode: ceil)
  }

  /// The table of Dumoulin & Visin 2016 (arXiv:1603.07285), then pooling as PyTorch computes it.
  @Test(arguments: [
    (4, conv(3), 2), (5, conv(4, padding: 2), 6), (5, conv(3, padding: 1), 5), (5, conv(3, padding: 2), 7),
    (5, conv(3, stride: 2), 2), (5, conv(3, stride: 2, padding: 1), 3), (6, conv(3, stride: 2, padding: 1), 3),
    (7, conv(3, dilation: 2), 3), (2, transposed(3), 4), (2, transposed(3, stride: 2), 5),
    (3, transposed(3, stride: 2, padding: 1), 5), (3, transposed(3, stride: 2, padding: 1, output: 1), 6),
    (28, pool(4, stride: 2), 13), (28, pool(2), 14), (7, pool(2), 3), (7, pool(2, ceil: true), 4),
    (5, pool(2, stride: 3, ceil: true), 2), (4, pool(3, stride: 3, padding: 1, ceil: true), 2),
    (3, pool(2, stride: 4, padding: 1, ceil: true), 1), (5, pool(3, stride: 1, padding: 1), 5),
  ])
  func sizes(_ input: Int, _ kind: any LayerKind, _ output: Int) throws {
    #expect(try kind.inferred(from: Shape(1, input, input)).output == Shape(1, output, output))
  }

  @Test func sameKeepsTheSizeForEvenKernelsToo() throws {
    for kernel in 1...7 {
      let layer = Convolution(outChannels: 2, kernelSize: Extent(kernel, 3), padding: .same, dilation: Extent(1, 2))
      #expect(try layer.inferred(from: Shape(1, 8, 9)).output == Shape(2, 8, 9))
    }
  }

  @Test(
    arguments: [
      (Self.conv(5), Shape(1, 4, 4), "kernel 5 does not fit its 4 × 4 input"),
      (Self.conv(5, padding: 1), Shape(1, 2, 3), "kernel 5 does not fit its 2 × 3 input (4 × 5 with its padding)"),
      (Self.conv(3, dilation: 4), Shape(1, 5, 5), "kernel 3 with dilation 4 does not fit its 5 × 5 input"),
      (Self.conv(3), Shape(7), "needs an image [C, H, W], its input is [7]"),
      (Self.pool(3), Shape(1, 2, 2), "window 3 does not fit its 2 × 2 input"),
      (Self.pool(3, padding: 2), Shape(1, 9, 9), "padding 2 must be at most half of the window 3"),
      (
        Self.transposed(3, output: 1), Shape(1, 2, 2),
        "output_padding 1 must be smaller than the stride or the dilation"
      ),
      (Self.transposed(1, padding: 1), Shape(1, 2, 2), "padding 1 leaves nothing of its 2 × 2 input's output"),
      (
        Linear(outFeatures: 2), Shape(1, 2),
        "needs a flat input, its input is [1 × 2]; put a flatten layer before it"
      ),
      (
        Unflatten(Shape(2, 2)), Shape(5),
        "unflattened_size 2 × 2 holds 4 values, the first dimension of its input [5] has 5"
      ),
      (
        Unflatten(Shape(2, 3, 4)), Shape(4, 3, 2),
        "unflattened_size 2 × 3 × 4 holds 24 values, the first dimension of its input [4 × 3 × 2] has 4; put a flatten layer before it"
      ),
      (
        Convolution(outChannels: 4, kernelSize: Extent(1), groups: 3), Shape(3, 2, 2),
        "groups 3 must divide its 3 input and 4 output channels"
      ),
      (
        Convolution(outChannels: 1, kernelSize: Extent(3), stride: Extent(2), padding: .same),
        Shape(1, 4, 4), "padding \"same\" needs stride 1, its stride is 2"
      ),
      (
        MaxPooling(rank: .one, kernelSize: Extent(1, 4)), Shape(2, 3), "window 4 does not fit its 3 input"
      ),
      (BatchNorm(), Shape(3), "needs an image [C, H, W], its input is [3]"),
      (
        Convolution(
          outChannels: 1, kernelSize: Extent(3), padding: .explicit(Extent(4)), paddingMode: .reflect),
        Shape(1, 4, 4),
        "padding_mode \"reflect\" needs less padding than its 4 × 4 input has rows and columns"
      ),
    ] as [(any LayerKind, Shape, String)])
  func refuses(_ kind: any LayerKind, _ input: Shape, _ message: String) {
    do {
      _ = try kind.inferred(from: input)
      Issue.record("accepted")
    } catch {
      #expect(error.message == message)
    }
  }

  /// The largest sizes that a reader lets through, in every place: a message, never an overflow.
  @Test func theLargestSizesAreRefusedNotMultiplied() {
    let huge = 1_000_000
    let layers: [any LayerKind] = [
      Self.conv(huge, padding: huge, out: huge), Self.conv(1, padding: huge, out: huge),
      TransposedConvolution(
        outChannels: huge, kernelSize: Extent(huge), stride: Extent(huge), dilation: Extent(huge)),
      Unflatten(Shape(huge, huge, huge)), AdaptiveAveragePooling(outputHeight: huge, outputWidth: huge),
      Linear(outFeatures: huge),
    ]
    for layer in layers {
      for input in [Shape(1, 28, 28), Shape(1 << 28), Shape(1 << 14, 1 << 7, 1 << 7)] {
        #expect(throws: ShapeError.self) { try layer.limited(from: input) }
      }
    }
  }

  @Test func theWholeNetworkHasALimitToo() throws {
    let wide = Layer(Linear(outFeatures: 16_000))
    let layers = [wide, wide, Layer(Linear(outFeatures: 16_000))]
    #expect(throws: ArchitectureError.self) { try Architecture(input: Shape(1_000), layers: layers).resolved() }
    #expect(try Architecture(input: Shape(1_000), layers: [wide]).resolved().count == 1)
  }
}

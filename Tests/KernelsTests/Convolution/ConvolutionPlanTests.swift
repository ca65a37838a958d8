import Testing

@testable import Kernels

/// Another algorithm rounds differently, so a change of a plan changes the bits of every network of that shape. It needs
/// a reason, and a new numerics version.
@Suite struct ConvolutionPlanTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var block: ConvolutionBlock
    /// `nil` where the layers can't be computed together.
    var plan: String?
  }

  /// A block of square kernels, strides and windows on square images, whose padding is stored.
  private static func block(
    _ channels: Int, _ size: Int, to outputs: Int, kernel: Int, kernelHeight: Int? = nil, stride: Int = 1,
    dilation: Int = 1, padding: Int = 0, stored: Int? = nil, groups: Int = 1, fill: PaddingFill? = nil,
    relu: Bool = false, pooling: ConvolutionBlock.Pooling = .none, pool: Int = 1
  ) -> ConvolutionBlock {
    let height = kernelHeight ?? kernel
    let border = stored ?? padding
    let input = ImageLayout(
      channels: channels, height: kernelHeight == 1 ? 1 : size, width: size, top: height == 1 ? 0 : border,
      left: border, bottom: height == 1 ? 0 : border, right: border)
    func windows(_ size: Int, _ kernel: Int, _ padding: Int) -> Int {
      (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
    }
    let rows = height == 1 ? 1 : windows(size, height, padding)
    let columns = windows(size, kernel, padding)
    return ConvolutionBlock(
      geometry: ConvolutionGeometry(
        input: input, output: ImageLayout(channels: outputs, height: rows, width: columns),
        window: WindowGeometry(
          height: height, width: kernel, strideHeight: stride, strideWidth: stride, dilationHeight: dilation,
          dilationWidth: dilation, paddingTop: height == 1 ? 0 : padding, paddingLeft: padding),
        groups: groups),
      paddingFill: fill, appliesReLU: relu, pooling: pooling, poolHeight: pool, poolWidth: pool,
      output: ImageLayout(channels: outputs, height: rows / pool, width: columns / pool))
  }

  private static func plan(_ forward: String, _ input: String, _ weight: String, skips: Bool = false) -> String {
    forward + "; "
      + (input == weight ? "gradients \(input)" : "input gradient \(input); weight gradient \(weight)")
      + (skips ? "; skips zero columns" : "")
  }

  static let table: [Case] = [
    // The presets.
    Case(
      testDescription: "Model A, first",
      block: block(1, 28, to: 16, kernel: 5, padding: 2, relu: true, pooling: .maximum, pool: 2),
      plan: plan("direct with ReLU and max pooling", "sparse", "sparse", skips: true)),
    Case(
      testDescription: "Model A, second",
      block: block(16, 14, to: 32, kernel: 5, padding: 2, relu: true, pooling: .maximum, pool: 2),
      plan: plan("Winograd with ReLU and max pooling", "sparse", "sparse")),
    Case(
      testDescription: "Model B, second",
      block: block(16, 14, to: 32, kernel: 5, padding: 2, relu: true, pooling: .average, pool: 2),
      plan: plan("Winograd with ReLU and average pooling", "sparse", "sparse")),
    Case(
      testDescription: "Model C, second",
      block: block(16, 12, to: 32, kernel: 5, relu: true, pooling: .maximum, pool: 2),
      plan: plan("Winograd with ReLU and max pooling", "sparse", "sparse")),
    Case(
      testDescription: "lab7, first", block: block(3, 32, to: 6, kernel: 5, relu: true, pooling: .maximum, pool: 2),
      plan: plan("Winograd with ReLU and max pooling", "sparse", "sparse")),
    Case(
      testDescription: "lab7, second", block: block(6, 14, to: 16, kernel: 5, relu: true, pooling: .maximum, pool: 2),
      plan: plan("Winograd with ReLU and max pooling", "sparse", "sparse")),
    Case(
      testDescription: "convnet, first", block: block(1, 28, to: 10, kernel: 3, relu: true),
      plan: plan("direct with ReLU", "direct", "direct", skips: true)),
    Case(
      testDescription: "convnet, second", block: block(10, 26, to: 5, kernel: 3, relu: true),
      plan: plan("direct with ReLU", "direct", "sparse")),
    // Winograd's limits: the kernel's width, its rows, its products per point, the last tile, the stride.
    Case(
      testDescription: "3 × 3", block: block(24, 14, to: 24, kernel: 3, padding: 1),
      plan: plan("Winograd", "Winograd", "Winograd")),
    Case(testDescription: "1 × 1", block: block(16, 14, to: 16, kernel: 1), plan: plan("direct", "direct", "direct")),
    Case(testDescription: "2 × 2", block: block(16, 14, to: 16, kernel: 2), plan: plan("direct", "direct", "direct")),
    Case(testDescription: "4 × 4", block: block(16, 14, to: 16, kernel: 4), plan: plan("direct", "direct", "direct")),
    Case(testDescription: "7 × 7", block: block(16, 14, to: 16, kernel: 7), plan: plan("direct", "direct", "direct")),
    Case(
      testDescription: "two rows of 5", block: block(16, 14, to: 16, kernel: 5, kernelHeight: 2),
      plan: plan("direct", "direct", "direct")),
    Case(
      testDescription: "a sequence", block: block(16, 28, to: 16, kernel: 5, kernelHeight: 1, relu: true),
      plan: plan("direct with ReLU", "direct", "sparse")),
    Case(
      testDescription: "16 channels to 16, 3 × 3", block: block(16, 26, to: 16, kernel: 3),
      plan: plan("direct", "direct", "direct")),
    Case(
      testDescription: "17 channels to 16, 3 × 3", block: block(17, 26, to: 16, kernel: 3),
      plan: plan("Winograd", "direct", "Winograd")),
    Case(
      testDescription: "three channels to two, 5 × 5", block: block(3, 28, to: 2, kernel: 5),
      plan: plan("Winograd", "direct", "direct")),
    Case(
      testDescription: "a tile that is mostly thrown away", block: block(16, 5, to: 16, kernel: 5),
      plan: plan("direct", "Winograd", "direct")),
    Case(
      testDescription: "stride 2", block: block(16, 28, to: 16, kernel: 3, stride: 2, padding: 1),
      plan: plan("direct", "direct", "direct")),
    Case(
      testDescription: "stride 2 behind ReLU",
      block: block(16, 28, to: 16, kernel: 3, stride: 2, padding: 1, relu: true),
      plan: plan("direct with ReLU", "direct", "sparse")),
    Case(
      testDescription: "stride 2 and a pooling",
      block: block(16, 28, to: 16, kernel: 3, stride: 2, relu: true, pooling: .maximum, pool: 2),
      plan: plan("direct with ReLU and max pooling", "sparse", "sparse")),
    // Which weight gradients are sparse, and which Winograd's.
    Case(
      testDescription: "16 channels to 17, 3 × 3, behind ReLU", block: block(16, 26, to: 17, kernel: 3, relu: true),
      plan: plan("direct with ReLU", "Winograd", "Winograd")),
    Case(
      testDescription: "16 channels to 16, 3 × 3, behind ReLU", block: block(16, 26, to: 16, kernel: 3, relu: true),
      plan: plan("direct with ReLU", "direct", "sparse")),
    Case(
      testDescription: "a sequence of many channels", block: block(64, 28, to: 64, kernel: 5, kernelHeight: 1),
      plan: plan("direct", "direct", "direct")),
    Case(
      testDescription: "16 channels to 16, 5 × 5", block: block(16, 26, to: 16, kernel: 5),
      plan: plan("Winograd", "Winograd", "Winograd")),
    Case(
      testDescription: "31 weights behind ReLU", block: block(31, 8, to: 8, kernel: 1, relu: true),
      plan: plan("direct with ReLU", "direct", "direct")),
    Case(
      testDescription: "32 weights behind ReLU", block: block(32, 8, to: 8, kernel: 1, relu: true),
      plan: plan("direct with ReLU", "direct", "sparse")),
    // What is computed together.
    Case(
      testDescription: "pooling without ReLU",
      block: block(20, 12, to: 8, kernel: 3, pooling: .maximum, pool: 3),
      plan: plan("Winograd with max pooling", "sparse", "sparse")),
    Case(
      testDescription: "windows of 15 × 15", block: block(1, 17, to: 8, kernel: 3, pooling: .maximum, pool: 15),
      plan: plan("direct with max pooling", "sparse", "sparse", skips: true)),
    Case(testDescription: "windows of 16 × 16", block: block(1, 18, to: 8, kernel: 3, pooling: .maximum, pool: 16)),
    Case(testDescription: "means of 3 × 3", block: block(8, 12, to: 8, kernel: 3, pooling: .average, pool: 3)),
    Case(testDescription: "ReLU behind dilation", block: block(8, 12, to: 8, kernel: 3, dilation: 2, relu: true)),
    Case(testDescription: "ReLU behind groups", block: block(8, 12, to: 8, kernel: 3, groups: 2, relu: true)),
    Case(
      testDescription: "ReLU behind filled padding",
      block: block(8, 12, to: 8, kernel: 3, padding: 1, fill: .reflect, relu: true)),
    // Any geometry.
    Case(
      testDescription: "dilation", block: block(20, 12, to: 20, kernel: 3, dilation: 2),
      plan: plan("Winograd by parts", "Winograd", "Winograd")),
    Case(
      testDescription: "dilation with a stride", block: block(8, 12, to: 8, kernel: 3, stride: 2, dilation: 2),
      plan: plan("im2col", "col2im", "im2col")),
    Case(
      testDescription: "groups", block: block(40, 12, to: 40, kernel: 3, groups: 2),
      plan: plan("Winograd by parts", "Winograd", "Winograd")),
    Case(
      testDescription: "groups with a stride", block: block(40, 12, to: 40, kernel: 3, stride: 2, groups: 2),
      plan: plan("direct by parts", "direct", "direct")),
    Case(
      testDescription: "a kernel per channel", block: block(8, 12, to: 8, kernel: 3, groups: 8),
      plan: plan("depthwise", "depthwise", "depthwise")),
    Case(
      testDescription: "two kernels per channel", block: block(8, 12, to: 16, kernel: 3, groups: 8),
      plan: plan("direct by parts", "direct", "direct")),
    Case(
      testDescription: "filled padding", block: block(8, 12, to: 8, kernel: 3, padding: 1, fill: .circular),
      plan: plan("im2col", "col2im", "im2col")),
    Case(
      testDescription: "padding that is not stored", block: block(8, 12, to: 8, kernel: 3, padding: 1, stored: 0),
      plan: plan("im2col", "col2im", "im2col")),
  ]

  @Test(arguments: table)
  func isTheOneOfTheTable(_ shape: Case) {
    #expect(ConvolutionPlan(shape.block)?.description == shape.plan)
  }

  @Test func ofATransposedConvolutionSaysWhatItsConvolutionRuns() {
    let geometry = Self.block(8, 12, to: 8, kernel: 3).geometry
    #expect(
      ConvolutionPlan(plain: geometry).transposedDescription
        == "transposed col2im; gradients im2col")
  }

  /// The plan alone chooses: kernels that are told to compute a shape another way do so, and agree.
  @Test(arguments: ConvolutionCase.all.filter { $0.convolution?.plan.forward == .winograd })
  func directEqualsWinograd(_ shape: ConvolutionCase) throws {
    let planned = try #require(shape.convolution)
    let plan = planned.plan
    let direct = FusedConvolution(
      planned.block,
      ConvolutionPlan(
        .direct, plan.inputGradient, plan.weightGradient, fusesReLU: plan.fusesReLU, fusedPooling: plan.fusedPooling))
    let (input, output) = (planned.block.geometry.input, planned.block.output)
    var random = Random(state: 13)
    var images = random.uniform(shape.count * input.exampleStride + FusedConvolution.readPastEnd)
    clearPadding(input, count: shape.count, &images)
    let weight = random.uniform(output.channels * planned.block.kernelRows * planned.block.run)
    let results = [planned, direct].map { convolution in
      var packed = [Float](repeating: 0, count: convolution.packedWeightCount)
      var values = [Float](repeating: 0, count: shape.count * output.exampleStride)
      var scratch = [Float](repeating: 0, count: convolution.forwardScratchCount)
      convolution.packWeights(weight, into: &packed)
      convolution.forward(
        examples: 0..<shape.count, input: images, packedWeight: packed, bias: nil, output: &values, masks: nil,
        scratch: &scratch)
      return values
    }
    #expect(distance(results[0], results[1]) < 1e-5)
    #expect(results[0] != results[1], "another algorithm rounds differently")
  }
}

import Testing

@testable import Kernels

@Suite("Winograd's minimal filtering")
struct WinogradConvolutionTests {
  /// The second convolutions of Models A and C and of lab7, and one of three columns.
  @Test(arguments: [
    (channels: 16, size: 14, outputs: 32, kernel: 5, padding: 2, most: 3.0),
    (channels: 16, size: 12, outputs: 32, kernel: 5, padding: 0, most: 3.0),
    (channels: 6, size: 14, outputs: 16, kernel: 5, padding: 0, most: 3.0),
    (channels: 32, size: 26, outputs: 5, kernel: 3, padding: 0, most: 4.0),
  ])
  func errsHardlyMoreThanAPlainSum(
    channels: Int, size: Int, outputs: Int, kernel: Int, padding: Int, most: Double
  ) throws {
    let shape = ConvolutionCase(
      channels: channels, height: size, width: size, outputs: outputs, kernelHeight: kernel, kernelWidth: kernel,
      padding: padding, appliesReLU: false, count: 4)
    let convolution = try #require(shape.convolution)
    #expect(convolution.plan.forward == .winograd)
    let (layout, output) = (convolution.block.geometry.input, convolution.block.output)
    var random = Random(state: 11)
    var images = [Float](repeating: 0, count: shape.count * layout.exampleStride + 8)
    for example in 0..<shape.count {
      for index in 0..<layout.valueCount {
        // As behind a ReLU: half of the values are zero.
        images[example * layout.exampleStride + layout.position(of: index)] = max(0, random.uniform())
      }
    }
    let run = kernel * channels
    let weight = random.uniform(outputs * kernel * run)
    var packed = [Float](repeating: 0, count: convolution.packedWeightCount)
    var values = [Float](repeating: 0, count: shape.count * output.exampleStride)
    var scratch = [Float](repeating: 0, count: convolution.forwardScratchCount)
    convolution.packWeights(weight, into: &packed)
    convolution.forward(
      examples: 0..<shape.count, input: images, packedWeight: packed, bias: nil, output: &values, masks: nil,
      scratch: &scratch)

    var (squares, plainSquares) = (0.0, 0.0)
    for place in values.indices {
      let (pixel, channel) = place.quotientAndRemainder(dividingBy: outputs)
      let (row, x) = pixel.quotientAndRemainder(dividingBy: output.width)
      let (example, y) = row.quotientAndRemainder(dividingBy: output.height)
      var (exact, plain) = (0.0, Float(0))
      for r in 0..<kernel {
        for l in 0..<run {
          let factor = weight[(channel * kernel + r) * run + l]
          let value = images[example * layout.exampleStride + (y + r) * layout.rowStride + x * channels + l]
          exact += Double(factor) * Double(value)
          plain = plain.addingProduct(factor, value)
        }
      }
      squares += (Double(values[place]) - exact) * (Double(values[place]) - exact)
      plainSquares += (Double(plain) - exact) * (Double(plain) - exact)
    }
    let ratio = (squares / plainSquares).squareRoot()
    #expect(ratio < most)
  }

  /// Beside the definition's, which adds an example's sums to those of the examples before as this does.
  @Test(arguments: [
    (channels: 24, size: 32, outputs: 24, kernel: 3, padding: 1, most: 4.0),
    (channels: 32, size: 16, outputs: 40, kernel: 3, padding: 1, most: 4.0),
    (channels: 16, size: 14, outputs: 32, kernel: 5, padding: 2, most: 4.0),
  ])
  func itsWeightGradientErrsHardlyMoreThanThePlainSum(
    channels: Int, size: Int, outputs: Int, kernel: Int, padding: Int, most: Double
  ) throws {
    let shape = ConvolutionCase(
      channels: channels, height: size, width: size, outputs: outputs, kernelHeight: kernel, kernelWidth: kernel,
      padding: padding, appliesReLU: false, count: 4)
    let planned = try #require(shape.convolution)
    #expect(planned.plan.weightGradient == .winograd)
    let direct = FusedConvolution(
      planned.block, ConvolutionPlan(planned.plan.forward, planned.plan.inputGradient, .direct))
    let (layout, output) = (planned.block.geometry.input, planned.block.output)
    var random = Random(state: 17)
    var images = random.uniform(shape.count * layout.exampleStride + FusedConvolution.readPastEnd)
    clearPadding(layout, count: shape.count, &images)
    let gradOutput = random.uniform(shape.count * output.exampleStride + FusedConvolution.readPastEnd)
    let run = kernel * channels
    let (found, plain) = (weightGradient(planned), weightGradient(direct))
    #expect(found != plain, "another algorithm rounds differently")

    func weightGradient(_ convolution: FusedConvolution) -> [Float] {
      var gradient = [Float](repeating: 0, count: outputs * kernel * run)
      var scratch = [Float](repeating: .nan, count: convolution.backwardScratchCount)
      let values = [Float](repeating: 1, count: gradOutput.count)
      convolution.backward(
        examples: 0..<shape.count, input: images, packedWeight: nil, output: values, masks: nil, gradOutput: gradOutput,
        gradInput: nil, gradWeight: &gradient, gradBias: nil, scratch: &scratch)
      return gradient
    }
    var (squares, plainSquares) = (0.0, 0.0)
    for place in stride(from: 0, to: found.count, by: 7) {
      let (row, l) = place.quotientAndRemainder(dividingBy: run)
      let (channel, r) = row.quotientAndRemainder(dividingBy: kernel)
      var exact = 0.0
      for example in 0..<shape.count {
        for y in 0..<output.height {
          for x in 0..<output.width {
            let gradient = gradOutput[example * output.exampleStride + (y * output.width + x) * outputs + channel]
            let pixel = example * layout.exampleStride + (y + r) * layout.rowStride + x * channels + l
            exact += Double(gradient) * Double(images[pixel])
          }
        }
      }
      squares += (Double(found[place]) - exact) * (Double(found[place]) - exact)
      plainSquares += (Double(plain[place]) - exact) * (Double(plain[place]) - exact)
    }
    #expect((squares / plainSquares).squareRoot() < most)
  }

  /// A tile holds windows of zeros beside others, whose rounding errors must not reach them.
  @Test(arguments: [(kernel: 5, weight: Float(0.3)), (kernel: 3, weight: 0.3), (kernel: 5, weight: .infinity)])
  func aWindowOfZerosGivesZeroUnlessAWeightIsNotFinite(kernel: Int, weight value: Float) throws {
    let shape = ConvolutionCase(
      channels: 20, height: 14, width: 14, outputs: 16, kernelHeight: kernel, kernelWidth: kernel, appliesReLU: false,
      count: 1)
    let convolution = try #require(shape.convolution)
    #expect(convolution.plan.forward == .winograd)
    let layout = convolution.block.geometry.input
    var random = Random(state: 5)
    var image = [Float](repeating: 0, count: layout.exampleStride + 8)
    // One pixel in the middle, in some channels.
    for channel in [1, 9] { image[layout.origin + 7 * layout.rowStride + 7 * 20 + channel] = random.uniform() }
    var weight = random.uniform(16 * kernel * kernel * 20)
    weight[0] = value
    var packed = [Float](repeating: 0, count: convolution.packedWeightCount)
    var values = [Float](repeating: 0, count: convolution.block.output.exampleStride)
    var scratch = [Float](repeating: .nan, count: convolution.forwardScratchCount)
    convolution.packWeights(weight, into: &packed)
    convolution.forward(
      examples: 0..<1, input: image, packedWeight: packed, bias: nil, output: &values, masks: nil, scratch: &scratch)
    for place in values.indices {
      let (y, x) = (place / 16 / convolution.block.output.width, place / 16 % convolution.block.output.width)
      let sees = (y...y + kernel - 1).contains(7) && (x...x + kernel - 1).contains(7)
      if value.isFinite { #expect((values[place] != 0) == sees) }
    }
    if !value.isFinite { #expect(!values[0].isFinite, "0 · ∞ is not a number") }
  }
}

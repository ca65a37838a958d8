import Testing

@testable import Kernels

@Suite struct PlainConvolutionTests {
  /// Geometries drawn from seeds: odd, one-sized, not square, strided, dilated, grouped, with stored padding that
  /// is smaller, larger or as large as the convolution's, and with padded outputs.
  private func geometry(_ numbers: inout TestNumbers) -> ConvolutionGeometry {
    while true {
      func number(_ range: ClosedRange<Int>) -> Int { numbers.number(range) }
      let groups = [1, 1, 2, 3][number(0...3)]
      let depthwise = number(0...3) == 0
      // Winograd's algorithm wants more channels at three columns.
      let channels = groups * (number(0...7) == 0 ? number(17...20) : number(1...5))
      let window = WindowGeometry(
        height: number(1...5), width: number(1...5), strideHeight: number(1...3), strideWidth: number(1...3),
        dilationHeight: number(1...3), dilationWidth: number(1...3), paddingTop: number(0...3),
        paddingLeft: number(0...3))
      let (bottom, right) = (number(0...3), number(0...3))
      let input = ImageLayout(
        channels: channels, height: number(1...9), width: number(1...9), top: number(0...3), left: number(0...3),
        bottom: number(0...3), right: number(0...3))
      let rows = input.height + window.paddingTop + bottom - window.dilationHeight * (window.height - 1) - 1
      let columns = input.width + window.paddingLeft + right - window.dilationWidth * (window.width - 1) - 1
      let border = number(0...1)
      let outChannels = depthwise ? channels : groups * (number(0...7) == 0 ? number(17...20) : number(1...5))
      guard rows >= 0, columns >= 0 else { continue }
      return ConvolutionGeometry(
        input: input,
        output: ImageLayout(
          channels: outChannels, height: rows / window.strideHeight + 1, width: columns / window.strideWidth + 1,
          top: border, left: border, bottom: border, right: 2 * border),
        window: window, groups: depthwise ? channels : groups)
    }
  }

  @Test(arguments: UInt64(1)...60)
  func forwardAndBackwardEqualTheNaiveLoops(seed: UInt64) {
    var numbers = TestNumbers(seed: seed)
    let geometry = geometry(&numbers)
    let count = numbers.number(1...4)
    check(geometry, ConvolutionPlan(plain: geometry), count, &numbers)
  }

  /// Groups and dilation as dense parts, whose plans are all that a fused convolution has.
  @Test(arguments: UInt64(1)...120)
  func partsEqualTheNaiveLoops(seed: UInt64) throws {
    var numbers = TestNumbers(seed: seed)
    while true {
      let geometry = geometry(&numbers)
      let count = numbers.number(1...40)
      let plan = try #require(ConvolutionPlan(ConvolutionBlock(geometry: geometry, output: geometry.output)))
      if plan.isSplit { return check(geometry, plan, count, &numbers) }
    }
  }

  private func check(
    _ geometry: ConvolutionGeometry, _ plan: ConvolutionPlan, _ count: Int, _ numbers: inout TestNumbers
  ) {
    let naive = NaiveConvolution(geometry: geometry, count: count)
    let input = numbers.floats(count * geometry.input.exampleStride)
    let weight = numbers.floats(geometry.output.channels * geometry.patchSize)
    let bias = numbers.floats(geometry.output.channels)
    let gradient = numbers.floats(count * geometry.output.exampleStride)
    let convolution = PlainConvolution(geometry, plan)
    var scratch = [Float](repeating: .nan, count: convolution.scratchCount)

    var output = [Float](repeating: 0, count: count * geometry.output.exampleStride)
    convolution.forward(
      count: count, input: input, weight: weight, bias: bias, output: &output, scratch: &scratch)
    #expect(distance(output, naive.forward(input, weight, bias)) < 2e-6, "\(geometry)")

    let expected = naive.backward(input, weight, gradient)
    var gradInput = [Float](repeating: .nan, count: input.count)
    var gradWeight = [Float](repeating: .nan, count: weight.count)
    var gradBias = [Float](repeating: .nan, count: bias.count)
    convolution.backward(
      count: count, input: input, weight: weight, gradOutput: gradient, gradInput: &gradInput,
      gradWeight: &gradWeight, gradBias: &gradBias, scratch: &scratch)
    #expect(distance(gradInput, expected.input) < 5e-6, "\(geometry): input")
    #expect(distance(gradWeight, expected.weight) < 5e-6, "\(geometry): weight")
    let layout = geometry.output
    let biases = (0..<layout.channels).map { channel in
      (0..<count).reduce(0.0) { sum, n in
        (0..<layout.height * layout.width).reduce(sum) {
          let inner = channel * layout.height * layout.width + $1
          return $0 + Double(gradient[n * layout.exampleStride + layout.position(of: inner)])
        }
      }
    }
    #expect(distance(gradBias, biases) < 5e-6, "\(geometry): bias")
  }

  /// Large enough that patches are worked on in several portions.
  @Test func manyPortionsEqualTheNaiveLoops() {
    var numbers = TestNumbers(seed: 5)
    let geometry = ConvolutionGeometry(
      input: ImageLayout(channels: 16, height: 17, width: 15, top: 2, left: 2, bottom: 2, right: 2),
      output: ImageLayout(channels: 5, height: 17, width: 15),
      window: WindowGeometry(height: 5, width: 5, paddingTop: 2, paddingLeft: 2), groups: 1)
    let count = 3
    let convolution = PlainConvolution(geometry, ConvolutionPlan(plain: geometry))
    #expect(count * geometry.output.height > 2 * convolution.rowsAtOnce)
    let naive = NaiveConvolution(geometry: geometry, count: count)
    let input = numbers.floats(count * geometry.input.exampleStride)
    let weight = numbers.floats(geometry.output.channels * geometry.patchSize)
    let gradient = numbers.floats(count * geometry.output.exampleStride)
    var scratch = [Float](repeating: 0, count: convolution.scratchCount)
    var output = gradient
    convolution.forward(
      count: count, input: input, weight: weight, bias: nil, output: &output, scratch: &scratch)
    #expect(distance(output, naive.forward(input, weight, nil)) < 2e-6)
    var (gradInput, gradWeight) = (input, weight)
    convolution.backward(
      count: count, input: input, weight: weight, gradOutput: gradient, gradInput: &gradInput,
      gradWeight: &gradWeight, gradBias: nil, scratch: &scratch)
    let expected = naive.backward(input, weight, gradient)
    #expect(distance(gradInput, expected.input) < 5e-6)
    #expect(distance(gradWeight, expected.weight) < 5e-6)
  }
}

import Testing

@testable import Kernels

@Suite("Columns that are not zero")
struct NonzeroColumnsTests {
  @Test(arguments: ConvolutionCase.all.filter { $0.channels == 1 })
  func areTheWindowsAroundValuesThatAreNotZero(_ shape: ConvolutionCase) throws {
    let block = shape.block
    let (input, window) = (block.geometry.input, block.geometry.window)
    #expect(ConvolutionPlan(block)?.skipsZeroColumns == true)
    var scratch = Scratch(nil)
    _ = NonzeroColumns(block, &scratch)
    var memory = [Float](repeating: 0, count: scratch.count)
    var random = Random(state: UInt64(shape.width))
    for values in [0, 1, 2, 5] {
      var image = [Float](repeating: 0, count: input.exampleStride + 8)
      for _ in 0..<values { image[input.position(of: random.below(input.valueCount))] = values == 1 ? .nan : -1 }
      var scratch = Scratch(&memory)
      let nonzero = NonzeroColumns(block, &scratch)
      nonzero.scan(image)
      for y in 0..<block.output.height {
        let columns = (0..<block.output.width).filter { x in
          (0..<block.poolHeight * block.poolWidth).contains { place in
            let row = (y * block.poolHeight + place / block.poolWidth) * window.strideHeight
            let column = (x * block.poolWidth + place % block.poolWidth) * window.strideWidth
            return (0..<window.height * window.width).contains { tap in
              let (r, k) = tap.quotientAndRemainder(dividingBy: window.width)
              return image[block.windowOrigin + (row + r) * input.rowStride + column + k] != 0
            }
          }
        }
        #expect(columns.allSatisfy(nonzero.rows[y].range.contains))
        // Values that no window sees, between windows or behind the last, may count too.
        let width = block.output.width * block.poolWidth
        if shape.strideHeight == 1 && shape.strideWidth == 1 && width == block.geometry.output.width {
          #expect(nonzero.rows[y].range.count == columns.last.map { $0 - columns[0] + 1 } ?? 0)
        }
      }
    }
  }

  @Test(arguments: [(ConvolutionBlock.Pooling.maximum, 5), (.average, 5), (.none, 5), (.none, 3)])
  func doNotHideWhatIsNotFinite(pooling: ConvolutionBlock.Pooling, kernel: Int) throws {
    let shape = ConvolutionCase(
      channels: 1, height: 12, width: 12, outputs: 3, kernelHeight: kernel, kernelWidth: kernel, pooling: pooling,
      pool: pooling == .none ? 1 : 2, count: 1)
    let convolution = try #require(shape.convolution)
    let image = [Float](repeating: 0, count: convolution.block.geometry.input.exampleStride + 8)
    var weight = [Float](repeating: 0.5, count: 3 * kernel * kernel)
    func forward() -> (output: [Float], masks: [UInt8]) {
      var packed = [Float](repeating: 0, count: convolution.packedWeightCount)
      var output = [Float](repeating: 0, count: convolution.block.output.exampleStride + 8)
      var masks = [UInt8](repeating: 0, count: convolution.block.maskCount)
      var scratch = [Float](repeating: 0, count: convolution.forwardScratchCount)
      convolution.packWeights(weight, into: &packed)
      convolution.forward(
        examples: 0..<1, input: image, packedWeight: packed, bias: [1, 1, 1], output: &output, masks: &masks,
        scratch: &scratch)
      return (output, masks)
    }
    let (output, masks) = forward()
    var gradOutput = [Float](repeating: 1, count: convolution.block.output.exampleStride + 8)
    gradOutput[4] = .infinity
    var gradWeight = [Float](repeating: 0, count: weight.count)
    var scratch = [Float](repeating: 0, count: convolution.backwardScratchCount)
    convolution.backward(
      examples: 0..<1, input: image, packedWeight: nil, output: output, masks: masks, gradOutput: gradOutput,
      gradInput: nil, gradWeight: &gradWeight, gradBias: nil, scratch: &scratch)
    // The fifth value is the second channel's: infinity times the image's zeros.
    #expect(gradWeight[kernel * kernel..<2 * kernel * kernel].allSatisfy { $0.isNaN })
    #expect(gradWeight[..<(kernel * kernel)].allSatisfy { $0 == 0 })

    weight[0] = .infinity
    #expect(forward().output[0].isNaN)
  }
}

import Testing

@testable import Kernels

/// Kernels touch what their contracts name and no byte more: all buffers end at a page that nobody may touch.
///
/// The tests run in processes of their own, because a kernel that reads too far is killed by the system.
@Suite struct BoundsTests {
  @Test func fusedConvolutionsStayWithinTheirBuffers() async {
    await #expect(processExitsWith: .success) {
      for shape in ConvolutionCase.all {
        guard let convolution = shape.convolution else { continue }
        BoundsTests.run(convolution, count: shape.count)
      }
    }
  }

  @Test func productsStayWithinTheirBuffers() async {
    await #expect(processExitsWith: .success) {
      for shape in ProductCase.all { BoundsTests.run(shape) }
    }
  }

  private static func run(_ convolution: FusedConvolution, count: Int) {
    let block = convolution.block
    let (input, output) = (block.geometry.input, block.output)
    let slack = FusedConvolution.readPastEnd
    var random = Random(state: 17)
    func floats(_ count: Int) -> PageEnd<Float> { PageEnd(count, filledWith: 0) }
    let images = PageEnd(random.uniform(count * input.exampleStride + slack), filledWith: 0)
    let weight = PageEnd(random.uniform(output.channels * block.kernelRows * block.run), filledWith: 0)
    let bias = PageEnd(random.uniform(output.channels), filledWith: 0)
    let values = floats(count * output.exampleStride + slack)
    let gradOutput = PageEnd(random.uniform(count * output.exampleStride + slack), filledWith: 0)
    let masks = PageEnd<UInt8>(count * block.maskCount, filledWith: 0)
    let packed = floats(convolution.packedWeightCount)
    let scratch = floats(convolution.forwardScratchCount)
    convolution.packWeights(weight.base, into: packed.base)
    convolution.forward(
      examples: 0..<count, input: images.base, packedWeight: packed.base, bias: bias.base, output: values.base,
      masks: masks.base, scratch: scratch.base)

    let packedBackward = floats(convolution.packedWeightBackwardCount)
    let gradInput = floats(count * input.exampleStride)
    let gradWeight = floats(weight.count)
    let gradBias = floats(bias.count)
    let scratchBackward = floats(convolution.backwardScratchCount)
    convolution.packWeightsBackward(weight.base, into: packedBackward.base)
    convolution.backward(
      examples: 0..<count, input: images.base, packedWeight: packedBackward.base, output: values.base,
      masks: masks.base, gradOutput: gradOutput.base, gradInput: gradInput.base, gradWeight: gradWeight.base,
      gradBias: gradBias.base, scratch: scratchBackward.base)
  }

  private static func run(_ shape: ProductCase) {
    let (rows, inner, columns) = (shape.rows, shape.inner, shape.columns)
    var random = Random(state: 19)
    let a = PageEnd(random.uniform(rows * inner), filledWith: 0)
    let c = PageEnd<Float>(rows * columns, filledWith: 0)
    let back = PageEnd<Float>(inner * columns, filledWith: 0)
    let slack = SparseMatrix.readPastEnd
    let lists = PageEnd<Float>(SparseMatrix.scratchCount(rows: rows, columns: inner), filledWith: 0)
    let weights = PageEnd(random.uniform(inner * columns + slack), filledWith: 0)
    let gradients = PageEnd(random.uniform(rows * columns + slack), filledWith: 0)
    if let matrix = SparseMatrix(
      a.base, rows: rows, columns: inner, outputs: columns, share: 1, scratch: lists.base)
    {
      matrix.product(weights.base, rows: 0..<rows, into: c.base)
      matrix.transposedProduct(gradients.base, columns: 0..<inner, into: back.base)
    }
    let scratch = PageEnd<Float>(matrixProductScratchCount, filledWith: 0)
    let b = PageEnd(random.uniform(inner * columns), filledWith: 0)
    let g = PageEnd(random.uniform(rows * columns), filledWith: 0)
    matrixProduct(
      rows: rows, columns: columns, inner: inner, a.base, strideA: inner, b.base, strideB: columns, into: c.base,
      strideC: columns, scratch: scratch.base)
    matrixProduct(
      rows: inner, columns: columns, inner: rows, a.base, strideA: inner, transposeA: true, g.base, strideB: columns,
      into: back.base, strideC: columns, scratch: scratch.base)
    matrixProduct(
      rows: rows, columns: inner, inner: columns, g.base, strideA: columns, b.base, strideB: columns, transposeB: true,
      into: a.base, strideC: inner, scratch: scratch.base)
  }
}

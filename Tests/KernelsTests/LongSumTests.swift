import Testing

@testable import Kernels

/// Sums of a million terms and more keep their digits: each against the same sum in Double.
@Suite struct LongSumTests {
  /// Relative error of a value that was summed in blocks; a running Float sum of as many terms is off by 1e-3 and more.
  private static let tolerance = 2e-5

  private func terms(_ count: Int, _ seed: UInt64) -> [Float] {
    var random = Random(state: seed)
    // All of one sign, so that nothing cancels and every rounding shows.
    return (0..<count).map { _ in 0.1 + abs(random.uniform()) }
  }

  @Test(arguments: [1, 3, 8, 20])
  func channelSumsKeepTheirDigits(channels: Int) {
    let pixels = 1_200_000
    let values = terms(pixels * channels, 5)
    let layout = ImageLayout(channels: channels, height: 1000, width: 12)
    var sums = [Float](repeating: .nan, count: channels)
    channelSums(layout, count: pixels / 12_000, values, into: &sums)
    for channel in 0..<channels {
      let expected = stride(from: channel, to: values.count, by: channels).reduce(0.0) { $0 + Double(values[$1]) }
      #expect(abs(Double(sums[channel]) / expected - 1) < 1e-7)
    }
  }

  @Test func aMatrixProductKeepsItsDigits() {
    let (rows, columns, inner) = (2, 3, 1_000_000)
    let (a, b) = (terms(rows * inner, 7), terms(inner * columns, 8))
    var c = [Float](repeating: 0, count: rows * columns)
    var scratch = [Float](repeating: 0, count: matrixProductScratchCount)
    matrixProduct(
      rows: rows, columns: columns, inner: inner, a, strideA: rows, transposeA: true, b, strideB: columns, into: &c,
      strideC: columns, scratch: &scratch)
    for row in 0..<rows {
      for column in 0..<columns {
        let expected = (0..<inner).reduce(0.0) {
          $0 + Double(a[$1 * rows + row]) * Double(b[$1 * columns + column])
        }
        #expect(abs(Double(c[row * columns + column]) / expected - 1) < Self.tolerance)
      }
    }
  }

  @Test(arguments: [1, 4])
  func aConvolutionsWeightGradientKeepsItsDigits(groups: Int) {
    let (count, channels, side) = (1300, 4, 30)
    let input = ImageLayout(channels: channels, height: side, width: side)
    let output = ImageLayout(channels: channels, height: side - 2, width: side - 2)
    let geometry = ConvolutionGeometry(
      input: input, output: output, window: WindowGeometry(height: 3, width: 3), groups: groups)
    let kernels = PlainConvolution(geometry, ConvolutionPlan(plain: geometry))
    let images = terms(count * input.exampleStride, 9)
    let gradients = terms(count * output.exampleStride, 10)
    let size = channels * geometry.patchSize
    let weight = [Float](repeating: 0, count: size)
    var gradWeight = weight
    var scratch = [Float](repeating: 0, count: kernels.scratchCount)
    kernels.backward(
      count: count, input: images, weight: weight, gradOutput: gradients, gradInput: nil, gradWeight: &gradWeight,
      gradBias: nil, scratch: &scratch)
    // The first channel's kernel at its upper left corner.
    var expected = 0.0
    for example in 0..<count {
      for y in 0..<side - 2 {
        for x in 0..<side - 2 {
          expected +=
            Double(images[example * input.exampleStride + (y * side + x) * channels])
            * Double(gradients[example * output.exampleStride + (y * (side - 2) + x) * channels])
        }
      }
    }
    #expect(abs(Double(gradWeight[0]) / expected - 1) < Self.tolerance)
  }

  @Test(arguments: [ConvolutionPlan.WeightGradient.direct, .sparse, .winograd])
  func aFusedConvolutionsWeightGradientKeepsItsDigits(_ algorithm: ConvolutionPlan.WeightGradient) {
    let (count, channels, side) = (1300, 4, 30)
    let input = ImageLayout(channels: channels, height: side, width: side)
    let output = ImageLayout(channels: channels, height: side - 2, width: side - 2)
    let block = ConvolutionBlock(
      geometry: ConvolutionGeometry(
        input: input, output: output, window: WindowGeometry(height: 3, width: 3), groups: 1),
      appliesReLU: false, pooling: .none, poolHeight: 1, poolWidth: 1, output: output)
    let kernels = FusedConvolution(block, ConvolutionPlan(.direct, .direct, algorithm))
    let images = terms(count * input.exampleStride + FusedConvolution.readPastEnd, 11)
    let gradients = terms(count * output.exampleStride + FusedConvolution.readPastEnd, 12)
    var gradWeight = [Float](repeating: 0, count: channels * 9 * channels)
    var scratch = [Float](repeating: 0, count: kernels.backwardScratchCount)
    kernels.backward(
      examples: 0..<count, input: images, packedWeight: nil, output: gradients, masks: nil, gradOutput: gradients,
      gradInput: nil, gradWeight: &gradWeight, gradBias: nil, scratch: &scratch)
    // The first channels' weight in the kernel's middle.
    var expected = 0.0
    for example in 0..<count {
      for y in 0..<output.height {
        for x in 0..<output.width {
          expected +=
            Double(images[example * input.exampleStride + (y + 1) * input.rowStride + (x + 1) * channels])
            * Double(gradients[example * output.exampleStride + (y * output.width + x) * channels])
        }
      }
    }
    #expect(abs(Double(gradWeight[4 * channels]) / expected - 1) < Self.tolerance)
  }
}

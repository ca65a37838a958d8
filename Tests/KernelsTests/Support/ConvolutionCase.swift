import Testing

@testable import Kernels

/// A shape of the sweep.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var channels: Int
  var height: Int
  var width: Int
  var outputs: Int
  var kernelHeight: Int
  var kernelWidth: Int
  var strideHeight = 1
  var strideWidth = 1
  var padding = 0
  var pooling = ConvolutionBlock.Pooling.none
  var pool = 1
  var appliesReLU = true
  var count = 2
  /// Stored padding of the output, and of the input beyond the convolution's.
  var outputBorder = 0
  var extraBorder = 0

  var testDescription: String {
    "\(count)×\(channels)×\(height)×\(width) → \(outputs), kernel \(kernelHeight)×\(kernelWidth), "
      + "stride \(strideHeight)×\(strideWidth), padding \(padding), \(pooling) \(pool), ReLU \(appliesReLU), stored padding \(outputBorder) \(extraBorder)"
  }

  var block: ConvolutionBlock {
    let input = ImageLayout(
      channels: channels, height: height, width: width, top: padding + extraBorder, left: padding + extraBorder,
      bottom: padding + extraBorder, right: padding + extraBorder)
    let rows = (height + 2 * padding - kernelHeight) / strideHeight + 1
    let columns = (width + 2 * padding - kernelWidth) / strideWidth + 1
    let window = WindowGeometry(
      height: kernelHeight, width: kernelWidth, strideHeight: strideHeight, strideWidth: strideWidth,
      paddingTop: padding, paddingLeft: padding)
    let geometry = ConvolutionGeometry(
      input: input, output: ImageLayout(channels: outputs, height: rows, width: columns), window: window, groups: 1)
    return ConvolutionBlock(
      geometry: geometry, appliesReLU: appliesReLU, pooling: pooling, poolHeight: pool, poolWidth: pool,
      output: ImageLayout(
        channels: outputs, height: rows / pool, width: columns / pool, top: outputBorder, left: outputBorder,
        bottom: outputBorder, right: outputBorder))
  }

  /// The fused kernels of the shape, if there are any.
  var convolution: FusedConvolution? {
    ConvolutionPlan(block).map { FusedConvolution(block, $0) }
  }

  /// The networks' own shapes, then a seeded sweep.
  static let all: [ConvolutionCase] = {
    typealias Case = ConvolutionCase
    var cases = [
      Case(
        channels: 1, height: 28, width: 28, outputs: 16, kernelHeight: 5, kernelWidth: 5, padding: 2, pooling: .maximum,
        pool: 2, outputBorder: 2),
      Case(
        channels: 16, height: 14, width: 14, outputs: 32, kernelHeight: 5, kernelWidth: 5, padding: 2,
        pooling: .maximum, pool: 2),
      Case(
        channels: 16, height: 14, width: 14, outputs: 32, kernelHeight: 5, kernelWidth: 5, padding: 2,
        pooling: .average, pool: 2),
      Case(
        channels: 16, height: 12, width: 12, outputs: 32, kernelHeight: 5, kernelWidth: 5, pooling: .maximum, pool: 2),
      Case(channels: 3, height: 32, width: 32, outputs: 6, kernelHeight: 5, kernelWidth: 5, pooling: .maximum, pool: 2),
      Case(
        channels: 6, height: 14, width: 14, outputs: 16, kernelHeight: 5, kernelWidth: 5, pooling: .maximum, pool: 2),
      Case(channels: 1, height: 28, width: 28, outputs: 10, kernelHeight: 3, kernelWidth: 3),
      Case(channels: 10, height: 26, width: 26, outputs: 5, kernelHeight: 3, kernelWidth: 3),
    ]
    // Fewer multiplications: three and five columns, tiles that are cut, channels that do and don't fill vectors.
    for (width, pooling) in [
      (7, ConvolutionBlock.Pooling.none), (12, .none), (9, .maximum), (10, .average), (17, .maximum),
    ] {
      for (channels, columns) in [(8, 5), (7, 5), (24, 3), (19, 3), (16, 5)] {
        cases.append(
          Case(
            channels: channels, height: 6, width: width, outputs: 21, kernelHeight: 3, kernelWidth: columns, padding: 1,
            pooling: pooling, pool: pooling == .none ? 1 : 2, outputBorder: 1))
      }
    }
    // Last tiles of one, three and five columns.
    for width in [19, 21, 23] {
      cases.append(
        Case(channels: 24, height: 5, width: width, outputs: 13, kernelHeight: 3, kernelWidth: 3, padding: 1))
    }
    var random = Random(state: 7)
    func stride() -> Int { 1 + random.below(3) / 2 * random.below(3) }
    while cases.count < 200 {
      let pooling: ConvolutionBlock.Pooling = [.none, .maximum, .average][random.below(3)]
      let one = Case(
        channels: [1, 2, 3, 5, 6, 8, 10, 16, 17][random.below(9)], height: 1 + random.below(13),
        width: 1 + random.below(13), outputs: [1, 3, 5, 6, 8, 9, 10, 16, 20, 24, 33][random.below(11)],
        kernelHeight: 1 + random.below(5), kernelWidth: 1 + random.below(5),
        strideHeight: stride(), strideWidth: stride(), padding: random.below(3), pooling: pooling,
        pool: pooling == .none ? 1 : pooling == .average ? 2 : 1 + random.below(3),
        appliesReLU: random.below(4) > 0, count: 1 + random.below(2), outputBorder: random.below(3),
        extraBorder: random.below(2))
      let fits = one.height + 2 * one.padding >= one.kernelHeight && one.width + 2 * one.padding >= one.kernelWidth
      if fits && one.convolution != nil { cases.append(one) }
    }
    return cases
  }()
}

import Testing

@testable import Kernels

/// A fused convolution as the definitions of its layers have it, value by value in Double.
private struct NaiveFusedConvolution {
  var count: Int
  var output: [Float]
  var gradInput: [Float]
  var gradWeight: [Float]
  var gradBias: [Float]

  init(
    _ shape: ConvolutionBlock, count: Int, input: [Float], weight: [Float], bias: [Float], gradOutput: [Float]
  ) {
    self.count = count
    let (window, layout) = (shape.geometry.window, shape.geometry.input)
    let (channels, outputs) = (layout.channels, shape.output.channels)
    output = Array(repeating: 0, count: count * shape.output.exampleStride)
    var inputSums = [Double](repeating: 0, count: count * layout.exampleStride)
    var weightSums = [Double](repeating: 0, count: weight.count)
    var biasSums = [Double](repeating: 0, count: outputs)

    func forEachTap(_ n: Int, _ o: Int, _ y: Int, _ x: Int, _ body: (Int, Int) -> Void) {
      for r in 0..<window.height {
        for k in 0..<window.width {
          let row = y * window.strideHeight - window.paddingTop + r
          let column = x * window.strideWidth - window.paddingLeft + k
          guard row >= 0, row < layout.height, column >= 0, column < layout.width else { continue }
          let pixel = n * layout.exampleStride + layout.origin + row * layout.rowStride + column * channels
          for c in 0..<channels { body(pixel + c, ((o * window.height + r) * window.width + k) * channels + c) }
        }
      }
    }
    for n in 0..<count {
      for o in 0..<outputs {
        for py in 0..<shape.output.height {
          for px in 0..<shape.output.width {
            var values: [(y: Int, x: Int, value: Double)] = []
            for dy in 0..<shape.poolHeight {
              for dx in 0..<shape.poolWidth {
                let (y, x) = (py * shape.poolHeight + dy, px * shape.poolWidth + dx)
                var sum = Double(bias[o])
                forEachTap(n, o, y, x) { sum += Double(input[$0]) * Double(weight[$1]) }
                values.append((y, x, shape.appliesReLU ? max(sum, 0) : sum))
              }
            }
            let place =
              n * shape.output.exampleStride + shape.output.origin + py * shape.output.rowStride + px * outputs + o
            let g = Double(gradOutput[place])
            switch shape.pooling {
            case .average: output[place] = Float(values.reduce(0) { $0 + $1.value } / Double(values.count))
            case .none, .maximum:
              var best = values[0]
              for other in values where other.value > best.value { best = other }
              values = [best]
              output[place] = Float(best.value)
            }
            for (y, x, value) in values where !shape.appliesReLU || value > 0 {
              let share = shape.pooling == .average ? g / 4 : g
              biasSums[o] += share
              forEachTap(n, o, y, x) { pixel, tap in
                inputSums[pixel] += share * Double(weight[tap])
                weightSums[tap] += share * Double(input[pixel])
              }
            }
          }
        }
      }
    }
    (gradInput, gradWeight, gradBias) = (
      inputSums.map(Float.init), weightSums.map(Float.init), biasSums.map(Float.init)
    )
  }
}

/// A shape of the sweep.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  var channels: Int
  var height: Int
  var width: Int
  var outputs: Int
  var kernelHeight: Int
  var kernelWidth: Int
  var stride = 1
  var padding = 0
  var pooling = ConvolutionBlock.Pooling.none
  var pool = 1
  var appliesReLU = true
  var count = 2
  /// Stored padding of the output, and of the input beyond the convolution's.
  var outputBorder = 0
  var extraBorder = 0

  var testDescription: String {
    "\(count)×\(channels)×\(height)×\(width) → \(outputs), kernel \(kernelHeight)×\(kernelWidth), stride \(stride), "
      + "padding \(padding), \(pooling) \(pool), ReLU \(appliesReLU), stored padding \(outputBorder) \(extraBorder)"
  }

  var block: ConvolutionBlock {
    let input = ImageLayout(
      channels: channels, height: height, width: width, top: padding + extraBorder, left: padding + extraBorder,
      bottom: padding + extraBorder, right: padding + extraBorder)
    let rows = (height + 2 * padding - kernelHeight) / stride + 1
    let columns = (width + 2 * padding - kernelWidth) / stride + 1
    let window = WindowGeometry(
      height: kernelHeight, width: kernelWidth, strideHeight: stride, strideWidth: stride, paddingTop: padding,
      paddingLeft: padding)
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
    for (width, pooling) in [(7, ConvolutionBlock.Pooling.none), (9, .maximum), (10, .average), (17, .maximum)] {
      for (channels, columns) in [(8, 5), (7, 5), (16, 3), (5, 3)] {
        cases.append(
          Case(
            channels: channels, height: 6, width: width, outputs: 21, kernelHeight: 3, kernelWidth: columns, padding: 1,
            pooling: pooling, pool: pooling == .none ? 1 : 2, outputBorder: 1))
      }
    }
    var random = Random(state: 7)
    while cases.count < 160 {
      let pooling: ConvolutionBlock.Pooling = [.none, .maximum, .average][random.below(3)]
      let one = Case(
        channels: [1, 2, 3, 5, 6, 8, 10, 16, 17][random.below(9)], height: 1 + random.below(13),
        width: 1 + random.below(13), outputs: [1, 3, 5, 6, 8, 9, 10, 16, 20, 24, 33][random.below(11)],
        kernelHeight: 1 + random.below(5), kernelWidth: 1 + random.below(5),
        stride: 1 + random.below(3) / 2 * random.below(3),
        padding: random.below(3), pooling: pooling,
        pool: pooling == .none ? 1 : pooling == .average ? 2 : 1 + random.below(3),
        appliesReLU: random.below(4) > 0, count: 1 + random.below(2), outputBorder: random.below(3),
        extraBorder: random.below(2))
      let fits = one.height + 2 * one.padding >= one.kernelHeight && one.width + 2 * one.padding >= one.kernelWidth
      if fits && one.stride > 0 && one.convolution != nil { cases.append(one) }
    }
    return cases
  }()
}

/// A small generator, so that a sweep is the same every time.
struct Random {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  mutating func uniform() -> Float { Float(below(1 << 24)) / Float(1 << 23) - 1 }

  mutating func uniform(_ count: Int) -> [Float] { (0..<count).map { _ in uniform() } }
}

/// The largest difference, relative to the largest value; infinite where a value is not finite on one side.
func distance(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  let scale = max(1e-3, b.reduce(0) { max($0, abs($1)) })
  var largest: Float = 0
  for (x, y) in zip(a, b) where x != y {
    guard x.isFinite, y.isFinite else { return .infinity }
    largest = max(largest, abs(x - y))
  }
  return largest / scale
}

@Suite("Fused convolution")
struct FusedConvolutionTests {
  @Test(arguments: ConvolutionCase.all)
  func equalsItsNaiveLoop(_ shape: ConvolutionCase) throws {
    let convolution = try #require(shape.convolution)
    let block = convolution.block
    let (input, output) = (block.geometry.input, block.output)
    var random = Random(state: 3)
    let images = bordered(input, count: shape.count, &random)
    let weight = random.uniform(output.channels * block.kernelRows * block.run)
    let bias = random.uniform(output.channels)
    let gradOutput = random.uniform(shape.count * output.exampleStride + 8)
    let naive = NaiveFusedConvolution(
      block, count: shape.count, input: images, weight: weight, bias: bias, gradOutput: gradOutput)

    var packed = Guarded(convolution.packedWeightCount)
    var values = Guarded(shape.count * output.exampleStride)
    var scratch = Guarded(convolution.forwardScratchCount)
    var masks = [UInt8](repeating: 77, count: shape.count * block.maskCount)
    values.fill(0)
    convolution.packWeights(weight, into: &packed.values)
    for example in 0..<shape.count {
      convolution.forward(
        examples: example..<example + 1, input: images, packedWeight: packed.values, bias: bias,
        output: &values.values, masks: &masks, scratch: &scratch.values)
    }
    #expect(distance(values.kept, naive.output) < 1e-5)

    var packedBackward = Guarded(convolution.packedWeightBackwardCount)
    var gradInput = Guarded(shape.count * input.exampleStride)
    var gradWeight = Guarded(weight.count)
    var gradBias = Guarded(bias.count)
    var scratchBackward = Guarded(convolution.backwardScratchCount)
    gradWeight.fill(0)
    gradBias.fill(0)
    convolution.packWeightsBackward(weight, into: &packedBackward.values)
    for example in 0..<shape.count {
      convolution.backward(
        examples: example..<example + 1, input: images, packedWeight: packedBackward.values, output: values.values,
        masks: masks, gradOutput: gradOutput, gradInput: &gradInput.values, gradWeight: &gradWeight.values,
        gradBias: &gradBias.values, scratch: &scratchBackward.values)
    }
    #expect(
      distance(interior(input, shape.count, gradInput.kept), interior(input, shape.count, naive.gradInput)) < 2e-5)
    #expect(distance(gradWeight.kept, naive.gradWeight) < 2e-5)
    #expect(distance(gradBias.kept, naive.gradBias) < 2e-5)
    for buffer in [packed, values, scratch, packedBackward, gradInput, gradWeight, gradBias, scratchBackward] {
      #expect(buffer.isIntact)
    }
  }

  /// Images of one channel are zero outside of a rectangle, which may be nothing or all.
  private func bordered(_ layout: ImageLayout, count: Int, _ random: inout Random) -> [Float] {
    var images = [Float](repeating: 0, count: count * layout.exampleStride + 8)
    for example in 0..<count {
      let (top, left) = (random.below(layout.height), random.below(layout.width))
      let (bottom, right) = (top + random.below(layout.height), left + random.below(layout.width))
      for index in 0..<layout.valueCount {
        let (y, x) = (index % (layout.height * layout.width)).quotientAndRemainder(dividingBy: layout.width)
        let value = random.uniform()
        let isEmpty = layout.channels == 1 && !((top...bottom).contains(y) && (left...right).contains(x))
        images[example * layout.exampleStride + layout.position(of: index)] = isEmpty ? 0 : value
      }
    }
    return images
  }

  private func interior(_ layout: ImageLayout, _ count: Int, _ images: [Float]) -> [Float] {
    (0..<count).flatMap { example in
      (0..<layout.valueCount).map { images[example * layout.exampleStride + layout.position(of: $0)] }
    }
  }
}

/// A buffer of NaN that notices when something is written past its end.
struct Guarded {
  var values: [Float]
  private let count: Int

  init(_ count: Int) {
    self.count = count
    values = Array(repeating: .nan, count: count + 16)
    for index in count..<count + 16 { values[index] = 1234.5 }
  }

  mutating func fill(_ value: Float) { for index in 0..<count { values[index] = value } }

  var kept: [Float] { Array(values[..<count]) }
  var isIntact: Bool { values[count...].allSatisfy { $0 == 1234.5 } }
}

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

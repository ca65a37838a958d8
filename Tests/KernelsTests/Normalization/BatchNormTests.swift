import Kernels
import Testing

/// The kernels of batch normalisation against loops over all values in Double, and with ReLU against ReLU apart, bit by
/// bit.
@Suite struct BatchNormTests {
  /// A batch: its channels, and where its images have stored padding.
  struct Case: Sendable, CustomTestStringConvertible {
    let channels: Int
    let input: ImageLayout
    let output: ImageLayout
    let count: Int

    var testDescription: String {
      "\(count)×\(channels)×\(input.height)×\(input.width), padding \(input.top) and \(output.top)"
    }

    init(_ channels: Int, _ height: Int, _ width: Int, count: Int, padding: (input: Int, output: Int)) {
      func layout(_ border: Int) -> ImageLayout {
        ImageLayout(
          channels: channels, height: height, width: width, top: border, left: border, bottom: border, right: border)
      }
      (self.channels, self.count) = (channels, count)
      (input, output) = (layout(padding.input), layout(padding.output))
    }

    /// The offsets of all pixels, in the input and in the output.
    var pixels: [(input: Int, output: Int)] {
      (0..<count * input.height * input.width).map { index in
        let (example, pixel) = index.quotientAndRemainder(dividingBy: input.height * input.width)
        func offset(_ layout: ImageLayout) -> Int { example * layout.exampleStride + layout.position(of: pixel) }
        return (offset(input), offset(output))
      }
    }

    var inputCount: Int { count * input.exampleStride }
    var outputCount: Int { count * output.exampleStride }
  }

  static let cases: [Case] = {
    var cases: [Case] = []
    for channels in Array(1...18) + [20, 23, 24, 31, 32, 33, 40, 70] {
      for padding in [(0, 0), (0, 2), (1, 0), (2, 1)] {
        cases.append(Case(channels, 3, 5, count: 3, padding: padding))
      }
      cases.append(Case(channels, 1, 1, count: 19, padding: (0, 0)))
      cases.append(Case(channels, 11, 9, count: 2, padding: (0, 0)))
    }
    return cases
  }()

  /// What training with a batch computes; padding of the results is left as it was, NaN.
  private struct Results {
    var mean: [Double]
    var squares: [Double]
    var output: Guarded
    var gradInput: Guarded
    var gradWeight: [Float]
    var gradBias: [Float]
  }

  private struct Batch {
    let shape: Case
    var values: [Float]
    var gradients: [Float]
    let weight: [Float]
    let bias: [Float]

    init(_ shape: Case) {
      self.shape = shape
      var random = Random(state: 31)
      values = random.uniform(shape.inputCount)
      gradients = random.uniform(shape.outputCount)
      weight = random.uniform(shape.channels)
      bias = random.uniform(shape.channels)
    }

    /// With ReLU behind it, in the same passes or in passes of its own; without where both are false.
    func run(fuses: Bool = false, apart: Bool = false, asksGradInput: Bool = true) -> Results {
      let (input, output, count, channels) = (shape.input, shape.output, shape.count, shape.channels)
      let zeros = [Double](repeating: .nan, count: channels)
      let floats = [Float](repeating: .nan, count: channels)
      var results = Results(
        mean: zeros, squares: zeros, output: Guarded(shape.outputCount), gradInput: Guarded(shape.inputCount),
        gradWeight: floats, gradBias: floats)
      channelMoments(input, count: count, values, mean: &results.mean, sumOfSquaredDeviations: &results.squares)
      let deviation = results.squares.map { 1 / ($0 / Double(shape.pixels.count) + 1e-5).squareRoot() }
      let scale = zip(weight, deviation).map { $0 * Float($1) }
      let shift = (0..<channels).map { Float(Double(bias[$0]) - results.mean[$0] * Double(scale[$0])) }
      var given = Guarded(shape.outputCount)
      scaleAndShift(
        input: input, output: output, count: count, values, scale: scale, shift: shift, appliesReLU: fuses,
        into: &given.values)
      #expect(given.isIntact)
      results.output = given
      var passed = gradients
      if apart {
        activationForward(
          .relu, input: output, output: output, count: count, given.values, into: &results.output.values)
        activationBackward(
          .relu, input: output, output: output, count: count, given.values, result: results.output.values,
          gradOutput: gradients, gradInput: &passed)
      }
      var (scratch, gradInput) = ([Double](repeating: .nan, count: 3 * channels), results.gradInput)
      var (gradWeight, gradBias) = (floats, floats)
      scale.withUnsafeBufferPointer { scale in
        shift.withUnsafeBufferPointer { shift in
          gradInput.values.withUnsafeMutableBufferPointer { gradInput in
            guard let scale = scale.baseAddress, let shift = shift.baseAddress else { return }
            batchNormBackward(
              input: input, output: output, count: count, values, mean: results.mean, inverseDeviation: deviation,
              weight: weight, relu: fuses ? (scale, shift) : nil, gradOutput: passed,
              gradInput: asksGradInput ? gradInput.baseAddress : nil, gradWeight: &gradWeight,
              gradBias: &gradBias, scratch: &scratch)
          }
        }
      }
      (results.gradInput, results.gradWeight, results.gradBias) = (gradInput, gradWeight, gradBias)
      return results
    }
  }

  @Test(arguments: cases)
  func momentsAreThoseOfAllPixels(_ shape: Case) {
    let batch = Batch(shape)
    let found = batch.run()
    for channel in 0..<shape.channels {
      let values = shape.pixels.map { Double(batch.values[$0.input + channel]) }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs(found.mean[channel] - mean) < 1e-13)
      #expect(abs(found.squares[channel] - squares) < 1e-13 * Double(values.count))
    }
  }

  @Test func momentsKeepTheirDigits() {
    let (pixels, channels) = (300_000, 9)
    let layout = ImageLayout(channels: channels, height: 1000, width: 3)
    var random = Random(state: 3)
    // A mean far from zero, a first pixel that is none of the usual, and one that is most of the variance.
    let cases: [(offset: Float, first: Float, tolerance: Double)] = [
      (1000, 1000, 1e-11), (-3, 0, 1e-11), (0, 100, 4e-9), (0, 1e5, 6e-8),
    ]
    for (offset, first, tolerance) in cases {
      var values = random.uniform(pixels * channels).map { $0 + offset }
      for channel in 0..<channels { values[channel] = first }
      var (mean, squares) = ([Double](repeating: .nan, count: channels), [Double](repeating: .nan, count: channels))
      channelMoments(layout, count: pixels / 3000, values, mean: &mean, sumOfSquaredDeviations: &squares)
      for channel in 0..<channels {
        let own = stride(from: channel, to: values.count, by: channels).map { Double(values[$0]) }
        let center = own.reduce(0, +) / Double(pixels)
        let expected = own.reduce(0) { $0 + ($1 - center) * ($1 - center) }
        #expect(abs(mean[channel] - center) < tolerance * Double(1 + abs(offset)))
        #expect(abs(squares[channel] / expected - 1) < tolerance)
      }
    }
  }

  @Test func aChannelOfOneValueHasNoVariance() {
    let layout = ImageLayout(channels: 11, height: 7, width: 3)
    let values = (0..<4 * layout.valueCount).map { 0.1 + Float($0 % 11) }
    var (mean, squares) = ([Double](repeating: .nan, count: 11), [Double](repeating: .nan, count: 11))
    channelMoments(layout, count: 4, values, mean: &mean, sumOfSquaredDeviations: &squares)
    let channelValues = (0..<11).map { Double(0.1 + Float($0)) }
    #expect(mean == channelValues)
    #expect(squares.allSatisfy { $0 == 0 })
  }

  @Test(arguments: cases)
  func valuesAndGradientsAreThoseOfTheFormula(_ shape: Case) {
    let batch = Batch(shape)
    let found = batch.run()
    #expect(found.gradInput.isIntact)
    let pixels = Double(shape.pixels.count)
    for channel in 0..<shape.channels {
      let deviation = 1 / (found.squares[channel] / pixels + 1e-5).squareRoot()
      let (weight, bias) = (Double(batch.weight[channel]), Double(batch.bias[channel]))
      var (plain, normalised) = (0.0, 0.0)
      func normal(_ input: Int) -> Double { (Double(batch.values[input + channel]) - found.mean[channel]) * deviation }
      for (input, output) in shape.pixels {
        #expect(abs(Double(found.output.values[output + channel]) - (normal(input) * weight + bias)) < 1e-5)
        plain += Double(batch.gradients[output + channel])
        normalised += Double(batch.gradients[output + channel]) * normal(input)
      }
      #expect(abs(Double(found.gradBias[channel]) - plain) < 1e-5)
      #expect(abs(Double(found.gradWeight[channel]) - normalised) < 1e-5)
      for (input, output) in shape.pixels {
        let gradient = Double(batch.gradients[output + channel])
        let expected = weight * deviation * (gradient - plain / pixels - normal(input) * normalised / pixels)
        #expect(abs(Double(found.gradInput.values[input + channel]) - expected) < 1e-5)
      }
    }
    let (written, writtenBack) = (shape.pixels.count * shape.channels, found.gradInput.kept)
    #expect(found.output.kept.count { !$0.isNaN } == written && writtenBack.count { !$0.isNaN } == written)
  }

  @Test(arguments: cases)
  func reluInTheSamePassesChangesNoBit(_ shape: Case) {
    check(Batch(shape))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func reluInTheSamePassesChangesNoBitOfWhatIsNotFinite(_ value: Float) {
    for shape in Self.cases {
      var batch = Batch(shape)
      let last = shape.pixels.count - 1
      batch.values[shape.pixels[last].input] = value
      batch.gradients[shape.pixels[last / 2].output + shape.channels - 1] = value
      check(batch)
    }
  }

  private func check(_ batch: Batch) {
    func bits(_ values: [Float]) -> [UInt32] { values.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern } }
    let (fused, apart) = (batch.run(fuses: true), batch.run(apart: true))
    #expect(fused.output.isIntact && fused.gradInput.isIntact)
    #expect(bits(fused.output.kept) == bits(apart.output.kept))
    #expect(bits(fused.gradInput.kept) == bits(apart.gradInput.kept))
    #expect(bits(fused.gradWeight) == bits(apart.gradWeight))
    #expect(bits(fused.gradBias) == bits(apart.gradBias))
    let frozen = batch.run(fuses: true, asksGradInput: false)
    #expect(bits(frozen.gradWeight) == bits(fused.gradWeight) && bits(frozen.gradBias) == bits(fused.gradBias))
  }
}

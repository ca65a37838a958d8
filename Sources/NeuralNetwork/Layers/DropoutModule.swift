import Architectures
import Kernels

/// Drops values or channels with a probability and scales the others; in evaluation it does nothing.
final class DropoutModule: Module {
  private let form: Dropout.Form
  private let probability: Double
  private let factors: Int

  init(_ dropout: Dropout, input: ImageLayout, output: ImageLayout, _ planner: inout Planner) {
    (form, probability) = (dropout.form, dropout.probability)
    factors = planner.reserve(planner.batchSize * input.exampleStride)
    planner.needScratch(input.height * input.width)
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    guard context.isTraining, probability > 0 else {
      return copyImages(from: input, values, to: output, count: context.count, into: result)
    }
    drawFactors(context)
    let shifts = alphaShifts
    multiply(
      input: input, output: output, count: context.count, values, by: context.workspace + factors,
      plus: shifts.kept, orWhereZero: shifts.dropped, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    guard probability > 0 else {
      return copyImages(from: output, gradOutput, to: input, count: context.count, into: gradInput)
    }
    multiply(
      input: output, output: input, count: context.count, gradOutput, by: context.workspace + factors, into: gradInput,
      factorsFollowOutput: true)
  }

  /// Draws in PyTorch's order, `[N][C][H][W]`. At probability 1 PyTorch multiplies by zero and draws nothing.
  private func drawFactors(_ context: ModuleContext) {
    let mask = context.workspace + factors
    guard probability < 1 else { return zero(mask, count: context.count * input.exampleStride) }
    guard let generator = context.generator else { preconditionFailure("dropout needs a generator to train with") }
    let kept = 1 - probability
    if case .channels = form { return drawChannels(context, generator, kept) }
    let factor = form == .alpha ? Float(alphaScale) : 1 / Float(kept)
    let (plane, pixels) = (context.scratch, input.height * input.width)
    for example in 0..<context.count {
      let image = mask + example * input.exampleStride + input.origin
      // The values of one pixel lie in the order of the draws.
      if pixels == 1 {
        generator.bernoulli(kept, times: factor, count: input.channels, into: image)
        continue
      }
      for channel in 0..<input.channels {
        generator.bernoulli(kept, times: factor, count: pixels, into: plane)
        for row in 0..<input.height {
          let (source, target) = (plane + row * input.width, image + row * input.rowStride + channel)
          for column in 0..<input.width { target[column * input.channels] = source[column] }
        }
      }
    }
  }

  /// Draws a factor for each channel of each example, in the order `[N][C]`.
  private func drawChannels(_ context: ModuleContext, _ generator: Generator, _ kept: Double) {
    let factor = 1 / Float(kept)
    for example in 0..<context.count {
      let image = context.workspace + factors + example * input.exampleStride + input.origin
      for channel in 0..<input.channels { image[channel] = generator.bernoulli(kept) ? factor : 0 }
      for row in 0..<input.height {
        for column in 0..<input.width where row + column > 0 {
          (image + row * input.rowStride + column * input.channels).update(from: image, count: input.channels)
        }
      }
    }
  }

  /// What SELU nears below zero, with the opposite sign, as torch's alpha_dropout has it.
  private static let alpha = 1.758_099_340_847_376_6

  /// The factor with which an alpha dropout keeps the variance.
  private var alphaScale: Double { 1 / ((Self.alpha * Self.alpha * probability + 1) * (1 - probability)).squareRoot() }

  /// What an alpha dropout adds to values that are kept and to those that are dropped, with which it keeps the mean;
  /// nothing where all are dropped, as in PyTorch.
  private var alphaShifts: (kept: Float, dropped: Float) {
    guard form == .alpha, probability < 1 else { return (0, 0) }
    let shift = Float(Self.alpha * alphaScale * probability)
    return (shift, Float(-Self.alpha * alphaScale) + shift)
  }
}

extension Dropout: CompiledLayer {
  var inputOrder: InputOrder {
    if case .channels = form { .images } else { .values }
  }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    DropoutModule(self, input: input, output: output, &planner)
  }
}

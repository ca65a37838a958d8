import Architectures
import Kernels

/// Sets values to zero with a probability and scales the others up; in evaluation it does nothing.
final class DropoutModule: Module {
  private let probability: Double
  private let factors: Int

  init(probability: Double, input: ImageLayout, output: ImageLayout, _ planner: inout Planner) {
    self.probability = probability
    factors = planner.reserve(planner.batchSize * input.exampleStride)
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    guard context.isTraining, probability > 0 else {
      return copyImages(from: input, values, to: output, count: context.count, into: result)
    }
    drawFactors(context)
    multiply(
      input: input, output: output, count: context.count, values, by: context.workspace + factors, into: result)
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
    let factor = 1 / Float(kept)
    for example in 0..<context.count {
      for channel in 0..<input.channels {
        for row in 0..<input.height {
          let start = mask + example * input.exampleStride + input.origin + row * input.rowStride + channel
          for column in 0..<input.width {
            start[column * input.channels] = generator.bernoulli(kept) ? factor : 0
          }
        }
      }
    }
  }
}

extension Dropout: CompiledLayer {
  var inputOrder: InputOrder { .values }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    DropoutModule(probability: probability, input: input, output: output, &planner)
  }
}

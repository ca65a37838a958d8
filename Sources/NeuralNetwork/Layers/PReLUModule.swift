import Architectures
import Kernels

/// Values that are positive as they are, the others times a learnt slope.
final class PReLUModule: Module {
  private let weight: Int
  private let isShared: Bool
  private let trainable: Bool

  init(
    _ prelu: PReLU, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, _ planner: inout Planner
  ) {
    trainable = resolved.layer.trainable
    isShared = prelu.parameterCount == 1
    weight = planner.parameter(resolved.parameters[0], trainable: trainable, .constant(0.25))
    planner.needScratch(2 * prelu.parameterCount + 2)
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { trainable }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    preluForward(
      input: input, output: output, count: context.count, values, slopes: context.parameters + weight,
      isShared: isShared, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    preluBackward(
      input: input, output: output, count: context.count, values, slopes: context.parameters + weight,
      isShared: isShared, gradOutput: gradOutput, gradInput: gradInput,
      gradSlopes: trainable ? context.gradients + weight : nil,
      sums: context.scratch.doubles(isShared ? 1 : input.channels))
  }
}

extension PReLU: CompiledLayer {
  var inputOrder: InputOrder { parameterCount == 1 ? .values : .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    PReLUModule(self, resolved, input: input, output: output, &planner)
  }
}

import Architectures
import Kernels

/// A cross-correlation of any geometry; padding that is not zero is filled before.
///
/// The weights are stored as `[output channel][row][column][input channel of the group]`.
final class ConvolutionModule: Module {
  private let kernels: PlainConvolution
  private let paddingFill: PaddingFill?
  private let weight: ConvolutionWeights

  init(
    _ kernels: PlainConvolution, _ weight: ConvolutionWeights, paddingFill: PaddingFill?, output: ImageLayout,
    _ planner: inout Planner
  ) {
    (self.kernels, self.weight, self.paddingFill) = (kernels, weight, paddingFill)
    planner.needScratch(kernels.scratchCount)
    super.init(input: kernels.geometry.input, output: output)
  }

  override var isTrainable: Bool { weight.trainable }
  override var plan: String? { kernels.plan.description }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    if let paddingFill { fillPadding(input, with: paddingFill, count: context.count, values) }
    kernels.forward(
      count: context.count, input: values, weight: context.parameters + weight.weight,
      bias: weight.bias.map { context.parameters + $0 }, output: result, scratch: context.scratch)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    kernels.backward(
      count: context.count, input: values, weight: context.parameters + weight.weight, gradOutput: gradOutput,
      gradInput: gradInput, gradWeight: weight.trainable ? context.gradients + weight.weight : nil,
      gradBias: weight.trainable ? weight.bias.map { context.gradients + $0 } : nil, scratch: context.scratch)
    if let paddingFill, let gradInput {
      fillPaddingBackward(input, with: paddingFill, count: context.count, gradInput)
    }
  }
}

extension Convolution: CompiledLayer {
  var inputOrder: InputOrder { .images }
  var borderMode: PaddingMode { paddingMode }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    stage.convolutionModule(self, resolved, input: input, output: output, &planner)
  }
}

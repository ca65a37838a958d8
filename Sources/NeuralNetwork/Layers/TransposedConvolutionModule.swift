import Architectures
import Kernels

/// The adjoint of a convolution; the weights are stored as `[input channel][row][column][output channel]`.
final class TransposedConvolutionModule: Module {
  private let kernels: AdjointConvolution
  private let weight: Int
  private let bias: Int?
  private let trainable: Bool

  init(
    _ convolution: TransposedConvolution, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout,
    _ planner: inout Planner
  ) {
    let geometry = ConvolutionGeometry(
      input: output, output: input,
      window: WindowGeometry(
        height: convolution.kernelSize.height, width: convolution.kernelSize.width,
        strideHeight: convolution.stride.height, strideWidth: convolution.stride.width,
        dilationHeight: convolution.dilation.height, dilationWidth: convolution.dilation.width,
        paddingTop: convolution.padding.height, paddingLeft: convolution.padding.width),
      groups: convolution.groups)
    kernels = AdjointConvolution(PlainConvolution(geometry, ConvolutionPlan(plain: geometry)))
    trainable = resolved.layer.trainable
    let positions = convolution.kernelSize.height * convolution.kernelSize.width
    // PyTorch takes the second dimension as fan-in here too, which is the group's output channels.
    weight = planner.parameter(
      resolved.parameters[0], trainable: trainable,
      order: .channelsLast(channels: output.channels / convolution.groups, positions: positions),
      .kaimingUniform(fanIn: geometry.patchSize))
    bias =
      convolution.bias
      ? planner.parameter(resolved.parameters[1], trainable: trainable, .uniform(fanIn: geometry.patchSize)) : nil
    planner.needScratch(kernels.scratchCount)
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { trainable }
  override var plan: String? { kernels.convolution.plan.transposedDescription }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    kernels.forward(
      count: context.count, input: values, weight: context.parameters + weight,
      bias: bias.map { context.parameters + $0 }, output: result, scratch: context.scratch)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    kernels.backward(
      count: context.count, input: values, weight: context.parameters + weight, gradOutput: gradOutput,
      gradInput: gradInput, gradWeight: trainable ? context.gradients + weight : nil,
      gradBias: trainable ? bias.map { context.gradients + $0 } : nil, scratch: context.scratch)
  }
}

extension TransposedConvolution: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    TransposedConvolutionModule(self, resolved, input: input, output: output, &planner)
  }
}

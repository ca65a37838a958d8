import Architectures
import Kernels

/// A cross-correlation; the weights are stored as `[output channel][row][column][input channel]`.
final class ConvolutionModule: Module {
  private let geometry: ConvolutionGeometry
  private let border: BorderContent?
  private let weight: Int
  private let bias: Int?
  private let trainable: Bool

  init(
    _ convolution: Convolution, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout,
    _ planner: inout Planner
  ) {
    let padding = convolution.border
    geometry = ConvolutionGeometry(
      input: input, output: output,
      window: WindowGeometry(
        height: convolution.kernelSize.height, width: convolution.kernelSize.width,
        strideHeight: convolution.stride.height, strideWidth: convolution.stride.width,
        dilationHeight: convolution.dilation.height, dilationWidth: convolution.dilation.width,
        paddingTop: padding.top, paddingLeft: padding.left),
      groups: convolution.groups)
    border =
      switch convolution.paddingMode {
      case .zeros: nil
      case .reflect: .reflect
      case .replicate: .replicate
      case .circular: .circular
      }
    trainable = resolved.layer.trainable
    let positions = convolution.kernelSize.height * convolution.kernelSize.width
    weight = planner.parameter(
      resolved.parameters[0], trainable: trainable,
      order: .channelsLast(channels: input.channels / convolution.groups, positions: positions),
      .kaimingUniform(fanIn: geometry.patchSize))
    bias =
      convolution.bias
      ? planner.parameter(resolved.parameters[1], trainable: trainable, .uniform(fanIn: geometry.patchSize)) : nil
    planner.needScratch(geometry.scratchCount)
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { trainable }

  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    if let border { fillBorder(input, content: border, count: pass.count, values) }
    convolutionForward(
      geometry, count: pass.count, input: values, weight: pass.parameters + weight,
      bias: bias.map { pass.parameters + $0 }, output: result, scratch: pass.scratch)
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    convolutionBackward(
      geometry, count: pass.count, input: values, weight: pass.parameters + weight, gradOutput: gradOutput,
      gradInput: gradInput, gradWeight: trainable ? pass.gradients + weight : nil,
      gradBias: trainable ? bias.map { pass.gradients + $0 } : nil, scratch: pass.scratch)
    if let border, let gradInput {
      fillBorderBackward(input, content: border, count: pass.count, gradInput)
    }
  }
}

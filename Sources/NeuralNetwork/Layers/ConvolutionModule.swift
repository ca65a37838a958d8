import Architectures
import Kernels

/// A cross-correlation; the weights are stored as `[output channel][row][column][input channel]`.
final class ConvolutionModule: Module {
  private let geometry: ConvolutionGeometry
  private let border: BorderContent?
  private let parameters: ConvolutionWeights

  init(
    _ convolution: Convolution, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout,
    _ planner: inout Planner
  ) {
    geometry = ConvolutionGeometry(convolution, input: input, output: output)
    border =
      switch convolution.paddingMode {
      case .zeros: nil
      case .reflect: .reflect
      case .replicate: .replicate
      case .circular: .circular
      }
    parameters = ConvolutionWeights(convolution, resolved, geometry, &planner)
    planner.needScratch(geometry.scratchCount)
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { parameters.trainable }

  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    if let border { fillBorder(input, content: border, count: pass.count, values) }
    convolutionForward(
      geometry, count: pass.count, input: values, weight: pass.parameters + parameters.weight,
      bias: parameters.bias.map { pass.parameters + $0 }, output: result, scratch: pass.scratch)
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    convolutionBackward(
      geometry, count: pass.count, input: values, weight: pass.parameters + parameters.weight, gradOutput: gradOutput,
      gradInput: gradInput, gradWeight: parameters.trainable ? pass.gradients + parameters.weight : nil,
      gradBias: parameters.trainable ? parameters.bias.map { pass.gradients + $0 } : nil, scratch: pass.scratch)
    if let border, let gradInput {
      fillBorderBackward(input, content: border, count: pass.count, gradInput)
    }
  }
}

extension Convolution: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    if let kernels = stage.direct(self, input: input, output: output) {
      return DirectConvolutionModule(kernels, ConvolutionWeights(self, resolved, kernels.geometry, &planner), &planner)
    }
    return ConvolutionModule(self, resolved, input: input, output: output, &planner)
  }
}

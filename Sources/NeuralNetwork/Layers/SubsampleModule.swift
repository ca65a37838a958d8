import Architectures
import Kernels

/// Every so many rows and columns, with channels of zeros around the input's.
final class SubsampleModule: Module {
  private let stride: Extent
  private let firstChannel: Int

  init(_ layer: Subsample, input: ImageLayout, output: ImageLayout) {
    (stride, firstChannel) = (layer.stride, (output.channels - input.channels) / 2)
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    subsampleForward(
      rows: stride.height, columns: stride.width, firstChannel: firstChannel, input: input, output: output,
      count: context.count, values, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    subsampleBackward(
      rows: stride.height, columns: stride.width, firstChannel: firstChannel, input: input, output: output,
      count: context.count, gradOutput: gradOutput, gradInput: gradInput)
  }
}

extension Subsample: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    SubsampleModule(self, input: input, output: output)
  }
}

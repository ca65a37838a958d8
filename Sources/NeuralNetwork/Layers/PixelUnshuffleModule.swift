import Architectures
import Kernels

/// Squares of neighbouring pixels as channels.
final class PixelUnshuffleModule: Module {
  private let factor: Int

  init(_ layer: PixelUnshuffle, input: ImageLayout, output: ImageLayout) {
    factor = layer.factor
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    pixelUnshuffleForward(
      factor: factor, input: input, output: output, count: context.count, values, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    pixelUnshuffleBackward(
      factor: factor, input: input, output: output, count: context.count, gradOutput: gradOutput, gradInput: gradInput)
  }
}

extension PixelUnshuffle: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    PixelUnshuffleModule(self, input: input, output: output)
  }
}

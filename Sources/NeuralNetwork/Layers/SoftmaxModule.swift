import Architectures
import Kernels

/// The softmax over the channels of each pixel.
final class SoftmaxModule: Module {
  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    forEachPixelRun(context) { from, to, pixels in
      softmaxForward(rows: pixels, classes: input.channels, values + from, into: result + to)
    }
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    forEachPixelRun(context) { from, to, pixels in
      softmaxBackward(
        rows: pixels, classes: input.channels, result: result + to, gradOutput: gradOutput + to,
        gradInput: gradInput + from)
    }
  }
}

extension Softmax: CompiledLayer {
  var inputOrder: InputOrder { .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    SoftmaxModule(input: input, output: output)
  }
}

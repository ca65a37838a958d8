import Architectures
import Kernels

/// The softmax over the channels of each pixel, or its logarithm.
final class SoftmaxModule: Module {
  private let isLogarithm: Bool

  init(isLogarithm: Bool, input: ImageLayout, output: ImageLayout) {
    self.isLogarithm = isLogarithm
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let function = isLogarithm ? logSoftmaxForward : softmaxForward
    forEachPixelRun(context) { from, to, pixels in function(pixels, input.channels, values + from, result + to) }
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    let function = isLogarithm ? logSoftmaxBackward : softmaxBackward
    forEachPixelRun(context) { from, to, pixels in
      function(pixels, input.channels, result + to, gradOutput + to, gradInput + from)
    }
  }
}

extension Softmax: CompiledLayer {
  var inputOrder: InputOrder { .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    SoftmaxModule(isLogarithm: false, input: input, output: output)
  }
}

extension LogSoftmax: CompiledLayer {
  var inputOrder: InputOrder { .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    SoftmaxModule(isLogarithm: true, input: input, output: output)
  }
}

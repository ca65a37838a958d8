import Architectures
import Kernels

/// Each value divided by what its neighbours in other channels are.
final class LocalResponseNormModule: Module {
  private let response: LocalResponse

  init(_ norm: LocalResponseNorm, input: ImageLayout, output: ImageLayout, _ planner: inout Planner) {
    response = LocalResponse(size: norm.size, alpha: norm.alpha, beta: norm.beta, k: norm.k)
    planner.needScratch(4 * input.channels + 2)
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    forEachPixelRun(context) { from, to, pixels in
      response.forward(pixels: pixels, channels: input.channels, values + from, into: result + to)
    }
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    let scratch = context.scratch.doubles(2 * input.channels)
    forEachPixelRun(context) { from, to, pixels in
      response.backward(
        pixels: pixels, channels: input.channels, values + from, gradOutput: gradOutput + to,
        gradInput: gradInput + from, scratch: scratch)
    }
  }
}

extension LocalResponseNorm: CompiledLayer {
  var inputOrder: InputOrder { .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    LocalResponseNormModule(self, input: input, output: output, &planner)
  }
}

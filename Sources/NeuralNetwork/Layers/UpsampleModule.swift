import Architectures
import Kernels

/// Images made larger by repeating the nearest pixels.
final class UpsampleModule: Module {
  private let pixels: NearestPixels

  init(_ upsample: Upsample, input: ImageLayout, output: ImageLayout) {
    pixels = NearestPixels(
      rows: Upsample.sources(input: input.height, output: output.height, scale: upsample.scale?.first),
      columns: Upsample.sources(input: input.width, output: output.width, scale: upsample.scale?.last))
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    nearestForward(pixels, input: input, output: output, count: context.count, values, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    nearestBackward(
      pixels, input: input, output: output, count: context.count, gradOutput: gradOutput, gradInput: gradInput)
  }
}

extension Upsample: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    UpsampleModule(self, input: input, output: output)
  }
}

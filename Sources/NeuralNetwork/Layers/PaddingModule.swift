import Architectures
import Kernels

/// Images with something added around them.
final class PaddingModule: Module {
  private let border: Border
  private let padding: AddedPadding

  init(_ layer: ImagePadding, input: ImageLayout, output: ImageLayout) {
    border = layer.sides
    padding =
      switch layer.fill {
      case .zero: .constant(0)
      case .constant: .constant(Float(layer.value))
      case .reflection: .image(.reflect)
      case .replication: .image(.replicate)
      case .circular: .image(.circular)
      }
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    paddingForward(
      padding, top: border.top, left: border.left, input: input, output: output, count: context.count, values,
      into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    paddingBackward(
      padding, top: border.top, left: border.left, input: input, output: output, count: context.count,
      gradOutput: gradOutput, gradInput: gradInput)
  }
}

extension ImagePadding: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    PaddingModule(self, input: input, output: output)
  }
}

import Architectures
import Kernels

/// One function for every value.
final class ActivationModule: Module {
  private let function: ElementwiseFunction

  init(_ activation: Activation, input: ImageLayout, output: ImageLayout) {
    let name = activation.function.rawValue
    guard let function = ElementwiseFunction(name: name, options: activation.values.map { Float($0) }) else {
      preconditionFailure("no kernel computes the activation \(name)")
    }
    self.function = function
    super.init(input: input, output: output)
  }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    activationForward(function, input: input, output: output, count: context.count, values, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    activationBackward(
      function, input: input, output: output, count: context.count, values, result: result, gradOutput: gradOutput,
      gradInput: gradInput)
  }
}

extension Activation: CompiledLayer {
  var inputOrder: InputOrder { .values }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    ActivationModule(self, input: input, output: output)
  }
}

import Kernels

/// Copies images into another order or another border; no layer that people see.
final class ReorderModule: Module {
  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    reorder(from: input, values, to: output, count: context.count, into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    reorder(from: output, gradOutput, to: input, count: context.count, into: gradInput)
  }
}

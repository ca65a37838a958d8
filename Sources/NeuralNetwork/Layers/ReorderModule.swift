import Kernels

/// Copies images into another order or another border; no layer that people see.
final class ReorderModule: Module {
  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    reorder(from: input, values, to: output, count: pass.count, into: result)
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    reorder(from: output, gradOutput, to: input, count: pass.count, into: gradInput)
  }
}

import Architectures
import Kernels

/// The logarithm of the soft-max over the channels of each pixel.
final class LogSoftmaxModule: Module {
  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    forEachRun(pass) { from, to, pixels in
      logSoftmaxForward(rows: pixels, classes: input.channels, values + from, into: result + to)
    }
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    forEachRun(pass) { from, to, pixels in
      logSoftmaxBackward(
        rows: pixels, classes: input.channels, result: result + to, gradOutput: gradOutput + to,
        gradInput: gradInput + from)
    }
  }

  /// Calls with where pixels that lie side by side begin, in the input and in the output, and how many they are:
  /// either may have a border around its images.
  private func forEachRun(_ pass: Pass, _ body: (_ input: Int, _ output: Int, _ pixels: Int) -> Void) {
    if input.isContiguous, output.isContiguous { return body(0, 0, pass.count * input.height * input.width) }
    for example in 0..<pass.count {
      for row in 0..<input.height {
        body(
          example * input.exampleStride + input.origin + row * input.rowStride,
          example * output.exampleStride + output.origin + row * output.rowStride, input.width)
      }
    }
  }
}

extension LogSoftmax: CompiledLayer {
  var inputOrder: InputOrder { .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    LogSoftmaxModule(input: input, output: output)
  }
}

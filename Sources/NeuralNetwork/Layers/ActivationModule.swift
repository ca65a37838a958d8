import Architectures
import Kernels

/// One function for every value.
final class ActivationModule: Module {
  private let function: ElementwiseFunction

  init(_ activation: Activation, input: ImageLayout, output: ImageLayout) {
    function =
      switch activation {
      case .relu: .relu
      case .leakyReLU(let slope): .leakyReLU(slope: Float(slope))
      case .elu(let alpha): .elu(alpha: Float(alpha))
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      }
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

/// The logarithm of the soft-max over the channels of each pixel.
final class LogSoftmaxModule: Module {
  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    forEachRun(context) { from, to, pixels in
      logSoftmaxForward(rows: pixels, classes: input.channels, values + from, into: result + to)
    }
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    forEachRun(context) { from, to, pixels in
      logSoftmaxBackward(
        rows: pixels, classes: input.channels, result: result + to, gradOutput: gradOutput + to,
        gradInput: gradInput + from)
    }
  }

  /// Calls with where pixels that lie side by side begin, in the input and in the output, and how many they are:
  /// either may have a border around its images.
  private func forEachRun(_ context: ModuleContext, _ body: (_ input: Int, _ output: Int, _ pixels: Int) -> Void) {
    if input.isContiguous, output.isContiguous { return body(0, 0, context.count * input.height * input.width) }
    for example in 0..<context.count {
      for row in 0..<input.height {
        body(
          example * input.exampleStride + input.origin + row * input.rowStride,
          example * output.exampleStride + output.origin + row * output.rowStride, input.width)
      }
    }
  }
}

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

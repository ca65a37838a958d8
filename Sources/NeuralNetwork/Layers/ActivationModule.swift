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
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    activationForward(function, input: input, output: output, count: pass.count, values, into: result)
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    activationBackward(
      function, input: input, output: output, count: pass.count, values, result: result, gradOutput: gradOutput,
      gradInput: gradInput)
  }
}

/// The logarithm of the soft-max over the channels of each pixel.
final class LogSoftmaxModule: Module {
  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    logSoftmaxForward(rows: rows(pass), classes: input.channels, values, into: result)
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    guard let gradInput else { return }
    logSoftmaxBackward(
      rows: rows(pass), classes: input.channels, result: result, gradOutput: gradOutput, gradInput: gradInput)
  }

  private func rows(_ pass: Pass) -> Int { pass.count * input.height * input.width }
}

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

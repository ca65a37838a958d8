import Glibc

/// A function applied to every value by itself.
package enum ElementwiseFunction: Sendable {
  /// `max(x, 0)`; NaN stays NaN.
  case relu
  /// `x` where it is positive, otherwise `slope · x`.
  case leakyReLU(slope: Float)
  /// `x` where it is positive, otherwise `alpha · (exp(x) − 1)`.
  case elu(alpha: Float)
  /// `1 / (1 + exp(−x))`
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

  /// The function that PyTorch's module of this name, in snake_case, computes; `nil` where there is none.
  ///
  /// - Parameter options: the module's options in the order of its arguments.
  package init?(name: String, options: [Float]) {
    switch name {
    case "relu": self = .relu
    case "leaky_relu": self = .leakyReLU(slope: options[0])
    case "elu": self = .elu(alpha: options[0])
    case "sigmoid": self = .sigmoid
    case "tanh": self = .tanh
    default: return nil
    }
  }
}

/// Applies a function to every value inside the padding.
package func activationForward(
  _ function: ElementwiseFunction, input: ImageLayout, output: ImageLayout, count: Int,
  _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
) {
  forEachRun(count, input, output) { source, target, length in
    let (x, y) = (values + source, result + target)
    switch function {
    case .relu: for index in 0..<length { y[index] = x[index] <= 0 ? 0 : x[index] }
    case .leakyReLU(let slope): for index in 0..<length { y[index] = x[index] > 0 ? x[index] : x[index] * slope }
    case .elu(let alpha): for index in 0..<length { y[index] = x[index] > 0 ? x[index] : alpha * expm1f(x[index]) }
    case .sigmoid: map8(x, y, count: length) { 1 / (1 + exponential(-$0)) }
    case .tanh: map8(x, y, count: length) { hyperbolicTangent($0) }
    }
  }
}

/// The gradient of ``activationForward(_:input:output:count:_:into:)``.
///
/// - Parameters:
///   - values: what went in; `result`: what came out.
///   - gradInput: laid out as the input; may lie where `gradOutput` does, if the layouts agree.
package func activationBackward(
  _ function: ElementwiseFunction, input: ImageLayout, output: ImageLayout, count: Int,
  _ values: UnsafePointer<Float>, result: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>
) {
  forEachRun(count, input, output) { source, target, length in
    let (x, y, g, d) = (values + source, result + target, gradOutput + target, gradInput + source)
    switch function {
    case .relu: for index in 0..<length { d[index] = x[index] <= 0 ? 0 : g[index] }
    case .leakyReLU(let slope): for index in 0..<length { d[index] = x[index] > 0 ? g[index] : g[index] * slope }
    case .elu(let alpha):
      for index in 0..<length { d[index] = x[index] > 0 ? g[index] : g[index] * alpha * expf(x[index]) }
    case .sigmoid: for index in 0..<length { d[index] = g[index] * (1 - y[index]) * y[index] }
    case .tanh: for index in 0..<length { d[index] = g[index] * (1 - y[index] * y[index]) }
    }
  }
}

/// Multiplies every value inside the padding by its factor; both gradients and values go through dropout this way.
///
/// - Parameter factors: laid out as the input.
package func multiply(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, by factors: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>, factorsFollowOutput: Bool = false
) {
  forEachRun(count, input, output) { source, target, length in
    let (x, y) = (values + source, result + target)
    let m = factors + (factorsFollowOutput ? target : source)
    for index in 0..<length { y[index] = x[index] * m[index] }
  }
}

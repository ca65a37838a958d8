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
  /// `x · Φ(x)` with the normal distribution Φ.
  case gelu
  /// `x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))`
  case geluByTanh
  /// `x / (1 + exp(−x))`
  case silu
  /// `log(1 + exp(beta · x)) / beta`, and `x` where `beta · x` is above `threshold`.
  case softplus(beta: Float, threshold: Float)
  /// `x · min(max(x + 3, 0), 6) / 6`
  case hardswish
  /// `x · tanh(log(1 + exp(x)))`
  case mish
  /// `scale · x` where it is positive, otherwise `scale · alpha · (exp(x) − 1)`.
  case selu
  /// `min(max(x, low), high)`; NaN stays NaN.
  case clamp(low: Float, high: Float)

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
    case "gelu": self = options[0] == 0 ? .gelu : .geluByTanh
    case "silu": self = .silu
    case "softplus": self = .softplus(beta: options[0], threshold: options[1])
    case "hardswish": self = .hardswish
    case "mish": self = .mish
    case "selu": self = .selu
    case "hardtanh": self = .clamp(low: options[0], high: options[1])
    case "relu6": self = .clamp(low: 0, high: 6)
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
    case .gelu: map8(x, y, count: length) { $0 * normalDistribution($0).value }
    case .geluByTanh: map8(x, y, count: length) { $0 * 0.5 * (1 + hyperbolicTangent(geluArgument($0))) }
    case .silu: map8(x, y, count: length) { $0 / (1 + exponential(-$0)) }
    case .softplus(let beta, let threshold):
      for index in 0..<length {
        let scaled = x[index] * beta
        y[index] = scaled > threshold ? x[index] : log1pf(expf(scaled)) / beta
      }
    case .hardswish:
      for index in 0..<length { y[index] = x[index] * clamped(x[index] + 3, 0, 6) / 6 }
    case .mish: map8(x, y, count: length) { $0 * tanhOfSoftplus($0) }
    case .selu:
      for index in 0..<length { y[index] = x[index] > 0 ? x[index] * seluScale : expm1f(x[index]) * seluLimit }
    case .clamp(let low, let high): for index in 0..<length { y[index] = clamped(x[index], low, high) }
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
    case .gelu:
      slopes8(x, g, d, count: length) { x in
        let (value, density) = normalDistribution(x)
        return value + x * density
      }
    case .geluByTanh:
      slopes8(x, g, d, count: length) { x in
        let tanh = hyperbolicTangent(geluArgument(x))
        let inner = geluFactor * (1 + 3 * geluCube * x * x)
        return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * inner
      }
    case .silu:
      slopes8(x, g, d, count: length) { x in
        let sigmoid = 1 / (1 + exponential(-x))
        return sigmoid * (1 + x * (1 - sigmoid))
      }
    case .softplus(let beta, let threshold):
      for index in 0..<length {
        let scaled = x[index] * beta
        let power = expf(min(scaled, threshold))
        d[index] = scaled > threshold ? g[index] : g[index] * power / (power + 1)
      }
    case .hardswish:
      for index in 0..<length {
        d[index] = x[index] <= -3 ? 0 : x[index] < 3 ? g[index] * (x[index] / 3 + 0.5) : g[index]
      }
    case .mish:
      slopes8(x, g, d, count: length) { x in
        let tanh = tanhOfSoftplus(x)
        return tanh + x / (1 + exponential(-x)) * (1 - tanh * tanh)
      }
    case .selu:
      for index in 0..<length {
        d[index] = x[index] > 0 ? g[index] * seluScale : g[index] * seluLimit * expf(x[index])
      }
    case .clamp(let low, let high):
      for index in 0..<length { d[index] = x[index] <= low || x[index] >= high ? 0 : g[index] }
    }
  }
}

/// λ of Klambauer et al. 2017, arXiv:1706.02515, which calls its α times this what SELU nears below zero.
private let seluScale: Float = 1.050_700_987_355_480_5
/// λ · α of the same.
private let seluLimit: Float = 1.758_099_340_847_376_6
/// √(2 / π) and the cube's factor of Hendrycks & Gimpel 2016, arXiv:1606.08415.
private let geluFactor: Float = 0.797_884_560_8
private let geluCube: Float = 0.044_715

/// Φ(x) = (1 + erf(x / √2)) / 2, and its density exp(−x² / 2) / √(2π).
@inline(__always)
private func normalDistribution(_ x: Float8) -> (value: Float8, density: Float8) {
  let (erf, power) = errorFunction(x * 0.707_106_781_2)
  return (0.5 * (1 + erf), 0.398_942_280_4 * power)
}

/// What GELU's approximation takes the hyperbolic tangent of.
@inline(__always)
private func geluArgument(_ x: Float8) -> Float8 { geluFactor * (x + geluCube * (x * x * x)) }

/// tanh(log(1 + e)) = e (e + 2) / (e (e + 2) + 2) with e = exp(x); from x = 20 on it is 1.
@inline(__always)
private func tanhOfSoftplus(_ x: Float8) -> Float8 {
  let power = exponential(x.replacing(with: 20, where: x .> 20))
  let numerator = power * (power + 2)
  return numerator / (numerator + 2)
}

/// The nearest value from `low` to `high`; NaN stays NaN.
@inline(__always)
private func clamped(_ x: Float, _ low: Float, _ high: Float) -> Float { x < low ? low : x > high ? high : x }

/// Sets `d` to `g` times the slopes at `x`, eight at a time; the last, shorter run is filled up with zeros.
@inline(__always)
private func slopes8(
  _ x: UnsafePointer<Float>, _ g: UnsafePointer<Float>, _ d: UnsafeMutablePointer<Float>, count: Int,
  _ slope: (Float8) -> Float8
) {
  var index = 0
  while index < count {
    let rest = count - index
    store8(load8(g + index, count: rest) * slope(load8(x + index, count: rest)), count: rest, to: d + index)
    index += 8
  }
}

/// Multiplies every value inside the padding by its factor; both gradients and values go through dropout this way.
///
/// - Parameters:
///   - factors: laid out as the input.
///   - shift, shiftOfZero: what is added to the products, and to those whose factor is 0.
package func multiply(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, by factors: UnsafePointer<Float>,
  plus shift: Float = 0, orWhereZero shiftOfZero: Float = 0, into result: UnsafeMutablePointer<Float>,
  factorsFollowOutput: Bool = false
) {
  forEachRun(count, input, output) { source, target, length in
    let (x, y) = (values + source, result + target)
    let m = factors + (factorsFollowOutput ? target : source)
    if shift == 0 && shiftOfZero == 0 {
      for index in 0..<length { y[index] = x[index] * m[index] }
    } else {
      for index in 0..<length { y[index] = x[index] * m[index] + (m[index] == 0 ? shiftOfZero : shift) }
    }
  }
}

import Glibc

// Polynomials of the Cephes library (Moshier 1989): expf and tanhf, within 2 units in the last place, and erff, within 3.

/// e to the power of `x`: NaN for NaN, infinity above 88.72, zero below −87.4.
@inline(__always)
func exponential(_ x: Float8) -> Float8 {
  let clamped = x.replacing(with: 89, where: x .> 89).replacing(with: -88, where: x .< -88)
  // A float of this size has no digits behind the point, and its last bits are the rounded number's.
  let shifted = clamped * 1.442_695_04 + roundingShift
  let n = shifted - roundingShift
  var r = Float8(repeating: 0.693_359_375) * n
  r = clamped - r
  r.addProduct(n, Float8(repeating: 2.121_944_4e-4))
  var p = Float8(repeating: 1.987_569_15e-4)
  p = Float8(repeating: 1.398_199_950_7e-3).addingProduct(p, r)
  p = Float8(repeating: 8.333_451_907_3e-3).addingProduct(p, r)
  p = Float8(repeating: 4.166_579_589_4e-2).addingProduct(p, r)
  p = Float8(repeating: 1.666_666_545_9e-1).addingProduct(p, r)
  p = Float8(repeating: 5.000_000_120_1e-1).addingProduct(p, r)
  p = (r + 1).addingProduct(p, r * r)
  // 2ⁿ in two factors: n up to 128 does not fit one exponent.
  let exponent =
    unsafeBitCast(shifted, to: SIMD8<Int32>.self)
    &- unsafeBitCast(Float8(repeating: roundingShift), to: SIMD8<Int32>.self)
  let half = exponent &>> 1
  let factor = Float8(bitPattern: (half &+ 127) &<< 23) * p
  return (factor * Float8(bitPattern: (exponent &- half &+ 127) &<< 23)).replacing(with: 0, where: x .< -87.4)
}

/// 1.5 · 2²³
private let roundingShift: Float = 12_582_912

/// The hyperbolic tangent.
@inline(__always)
func hyperbolicTangent(_ x: Float8) -> Float8 {
  let z = x * x
  var p = Float8(repeating: -5.704_988_727_45e-3)
  p = Float8(repeating: 2.063_908_879_54e-2).addingProduct(p, z)
  p = Float8(repeating: -5.373_971_555_31e-2).addingProduct(p, z)
  p = Float8(repeating: 1.333_144_220_36e-1).addingProduct(p, z)
  p = Float8(repeating: -3.333_328_194_22e-1).addingProduct(p, z)
  let small = x.addingProduct(p * z, x)
  let negative = x .< 0
  let size = x.replacing(with: -x, where: negative)
  let large = 1 - 2 / (exponential(size + size) + 1)
  return large.replacing(with: -large, where: negative).replacing(with: small, where: size .< 0.625)
}

/// The error function, and what it is made of: exp(−x²).
@inline(__always)
func errorFunction(_ x: Float8) -> (value: Float8, power: Float8) {
  let square = x * x
  var small = Float8(repeating: 7.853_861_353e-5)
  small = Float8(repeating: -8.010_193_625e-4).addingProduct(small, square)
  small = Float8(repeating: 5.188_327_686e-3).addingProduct(small, square)
  small = Float8(repeating: -2.685_381_194e-2).addingProduct(small, square)
  small = Float8(repeating: 1.128_358_515e-1).addingProduct(small, square)
  small = Float8(repeating: -3.761_262_582e-1).addingProduct(small, square)
  small = Float8(repeating: 1.128_379_165_7).addingProduct(small, square)
  small *= x
  let power = exponential(-square)
  let negative = x .< 0
  let size = x.replacing(with: -x, where: negative)
  let inverse = 1 / size
  let z = inverse * inverse
  // 1 − erf(|x|) over exp(−x²) / |x|: below 2, and from there on.
  var near = Float8(repeating: 2.326_819_970e-2)
  near = Float8(repeating: -1.387_039_389e-1).addingProduct(near, z)
  near = Float8(repeating: 3.687_424_675e-1).addingProduct(near, z)
  near = Float8(repeating: -5.824_733_027e-1).addingProduct(near, z)
  near = Float8(repeating: 6.210_004_622e-1).addingProduct(near, z)
  near = Float8(repeating: -4.944_515_323e-1).addingProduct(near, z)
  near = Float8(repeating: 3.404_879_938e-1).addingProduct(near, z)
  near = Float8(repeating: -2.741_127_028e-1).addingProduct(near, z)
  near = Float8(repeating: 5.638_259_427e-1).addingProduct(near, z)
  var far = Float8(repeating: -10.477_663_999)
  far = Float8(repeating: 12.977_199_554).addingProduct(far, z)
  far = Float8(repeating: -7.495_518_718).addingProduct(far, z)
  far = Float8(repeating: 2.921_019_019).addingProduct(far, z)
  far = Float8(repeating: -1.015_265_279).addingProduct(far, z)
  far = Float8(repeating: 4.218_463_358e-1).addingProduct(far, z)
  far = Float8(repeating: -2.820_767_440e-1).addingProduct(far, z)
  far = Float8(repeating: 5.641_895_068e-1).addingProduct(far, z)
  let large = 1 - power * inverse * near.replacing(with: far, where: size .>= 2)
  return (large.replacing(with: -large, where: negative).replacing(with: small, where: size .< 1), power)
}

extension SIMD8<Float> {
  @inline(__always)
  fileprivate init(bitPattern: SIMD8<Int32>) { self = unsafeBitCast(bitPattern, to: SIMD8<Float>.self) }
}

/// Calls `function` on runs of eight values; the last, shorter run is filled up with zeros.
@inline(__always)
func map8(
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, count: Int, _ function: (Float8) -> Float8
) {
  var index = 0
  while index + 8 <= count {
    store8(function(load8(source + index)), to: target + index)
    index += 8
  }
  guard index < count else { return }
  var rest = Float8()
  for lane in 0..<count - index { rest[lane] = source[index + lane] }
  rest = function(rest)
  for lane in 0..<count - index { target[index + lane] = rest[lane] }
}

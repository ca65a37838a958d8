// Functions of runs of neighbouring floats.

/// Sets `count` values to zero.
package func zero(_ values: UnsafeMutablePointer<Float>, count: Int) { values.update(repeating: 0, count: count) }

/// Adds `count` values to as many others.
package func add(_ values: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>, count: Int) {
  for index in 0..<count { sums[index] += values[index] }
}

/// Whether all values are finite.
package func isFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
  // 0 · x is 0 for finite x and NaN for all others.
  var sum = SIMD8<Float>(repeating: 0)
  let whole = count & ~7
  for index in stride(from: 0, to: whole, by: 8) { sum.addProduct(load8(values + index), 0) }
  var rest: Float = 0
  for index in whole..<count { rest += values[index] * 0 }
  return sum.sum() + rest == 0
}

/// Copies a run; short ones, as patches have them, without a call.
@inline(__always)
func copy(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int) {
  if count >= 64 {
    target.update(from: source, count: count)
  } else {
    var index = 0
    while index + 8 <= count {
      UnsafeMutableRawPointer(target + index).storeBytes(
        of: UnsafeRawPointer(source + index).loadUnaligned(as: SIMD8<Float>.self), as: SIMD8<Float>.self)
      index += 8
    }
    if index + 4 <= count {
      UnsafeMutableRawPointer(target + index).storeBytes(
        of: UnsafeRawPointer(source + index).loadUnaligned(as: SIMD4<Float>.self), as: SIMD4<Float>.self)
      index += 4
    }
    while index < count {
      target[index] = source[index]
      index += 1
    }
  }
}

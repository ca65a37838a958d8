/// What a vector register holds.
typealias Float8 = SIMD8<Float>

@inline(__always)
func load8(_ pointer: UnsafePointer<Float>) -> Float8 {
  UnsafeRawPointer(pointer).loadUnaligned(as: Float8.self)
}

/// Loads the first `count` lanes, up to all; the others are zero.
@inline(__always)
func load8(_ pointer: UnsafePointer<Float>, count: Int) -> Float8 {
  if count >= 8 { return load8(pointer) }
  var (low, high) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
  if count >= 4 {
    low = UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
    for lane in 0..<3 where lane < count - 4 { high[lane] = pointer[4 + lane] }
  } else {
    for lane in 0..<3 where lane < count { low[lane] = pointer[lane] }
  }
  return Float8(lowHalf: low, highHalf: high)
}

@inline(__always)
func store8(_ values: Float8, to pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: Float8.self)
}

/// Stores the first `count` lanes, up to all.
@inline(__always)
func store8(_ values: Float8, count: Int, to pointer: UnsafeMutablePointer<Float>) {
  if count >= 8 { return store8(values, to: pointer) }
  var (pointer, rest) = (pointer, values.lowHalf)
  if count >= 4 {
    UnsafeMutableRawPointer(pointer).storeBytes(of: rest, as: SIMD4<Float>.self)
    pointer += 4
    rest = values.highHalf
  }
  for lane in 0..<3 where lane < count % 4 { pointer[lane] = rest[lane] }
}

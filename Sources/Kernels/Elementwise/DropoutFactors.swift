/// Writes a dropout's factor, as it is, for each draw of 53 bits that is below a bound, and 0 for the others.
///
/// - Parameters:
///   - draws: two for each factor, the high half before the low one; the upper 11 bits don't count.
///   - bound: 0 to 2⁵³.
///   - count: how many factors to write.
package func selectFactors(
  _ draws: UnsafePointer<UInt32>, below bound: Int64, factor: Float, count: Int,
  into result: UnsafeMutablePointer<Float>
) {
  // A branch, which nobody can predict, would cost more than the draw: the difference's sign is a mask.
  for index in 0..<count {
    let draw = Int64(draws[2 * index] & 0x1f_ffff) << 32 | Int64(draws[2 * index + 1])
    result[index] = Float(bitPattern: UInt32(truncatingIfNeeded: (draw &- bound) >> 63) & factor.bitPattern)
  }
}

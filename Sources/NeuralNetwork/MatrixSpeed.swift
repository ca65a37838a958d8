import Kernels

/// The speed of the engine's own matrix product.
package enum MatrixSpeed {
  /// The yardstick of a core: floating-point operations per second of products of 1024 × 1024 matrices on one thread, the
  /// median over about a quarter of a second.
  package static func measured() -> Double {
    let side = 1024
    let matrices = UnsafeMutablePointer<Float>.allocate(capacity: 3 * side * side + matrixProductScratchCount)
    defer { matrices.deallocate() }
    for index in 0..<3 * side * side { matrices[index] = Float(index % 17) * 0.0625 }
    let clock = ContinuousClock()
    let times = (0..<12).map { _ in
      clock.measure {
        matrixProduct(
          rows: side, columns: side, inner: side, matrices, strideA: side, matrices + side * side, strideB: side,
          into: matrices + 2 * side * side, strideC: side, scratch: matrices + 3 * side * side)
      }
    }
    return Double(2 * side * side * side) / (times.sorted()[times.count / 2] / .seconds(1))
  }
}

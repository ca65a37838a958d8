import Kernels

/// The speed of the engine's own matrix product.
package enum MatrixSpeed {
  /// The yardstick of a core: floating-point operations per second of products of 1024 × 1024 matrices on one thread, the
  /// median over about a quarter of a second.
  package static func measured() -> Double {
    let side = 1024
    let count = 3 * side * side + matrixProductScratchCount
    // As a network's memory is: a vector that crosses cache lines takes twice as long.
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    defer { memory.deallocate() }
    let matrices = memory.bindMemory(to: Float.self, capacity: count)
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

import Kernels

/// The matrix library that the program runs on.
package enum BLAS {
  /// Version, build options and the kind of processor core that the library chose its kernels for.
  ///
  /// Asked for once: OpenBLAS puts the text together anew for each caller, in memory that they all share, so that two at
  /// once read half of it.
  package static let description =
    "\(blasConfiguration().split(separator: " ").joined(separator: " ")) on \(coreName)"

  /// The kind of processor core that the library chose its kernels for, such as `Haswell`.
  package static let coreName = blasCoreName()

  /// The speed of the library's matrix product on one thread, in floating-point operations per second: the median of
  /// products of 1024 × 1024 matrices over about a quarter of a second.
  package static func measuredPeak() -> Double {
    precondition(isSingleThreaded)
    let side = 1024
    let matrices = UnsafeMutablePointer<Float>.allocate(capacity: 3 * side * side)
    defer { matrices.deallocate() }
    for index in 0..<3 * side * side { matrices[index] = Float(index % 17) * 0.0625 }
    let clock = ContinuousClock()
    let times = (0..<12).map { _ in
      clock.measure {
        matrixProduct(
          rows: side, columns: side, inner: side, matrices, strideA: side, matrices + side * side, strideB: side,
          into: matrices + 2 * side * side, strideC: side)
      }
    }
    return Double(2 * side * side * side) / (times.sorted()[times.count / 2] / .seconds(1))
  }

  /// Makes the library use one thread per call, once for the process.
  static let isSingleThreaded: Bool = {
    useOneBLASThread()
    return true
  }()
}

import COpenBLAS

/// Computes C = A · B, or C += A · B where `accumulate` is set; matrices are row-major, and C overlaps neither A nor B.
///
/// - Parameters:
///   - rows: rows of C and of (the transposed) A.
///   - columns: columns of C and of (the transposed) B.
///   - inner: columns of A and rows of B.
///   - strideA: values from one stored row of A to the next; likewise for B and C.
///   - transposeA: whether A is stored as `[inner][rows]`.
///   - transposeB: whether B is stored as `[columns][inner]`.
package func matrixProduct(
  rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, strideA: Int, transposeA: Bool = false,
  _ b: UnsafePointer<Float>, strideB: Int, transposeB: Bool = false, into c: UnsafeMutablePointer<Float>,
  strideC: Int, accumulate: Bool = false
) {
  cblas_sgemm(
    CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
    blasint(rows), blasint(columns), blasint(inner), 1, a, blasint(strideA), b, blasint(strideB),
    accumulate ? 1 : 0, c, blasint(strideC))
}

/// Makes the BLAS library use the calling thread only; parallelism lies between trials.
package func useOneBLASThread() { openblas_set_num_threads(1) }

/// The BLAS library's version and build options, as it states them.
package func blasConfiguration() -> String { String(cString: openblas_get_config()) }

/// The kind of processor core that the BLAS library chose its kernels for.
package func blasCoreName() -> String { String(cString: openblas_get_corename()) }

/// Adds `bias` to each of the rows of a matrix.
package func addToRows(
  _ bias: UnsafePointer<Float>, rows: Int, columns: Int, _ matrix: UnsafeMutablePointer<Float>, stride: Int
) {
  for row in 0..<rows {
    let values = matrix + row * stride
    for column in 0..<columns { values[column] += bias[column] }
  }
}

/// Adds the rows of a matrix, one after another, to `sums`.
package func addColumnSums(
  of matrix: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int, to sums: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let values = matrix + row * stride
    for column in 0..<columns { sums[column] += values[column] }
  }
}

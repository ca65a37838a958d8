import Kernels
import Testing

/// The matrix product against its naive loops, to the bit.
@Suite struct MatrixProductTests {
  /// Rows, columns and inner size.
  static let shapes = [
    (1, 1, 1), (1, 16, 5), (2, 3, 600), (5, 7, 3), (6, 16, 256), (7, 17, 257), (12, 8, 512), (13, 24, 40), (49, 33, 19),
    (100, 10, 100), (48, 20, 25), (97, 40, 300),
  ]

  private struct Operands {
    let rows, columns, inner: Int
    let a, b, c: [Float]

    init(_ shape: (Int, Int, Int)) {
      (rows, columns, inner) = shape
      var random = Random(state: UInt64(rows * columns * inner))
      a = random.uniform(rows * inner)
      b = random.uniform(inner * columns)
      c = random.uniform(rows * columns)
    }

    /// Sums over 256 inner indices, each a fused multiply-add after another, one after another.
    func expected(_ accumulate: Bool, _ a: (Int, Int) -> Float, _ b: (Int, Int) -> Float) -> [Float] {
      (0..<rows * columns).map { place in
        var total: Float? = accumulate ? c[place] : nil
        for first in stride(from: 0, to: inner, by: 256) {
          var sum: Float = 0
          for index in first..<min(first + 256, inner) {
            sum.addProduct(a(place / columns, index), b(index, place % columns))
          }
          total = total.map { sum + $0 } ?? sum
        }
        return total ?? 0
      }
    }

    func product(_ transposeA: Bool, _ transposeB: Bool, _ accumulate: Bool) -> Guarded {
      var result = Guarded(rows * columns)
      if accumulate { for index in c.indices { result.values[index] = c[index] } }
      var scratch = Guarded(matrixProductScratchCount)
      matrixProduct(
        rows: rows, columns: columns, inner: inner, a, strideA: transposeA ? rows : inner, transposeA: transposeA, b,
        strideB: transposeB ? inner : columns, transposeB: transposeB, into: &result.values, strideC: columns,
        accumulate: accumulate, scratch: &scratch.values)
      #expect(scratch.isIntact && result.isIntact)
      return result
    }
  }

  @Test(arguments: shapes, [false, true])
  func everyFormHasTheBitsOfTheNaiveLoops(shape: (Int, Int, Int), accumulate: Bool) {
    let all = Operands(shape)
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        let expected = all.expected(
          accumulate, { transposeA ? all.a[$1 * all.rows + $0] : all.a[$0 * all.inner + $1] },
          { transposeB ? all.b[$1 * all.inner + $0] : all.b[$0 * all.columns + $1] })
        #expect(all.product(transposeA, transposeB, accumulate).kept == expected, "\(transposeA) \(transposeB)")
      }
    }
  }

  /// Rows of A^T that are 1024 floats apart are packed first.
  @Test func rowsThatFallOntoTheSamePlacesOfTheCacheGiveTheSameBits() {
    let (rows, columns, inner) = (1024, 20, 50)
    let all = Operands((rows, columns, inner))
    let expected = all.expected(false, { all.a[$1 * rows + $0] }, { all.b[$0 * columns + $1] })
    #expect(all.product(true, false, false).kept == expected)
  }
}

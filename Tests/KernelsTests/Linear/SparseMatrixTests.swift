import Testing

@testable import Kernels

/// A product whose shape is one of a sweep.
struct ProductCase: Sendable, CustomTestStringConvertible {
  var rows: Int
  var inner: Int
  var columns: Int

  var testDescription: String { "\(rows) × \(inner) · \(inner) × \(columns)" }

  static let all: [ProductCase] = {
    var cases = [
      ProductCase(rows: 100, inner: 784, columns: 500), ProductCase(rows: 4, inner: 400, columns: 120),
      ProductCase(rows: 10, inner: 288, columns: 64), ProductCase(rows: 1, inner: 1, columns: 1),
    ]
    var random = Random(state: 11)
    while cases.count < 40 {
      cases.append(
        ProductCase(rows: 1 + random.below(40), inner: 1 + random.below(70), columns: 1 + random.below(130)))
    }
    return cases
  }()

  /// Sums of `count` products each, in Double.
  static func sums(_ rows: Int, _ columns: Int, _ count: Int, _ term: (Int, Int, Int) -> Float) -> [Float] {
    (0..<rows * columns).map { index in
      Float((0..<count).reduce(0.0) { $0 + Double(term(index / columns, index % columns, $1)) })
    }
  }
}

@Suite("Products without zeros, and with few rows")
struct SparseMatrixTests {
  @Test(arguments: ProductCase.all)
  func sparseProductsEqualTheirNaiveLoops(_ shape: ProductCase) throws {
    let (rows, inner, columns) = (shape.rows, shape.inner, shape.columns)
    var random = Random(state: 5)
    let a = (0..<rows * inner).map { _ in random.below(5) == 0 ? random.uniform() : 0 }
    let b = random.uniform(inner * columns + 16)
    let g = random.uniform(rows * columns + 16)
    var lists = Guarded(SparseMatrix.scratchCount(rows: rows, columns: inner))
    var product = Guarded(rows * columns)
    var transposed = Guarded(inner * columns)
    try lists.values.withUnsafeMutableBufferPointer { lists in
      let matrix = try #require(
        SparseMatrix(a, rows: rows, columns: inner, outputs: columns, share: 1, scratch: lists.baseAddress!))
      matrix.product(b, rows: 0..<rows / 2, into: &product.values)
      matrix.product(b, rows: rows / 2..<rows, into: &product.values)
      matrix.transposedProduct(g, columns: 0..<inner / 3, into: &transposed.values)
      matrix.transposedProduct(g, columns: inner / 3..<inner, into: &transposed.values)
    }
    #expect(
      distance(product.kept, ProductCase.sums(rows, columns, inner) { a[$0 * inner + $2] * b[$2 * columns + $1] })
        < 1e-5)
    #expect(
      distance(transposed.kept, ProductCase.sums(inner, columns, rows) { a[$2 * inner + $0] * g[$2 * columns + $1] })
        < 1e-5)
    for buffer in [lists, product, transposed] { #expect(buffer.isIntact) }
  }

  @Test func aDenseMatrixIsLeftToOthers() {
    let values: [Float] = [1, 0, 2, 0, 0, 3, 0, 0]
    #expect(lists(values, share: 3.0 / 8))
    #expect(!lists(values, share: 2.9 / 8))
  }

  @Test(arguments: [Float.infinity, -.infinity, .nan])
  func weightsThatAreNotFiniteShowBehindZeros(_ value: Float) {
    // Input 1 is zero in both examples, so its weights are not multiplied.
    let values: [Float] = [1, 0, 2, 3, 0, 4]
    var scratch = [Float](repeating: 0, count: SparseMatrix.scratchCount(rows: 2, columns: 3))
    for input in 0..<3 {
      var weights: [Float] = Array(repeating: 1, count: 3 * 11)
      weights[input * 11 + 9] = value
      let hides = scratch.withUnsafeMutableBufferPointer { scratch in
        SparseMatrix(values, rows: 2, columns: 3, outputs: 11, share: 1, scratch: scratch.baseAddress!)?
          .hidesNonFiniteRow(of: weights)
      }
      #expect(hides == (input == 1))
    }
    for place in [0, 8, 10] {
      var gradients = [Float](repeating: .greatestFiniteMagnitude, count: 11)
      #expect(isFinite(gradients, count: 11))
      gradients[place] = value
      #expect(!isFinite(gradients, count: 11))
    }
  }

  private func lists(_ values: [Float], share: Double) -> Bool {
    var scratch = [Float](repeating: 0, count: SparseMatrix.scratchCount(rows: 2, columns: 4))
    return scratch.withUnsafeMutableBufferPointer {
      SparseMatrix(values, rows: 2, columns: 4, outputs: 3, share: share, scratch: $0.baseAddress!) != nil
    }
  }
}

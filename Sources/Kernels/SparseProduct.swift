// The products of a fully connected layer whose input is mostly zeros, such as handwritten digits. Only what is not
// zero is multiplied; a non-zero input adds a row of the weights, [inputs][outputs], to its example's outputs.
// Letters: N examples, I inputs, O outputs, Z values that are not zero.

/// A matrix `[N][I]` without its zeros, by rows and by columns, ready for products with `[I][O]` and `[N][O]`.
///
/// Skipping a zero must not hide that 0 · ∞ is not a number: callers ask ``hidesNonFiniteRow(of:)`` or
/// ``isFinite(_:count:)`` first, and take the dense product where the answer is not fine.
public struct SparseMatrix {
  /// Rows, the examples.
  public let rows: Int
  /// Columns, the inputs.
  public let columns: Int
  /// Columns of what it is multiplied by, the outputs.
  public let outputs: Int
  private let rowTerms: UnsafeMutablePointer<ScaledBlock>
  private let rowStarts: UnsafeMutablePointer<Int32>
  private let columnTerms: UnsafeMutablePointer<ScaledBlock>
  private let columnStarts: UnsafeMutablePointer<Int32>
  private let ranges: UnsafeMutablePointer<TermRange>
  private let destinations: UnsafeMutablePointer<Int32>

  /// Floats of memory that a matrix of this size wants.
  public static func scratchCount(rows: Int, columns: Int) -> Int {
    var scratch = Scratch(nil)
    _ = SparseMatrix(rows: rows, columns: columns, outputs: 0, &scratch)
    return scratch.count
  }

  private init(rows: Int, columns: Int, outputs: Int, _ scratch: inout Scratch) {
    (self.rows, self.columns, self.outputs) = (rows, columns, outputs)
    rowTerms = scratch.take(rows * columns + 8, of: ScaledBlock.self)
    rowStarts = scratch.take(rows + 1, of: Int32.self)
    columnTerms = scratch.take(rows * columns, of: ScaledBlock.self)
    columnStarts = scratch.take(columns + 2, of: Int32.self)
    ranges = scratch.take(max(rows, columns), of: TermRange.self)
    destinations = scratch.take(max(rows, columns), of: Int32.self)
  }

  /// Lists the values that are not zero, or gives `nil` where they are more than a share of all.
  ///
  /// - Parameters:
  ///   - share: at most this part of the values may be non-zero; the answer depends on the values alone.
  ///   - scratch: holds the lists as long as they are used.
  public init?(
    _ values: UnsafePointer<Float>, rows: Int, columns: Int, outputs: Int, share: Double,
    scratch: UnsafeMutablePointer<Float>
  ) {
    var memory = Scratch(scratch)
    self.init(rows: rows, columns: columns, outputs: outputs, &memory)
    let most = Int(share * Double(rows * columns))
    columnStarts.update(repeating: 0, count: columns + 2)
    var next = 0
    for row in 0..<rows {
      rowStarts[row] = Int32(next)
      next = list(values + row * columns, from: next)
      if next > most { return nil }
    }
    rowStarts[rows] = Int32(next)
    listColumns()
  }

  /// Sets some rows of `result`, `[rows][outputs]`, to those of this matrix times `weights`, `[columns][outputs]`.
  public func product(
    _ weights: UnsafePointer<Float>, rows: Range<Int>, into result: UnsafeMutablePointer<Float>
  ) {
    sum(rowTerms, rowStarts, rows, blocks: weights, into: result)
  }

  /// Sets some rows of `result`, `[columns][outputs]`, to those of this matrix transposed times `gradients`,
  /// `[rows][outputs]`.
  public func transposedProduct(
    _ gradients: UnsafePointer<Float>, columns: Range<Int>, into result: UnsafeMutablePointer<Float>
  ) {
    sum(columnTerms, columnStarts, columns, blocks: gradients, into: result)
  }

  /// Whether a row of the weights that no example uses holds a value that is not finite.
  public func hidesNonFiniteRow(of weights: UnsafePointer<Float>) -> Bool {
    for column in 0..<columns where columnStarts[column] == columnStarts[column + 1] {
      if !Self.isFinite(weights + column * outputs, count: outputs) { return true }
    }
    return false
  }

  /// Whether all values are finite.
  public static func isFinite(_ values: UnsafePointer<Float>, count: Int) -> Bool {
    // 0 · x is 0 for finite x and NaN for all others.
    var sum = SIMD8<Float>(repeating: 0)
    let whole = count & ~7
    for index in stride(from: 0, to: whole, by: 8) {
      sum.addProduct(UnsafeRawPointer(values + index).loadUnaligned(as: SIMD8<Float>.self), 0)
    }
    var rest: Float = 0
    for index in whole..<count { rest += values[index] * 0 }
    return sum.sum() + rest == 0
  }
}

extension SparseMatrix {
  /// Appends a row's non-zero values with their columns, and counts them by column.
  private func list(_ values: UnsafePointer<Float>, from start: Int) -> Int {
    var next = start
    var column = 0
    while column < columns {
      let end = min(column + 8, columns)
      if end == column + 8 {
        let group = UnsafeRawPointer(values + column).loadUnaligned(as: SIMD8<Float>.self)
        if all(group .== 0) {
          column = end
          continue
        }
      }
      while column < end {
        rowTerms[next] = ScaledBlock(offset: Int32(column), factor: values[column])
        let counts: Int32 = values[column] == 0 ? 0 : 1
        columnStarts[column + 2] += counts
        next += Int(counts)
        column += 1
      }
    }
    return next
  }

  /// Lists the same values by column, each column's examples in their order, and lets all terms count in floats.
  private func listColumns() {
    // columnStarts[c + 1] is where column c goes on; in the end that is where column c + 1 begins.
    for column in 1..<columns + 1 { columnStarts[column + 1] += columnStarts[column] }
    for row in 0..<rows {
      for index in Int(rowStarts[row])..<Int(rowStarts[row + 1]) {
        let column = Int(rowTerms[index].offset)
        let place = Int(columnStarts[column + 1])
        columnTerms[place] = ScaledBlock(offset: Int32(row * outputs), factor: rowTerms[index].factor)
        columnStarts[column + 1] = Int32(place + 1)
        rowTerms[index].offset = Int32(column * outputs)
      }
    }
  }

  private func sum(
    _ terms: UnsafePointer<ScaledBlock>, _ starts: UnsafePointer<Int32>, _ range: Range<Int>,
    blocks: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    for index in range {
      ranges[index] = TermRange(first: starts[index], count: starts[index + 1] - starts[index], origin: 0)
      destinations[index] = Int32(index * outputs)
    }
    BlockSums(
      rows: 1, columns: outputs, sourceStride: 0, destinationStride: 0, rangesPerSum: 1, count: range.count,
      accumulates: false
    ).compute(
      terms: terms, ranges: ranges + range.lowerBound, source: blocks, destinations: destinations + range.lowerBound,
      destination: result)
  }
}

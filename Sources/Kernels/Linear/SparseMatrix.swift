// The products of a fully connected layer whose input is mostly zeros, such as handwritten digits. Only what is not
// zero is multiplied; a non-zero input adds a row of the weights, [inputs][outputs], to its example's outputs.
// Letters: N examples, I inputs, O outputs, Z values that are not zero.

/// A matrix `[N][I]` without its zeros, by rows and by columns, ready for products with `[I][O]` and `[N][O]`.
///
/// The products read up to ``readPastEnd`` floats past the end of these, and write within their result alone, which
/// overlaps neither.
///
/// Skipping a zero must not hide that 0 · ∞ is not a number: callers ask ``hidesNonFiniteRow(of:)`` or
/// ``isFinite(_:count:)`` first, and take the dense product where the answer is not fine.
package struct SparseMatrix {
  /// Floats that may be read past the end of what the matrix is multiplied by: a vector less one.
  package static let readPastEnd = 7

  /// Rows, the examples.
  package let rows: Int
  /// Columns, the inputs.
  package let columns: Int
  /// Columns of the other matrix, the outputs.
  package let outputs: Int
  private let rowTerms: UnsafeMutablePointer<ScaledBlock>
  /// Where each row's terms of each chunk of columns begin: `[rows][chunks]`, and the end.
  private let rowStarts: UnsafeMutablePointer<Int32>
  private let chunks: Int
  private let columnTerms: UnsafeMutablePointer<ScaledBlock>
  private let columnStarts: UnsafeMutablePointer<Int32>
  private let ranges: UnsafeMutablePointer<TermRange>
  private let destinations: UnsafeMutablePointer<Int32>

  /// Columns whose rows of the weights, as wide as one piece of a sum, are worked on while they are in the cache.
  private static let chunk = 160

  /// Floats of memory that a matrix of this size wants.
  package static func scratchCount(rows: Int, columns: Int) -> Int {
    var scratch = Scratch(nil)
    _ = SparseMatrix(rows: rows, columns: columns, outputs: 0, &scratch)
    return scratch.count
  }

  private init(rows: Int, columns: Int, outputs: Int, _ scratch: inout Scratch) {
    (self.rows, self.columns, self.outputs) = (rows, columns, outputs)
    rowTerms = scratch.take(rows * columns + 8, of: ScaledBlock.self)
    chunks = (columns + Self.chunk - 1) / Self.chunk
    rowStarts = scratch.take(rows * chunks + 1, of: Int32.self)
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
  package init?(
    _ values: UnsafePointer<Float>, rows: Int, columns: Int, outputs: Int, share: Double,
    scratch: UnsafeMutablePointer<Float>
  ) {
    var memory = Scratch(scratch)
    self.init(rows: rows, columns: columns, outputs: outputs, &memory)
    let most = Int(share * Double(rows * columns))
    columnStarts.update(repeating: 0, count: columns + 2)
    var next = 0
    for row in 0..<rows {
      for index in 0..<chunks {
        rowStarts[row * chunks + index] = Int32(next)
        let range = index * Self.chunk..<min((index + 1) * Self.chunk, columns)
        next = list(values + row * columns, range, from: next)
      }
      if next > most { return nil }
    }
    rowStarts[rows * chunks] = Int32(next)
    listColumns()
  }

  /// Sets some rows of `result`, `[rows][outputs]`, to those of this matrix times `weights`, `[columns][outputs]`.
  package func product(
    _ weights: UnsafePointer<Float>, rows: Range<Int>, into result: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<chunks {
      for row in rows {
        let start = rowStarts[row * chunks + index]
        ranges[row] = TermRange(first: start, count: rowStarts[row * chunks + index + 1] - start, origin: 0)
      }
      sum(rowTerms, rows, blocks: weights, into: result, accumulates: index > 0, columnsAtOnce: .max)
    }
  }

  /// Sets some rows of `result`, `[columns][outputs]`, to those of this matrix transposed times `gradients`,
  /// `[rows][outputs]`.
  package func transposedProduct(
    _ gradients: UnsafePointer<Float>, columns: Range<Int>, into result: UnsafeMutablePointer<Float>
  ) {
    for column in columns {
      let start = columnStarts[column]
      ranges[column] = TermRange(first: start, count: columnStarts[column + 1] - start, origin: 0)
    }
    // As wide as keeps the gradients of all rows in three quarters of the nearest cache.
    let width = (24 << 10) / (rows * MemoryLayout<Float>.size)
    sum(
      columnTerms, columns, blocks: gradients, into: result, accumulates: false, columnsAtOnce: max(32, width))
  }

  /// Whether a row of the weights that no example uses holds a value that is not finite.
  package func hidesNonFiniteRow(of weights: UnsafePointer<Float>) -> Bool {
    for column in 0..<columns where columnStarts[column] == columnStarts[column + 1] {
      if !isFinite(weights + column * outputs, count: outputs) { return true }
    }
    return false
  }
}

extension SparseMatrix {
  /// Appends a row's non-zero values with their columns, and counts them by column.
  private func list(_ values: UnsafePointer<Float>, _ range: Range<Int>, from start: Int) -> Int {
    var next = start
    var column = range.lowerBound
    while column < range.upperBound {
      let end = min(column + 8, range.upperBound)
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
      for index in Int(rowStarts[row * chunks])..<Int(rowStarts[(row + 1) * chunks]) {
        let column = Int(rowTerms[index].offset)
        let place = Int(columnStarts[column + 1])
        columnTerms[place] = ScaledBlock(offset: Int32(row * outputs), factor: rowTerms[index].factor)
        columnStarts[column + 1] = Int32(place + 1)
        rowTerms[index].offset = Int32(column * outputs)
      }
    }
  }

  private func sum(
    _ terms: UnsafePointer<ScaledBlock>, _ range: Range<Int>, blocks: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, accumulates: Bool, columnsAtOnce: Int
  ) {
    for index in range { destinations[index] = Int32(index * outputs) }
    BlockSums(
      rows: 1, columns: outputs, sourceStride: 0, destinationStride: 0, rangesPerSum: 1, count: range.count,
      accumulates: accumulates, columnsAtOnce: columnsAtOnce
    ).compute(
      terms: terms, ranges: ranges + range.lowerBound, source: blocks, destinations: destinations + range.lowerBound,
      destination: result)
  }
}

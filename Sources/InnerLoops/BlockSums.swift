// Sums of scaled blocks: destination[r][c] (+)= Σ factor · source[offset + r · stride + c].
//
// Every sparse gradient of a convolution is such a sum, and so are both products with a sparse input: the terms are the
// few values that are not zero, the blocks are runs of neighbouring floats (a patch of the image, of the kernel, a row
// of the weights). The block stays in registers while its terms are added.

/// The sums of one call: they share a block's shape, and each has the same number of ranges.
package struct BlockSums {
  fileprivate let rows: Int
  fileprivate let columns: Int
  fileprivate let sourceStride: Int
  fileprivate let destinationStride: Int
  fileprivate let rangesPerSum: Int
  fileprivate let count: Int
  fileprivate let accumulates: Bool
  fileprivate let columnsAtOnce: Int

  /// Describes the sums.
  ///
  /// - Parameters:
  ///   - rows: rows of a block.
  ///   - columns: floats of a block's row.
  ///   - sourceStride: floats from one row of a block in the source to the next.
  ///   - destinationStride: floats from one row of a block in the destination to the next.
  ///   - rangesPerSum: the number of neighbouring ranges that make one sum.
  ///   - count: the number of sums.
  ///   - accumulates: whether sums are added to what is there.
  ///   - columnsAtOnce: floats of a block's row that are worked on together, if the registers hold as many.
  package init(
    rows: Int, columns: Int, sourceStride: Int, destinationStride: Int, rangesPerSum: Int, count: Int,
    accumulates: Bool, columnsAtOnce: Int
  ) {
    (self.rows, self.columns, self.sourceStride) = (rows, columns, sourceStride)
    (self.destinationStride, self.rangesPerSum, self.count) = (destinationStride, rangesPerSum, count)
    (self.accumulates, self.columnsAtOnce) = (accumulates, columnsAtOnce)
  }

  /// Computes all sums. Blocks of the source are read up to seven floats past their end, which `source` must have room
  /// for; those of the destination are neither read nor written past their end, and overlap neither each other nor the
  /// source.
  ///
  /// - Parameters:
  ///   - terms: values of `ScaledBlock`, a type that each module compiles for itself.
  ///   - ranges: values of `TermRange`, `count * rangesPerSum` of them.
  ///   - destinations: where in `destination` each sum's block begins, in floats.
  package func compute(
    terms: UnsafeRawPointer, ranges: UnsafeRawPointer, source: UnsafePointer<Float>,
    destinations: UnsafePointer<Int32>, destination: UnsafeMutablePointer<Float>
  ) {
    let whole = PartOfSums(
      sums: self, terms: terms.assumingMemoryBound(to: ScaledBlock.self),
      ranges: ranges.assumingMemoryBound(to: TermRange.self), source: source, destinations: destinations,
      destination: destination)
    var first = 0
    #if WIDE_VECTORS
      // What fills no vector of 16 goes on in those of 8.
      first = columns / 16 * 16
      whole.compute(SIMD16<Float>.self, 0..<first)
    #endif
    whole.compute(SIMD8<Float>.self, first..<columns)
  }
}

/// The part of the sums' blocks that fits the registers.
private struct PartOfSums {
  let sums: BlockSums
  /// Floats that the last vector of a row has too many.
  var tail = 0
  let terms: UnsafePointer<ScaledBlock>
  let ranges: UnsafePointer<TermRange>
  var source: UnsafePointer<Float>
  let destinations: UnsafePointer<Int32>
  var destination: UnsafeMutablePointer<Float>

  #if WIDE_VECTORS
    /// Thirty-two registers less those for the factor and what the compiler wants.
    private static var mostRegisters: Int { 28 }
  #else
    /// Sixteen registers less those for the factor and what the compiler wants.
    private static var mostRegisters: Int { 12 }
  #endif
  /// Rows and vectors of a row that there are register blocks for.
  private static var mostRows: Int { 6 }
  private static var mostVectors: Int { 12 }

  /// Computes some columns, as many at a time as fit the registers.
  func compute<Vector: Register>(_: Vector.Type, _ columns: Range<Int>) {
    let lanes = Vector.scalarCount
    let vectors = (columns.count + lanes - 1) / lanes
    let vectorsAtOnce = max(1, min(Self.mostVectors, sums.columnsAtOnce / lanes))
    let pieces = (vectors + vectorsAtOnce - 1) / vectorsAtOnce
    var column = columns.lowerBound
    for piece in 0..<pieces {
      let width = (vectors * (piece + 1)) / pieces - (vectors * piece) / pieces
      let most = min(Self.mostRows, Self.mostRegisters / width)
      let bands = (sums.rows + most - 1) / most
      for band in 0..<bands {
        let row = sums.rows * band / bands
        var part = self
        part.tail = max(0, column + width * lanes - columns.upperBound)
        part.source += row * sums.sourceStride + column
        part.destination += row * sums.destinationStride + column
        part.compute(Vector.self, height: sums.rows * (band + 1) / bands - row, width: width)
      }
      column += width * lanes
    }
  }

  private func compute<Vector: Register>(_: Vector.Type, height: Int, width: Int) {
    typealias W1 = Single<Vector>
    typealias W2 = Beside<W1, W1>
    typealias W3 = Beside<W2, W1>
    typealias W4 = Beside<W2, W2>
    typealias W5 = Beside<W4, W1>
    typealias W6 = Beside<W4, W2>
    // Known to the compiler, as the cases below are: what is left of whole vectors fills two at most.
    let isRest = Vector.scalarCount < floatsPerRegister
    switch width {
    case 1: compute(W1.self, rows: height)
    case 2: compute(W2.self, rows: height)
    case 3 where !isRest: compute(W3.self, rows: height)
    case 4 where !isRest: compute(W4.self, rows: height)
    case 5 where !isRest: compute(W5.self, rows: height)
    case 6 where !isRest: compute(W6.self, rows: height)
    case 7 where !isRest: compute(Beside<W4, W3>.self, rows: height)
    case 8 where !isRest: compute(Beside<W4, W4>.self, rows: height)
    case 9 where !isRest: compute(Beside<W5, W4>.self, rows: height)
    case 10 where !isRest: compute(Beside<W5, W5>.self, rows: height)
    case 11 where !isRest: compute(Beside<W6, W5>.self, rows: height)
    case 12 where !isRest: compute(Beside<W6, W6>.self, rows: height)
    default: preconditionFailure("no register block of \(width) vectors of \(Vector.scalarCount)")
    }
  }

  @inline(__always)
  private func compute<Row: RegisterBlock>(_: Row.Type, rows: Int) {
    typealias Two = Above<Row, Row>
    let most = Self.mostRegisters / Row.registers
    switch rows {
    case 1: compute(Row.self)
    case 2 where most >= 2: compute(Two.self)
    case 3 where most >= 3: compute(Above<Two, Row>.self)
    case 4 where most >= 4: compute(Above<Two, Two>.self)
    case 5 where most >= 5: compute(Above<Above<Two, Two>, Row>.self)
    case 6 where most >= 6: compute(Above<Above<Two, Two>, Two>.self)
    default: preconditionFailure("no register block of \(rows) rows of \(Row.registers) vectors")
    }
  }

  @inline(__always)
  private func compute<Block: RegisterBlock>(_: Block.Type) {
    var range = ranges
    for index in 0..<sums.count {
      let target = destination + Int(destinations[index])
      var block = Block()
      for _ in 0..<sums.rangesPerSum {
        let origin = source + Int(range.pointee.origin)
        var term = terms + Int(range.pointee.first)
        let end = term + Int(range.pointee.count)
        while term != end {
          block.addProduct(
            Block.Vector(repeating: term.pointee.factor), origin + Int(term.pointee.offset), sums.sourceStride)
          term += 1
        }
        range += 1
      }
      // A sum of sums keeps more digits than a long one.
      if sums.accumulates { block.add(target, sums.destinationStride, tail: tail) }
      block.store(to: target, sums.destinationStride, tail: tail)
    }
  }
}

/// A block of vectors in registers. It is put together of single vectors by ``Beside`` and ``Above``, which leave
/// nothing of themselves in the machine code.
private protocol RegisterBlock {
  associatedtype Vector: Register
  /// A block of zeros.
  init()
  /// Adds a block; the last vector of each row has `tail` lanes that are not loaded and not stored.
  mutating func add(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int)
  mutating func addProduct(_ factor: Vector, _ values: UnsafePointer<Float>, _ stride: Int)
  func store(to values: UnsafeMutablePointer<Float>, _ stride: Int, tail: Int)
  static var rows: Int { get }
  static var columns: Int { get }
}

extension RegisterBlock {
  @inline(__always) static var registers: Int { rows * columns / Vector.scalarCount }
}

/// A vector, of which some first lanes may be loaded and stored.
private protocol Register: SIMD<Float> {
  static func load(_ values: UnsafePointer<Float>, count: Int) -> Self
  func store(to values: UnsafeMutablePointer<Float>, count: Int)
}

extension SIMD8: Register where Scalar == Float {
  @inline(__always)
  static func load(_ values: UnsafePointer<Float>, count: Int) -> Self { load8(values, count: count) }

  @inline(__always)
  func store(to values: UnsafeMutablePointer<Float>, count: Int) { store8(self, count: count, to: values) }
}

/// Whole vectors alone: what fills none is computed in vectors of eight.
extension SIMD16: Register where Scalar == Float {
  @inline(__always)
  static func load(_ values: UnsafePointer<Float>, count: Int) -> Self {
    UnsafeRawPointer(values).loadUnaligned(as: Self.self)
  }

  @inline(__always)
  func store(to values: UnsafeMutablePointer<Float>, count: Int) {
    UnsafeMutableRawPointer(values).storeBytes(of: self, as: Self.self)
  }
}

/// One vector.
private struct Single<Vector: Register>: RegisterBlock {
  var vector: Vector

  @inline(__always) init() { vector = Vector(repeating: 0) }
  @inline(__always) mutating func add(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int) {
    vector += Vector.load(values, count: Vector.scalarCount - tail)
  }
  @inline(__always) static var rows: Int { 1 }
  @inline(__always) static var columns: Int { Vector.scalarCount }

  @inline(__always)
  mutating func addProduct(_ factor: Vector, _ values: UnsafePointer<Float>, _ stride: Int) {
    vector.addProduct(factor, Vector.load(values, count: Vector.scalarCount))
  }

  @inline(__always)
  func store(to values: UnsafeMutablePointer<Float>, _ stride: Int, tail: Int) {
    vector.store(to: values, count: Vector.scalarCount - tail)
  }
}

/// Two blocks with the same rows, the second to the right of the first.
private struct Beside<Left: RegisterBlock, Right: RegisterBlock>: RegisterBlock where Left.Vector == Right.Vector {
  typealias Vector = Left.Vector
  var left: Left
  var right: Right

  @inline(__always) init() { (left, right) = (Left(), Right()) }
  @inline(__always) mutating func add(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int) {
    left.add(values, stride, tail: 0)
    right.add(values + Left.columns, stride, tail: tail)
  }
  @inline(__always) static var rows: Int { Left.rows }
  @inline(__always) static var columns: Int { Left.columns + Right.columns }

  @inline(__always)
  mutating func addProduct(_ factor: Vector, _ values: UnsafePointer<Float>, _ stride: Int) {
    left.addProduct(factor, values, stride)
    right.addProduct(factor, values + Left.columns, stride)
  }

  @inline(__always)
  func store(to values: UnsafeMutablePointer<Float>, _ stride: Int, tail: Int) {
    left.store(to: values, stride, tail: 0)
    right.store(to: values + Left.columns, stride, tail: tail)
  }
}

/// Two blocks with the same columns, the second below the first.
private struct Above<Upper: RegisterBlock, Lower: RegisterBlock>: RegisterBlock where Upper.Vector == Lower.Vector {
  typealias Vector = Upper.Vector
  var upper: Upper
  var lower: Lower

  @inline(__always) init() { (upper, lower) = (Upper(), Lower()) }
  @inline(__always) mutating func add(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int) {
    upper.add(values, stride, tail: tail)
    lower.add(values + Upper.rows * stride, stride, tail: tail)
  }
  @inline(__always) static var rows: Int { Upper.rows + Lower.rows }
  @inline(__always) static var columns: Int { Upper.columns }

  @inline(__always)
  mutating func addProduct(_ factor: Vector, _ values: UnsafePointer<Float>, _ stride: Int) {
    upper.addProduct(factor, values, stride)
    lower.addProduct(factor, values + Upper.rows * stride, stride)
  }

  @inline(__always)
  func store(to values: UnsafeMutablePointer<Float>, _ stride: Int, tail: Int) {
    upper.store(to: values, stride, tail: tail)
    lower.store(to: values + Upper.rows * stride, stride, tail: tail)
  }
}

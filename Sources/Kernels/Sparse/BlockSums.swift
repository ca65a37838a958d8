// Sums of scaled blocks: destination[r][c] (+)= Σ factor · source[offset + r · stride + c].
//
// Every sparse gradient of a convolution is such a sum, and so are both products with a sparse input: the terms are the
// few values that are not zero, the blocks are runs of neighbouring floats (a patch of the image, of the kernel, a row
// of the weights). The block stays in registers while its terms are added.

/// The sums of one call: they share a block's shape, and each has the same number of ranges.
struct BlockSums {
  /// Rows of a block.
  var rows: Int
  /// Floats of a block's row.
  var columns: Int
  /// Floats from one row of a block in the source to the next.
  var sourceStride: Int
  /// Floats from one row of a block in the destination to the next.
  var destinationStride: Int
  /// The number of neighbouring ranges that make one sum.
  var rangesPerSum: Int
  /// The number of sums.
  var count: Int
  /// Whether sums are added to what is there.
  var accumulates: Bool
  /// Vectors of a block's row that are worked on together, at most ``mostRegisters``.
  var vectorsAtOnce = mostRegisters

  /// Computes all sums. Blocks of the source are read up to seven floats past their end, which `source` must have room
  /// for; those of the destination are neither read nor written past their end, and overlap neither each other nor the
  /// source.
  ///
  /// - Parameters:
  ///   - ranges: `count * rangesPerSum` of them.
  ///   - destinations: where in `destination` each sum's block begins, in floats.
  func compute(
    terms: UnsafePointer<ScaledBlock>, ranges: UnsafePointer<TermRange>, source: UnsafePointer<Float>,
    destinations: UnsafePointer<Int32>, destination: UnsafeMutablePointer<Float>
  ) {
    var column = 0
    let vectors = (columns + 7) / 8
    let pieces = (vectors + vectorsAtOnce - 1) / vectorsAtOnce
    for piece in 0..<pieces {
      let width = (vectors * (piece + 1)) / pieces - (vectors * piece) / pieces
      let most = min(6, Self.mostRegisters / width)
      let bands = (rows + most - 1) / most
      for band in 0..<bands {
        let row = rows * band / bands
        let height = rows * (band + 1) / bands - row
        let part = PartOfSums(
          sums: self, tail: max(0, column + width * 8 - columns), terms: terms, ranges: ranges,
          source: source + row * sourceStride + column, destinations: destinations,
          destination: destination + row * destinationStride + column)
        part.compute(height: height, width: width)
      }
      column += width * 8
    }
  }

  /// Sixteen registers less those for the factor and what the compiler wants.
  static let mostRegisters = 12
}

/// The part of the sums' blocks that fits the registers.
private struct PartOfSums {
  let sums: BlockSums
  /// Floats that the last vector of a row has too many.
  let tail: Int
  let terms: UnsafePointer<ScaledBlock>
  let ranges: UnsafePointer<TermRange>
  let source: UnsafePointer<Float>
  let destinations: UnsafePointer<Int32>
  let destination: UnsafeMutablePointer<Float>

  func compute(height: Int, width: Int) {
    switch (height, width) {
    case (1, 1): compute(W1.self)
    case (1, 2): compute(W2.self)
    case (1, 3): compute(W3.self)
    case (1, 4): compute(W4.self)
    case (1, 5): compute(W5.self)
    case (1, 6): compute(W6.self)
    case (1, 7): compute(Beside<W4, W3>.self)
    case (1, 8): compute(Beside<W4, W4>.self)
    case (1, 9): compute(Beside<W5, W4>.self)
    case (1, 10): compute(Beside<W5, W5>.self)
    case (1, 11): compute(Beside<W6, W5>.self)
    case (1, 12): compute(Beside<W6, W6>.self)
    case (2, 1): compute(Above<W1, W1>.self)
    case (2, 2): compute(Above<W2, W2>.self)
    case (2, 3): compute(Above<W3, W3>.self)
    case (2, 4): compute(Above<W4, W4>.self)
    case (2, 5): compute(Above<W5, W5>.self)
    case (2, 6): compute(Above<W6, W6>.self)
    case (3, 1): compute(Above<Above<W1, W1>, W1>.self)
    case (3, 2): compute(Above<Above<W2, W2>, W2>.self)
    case (3, 3): compute(Above<Above<W3, W3>, W3>.self)
    case (3, 4): compute(Above<Above<W4, W4>, W4>.self)
    case (4, 1): compute(Above<Above<W1, W1>, Above<W1, W1>>.self)
    case (4, 2): compute(Above<Above<W2, W2>, Above<W2, W2>>.self)
    case (4, 3): compute(Above<Above<W3, W3>, Above<W3, W3>>.self)
    case (5, 1): compute(Above<Above<Above<W1, W1>, Above<W1, W1>>, W1>.self)
    case (5, 2): compute(Above<Above<Above<W2, W2>, Above<W2, W2>>, W2>.self)
    case (6, 1): compute(Above<Above<Above<W1, W1>, Above<W1, W1>>, Above<W1, W1>>.self)
    case (6, 2): compute(Above<Above<Above<W2, W2>, Above<W2, W2>>, Above<W2, W2>>.self)
    default: preconditionFailure("no register block of \(height) × \(width) vectors")
    }
  }

  @inline(__always)
  private func compute<Block: RegisterBlock>(_: Block.Type) {
    var range = ranges
    for index in 0..<sums.count {
      let target = destination + Int(destinations[index])
      var block = sums.accumulates ? Block(target, sums.destinationStride, tail: tail) : Block()
      for _ in 0..<sums.rangesPerSum {
        let origin = source + Int(range.pointee.origin)
        var term = terms + Int(range.pointee.first)
        let end = term + Int(range.pointee.count)
        while term != end {
          let factor = Float8(repeating: term.pointee.factor)
          block.addProduct(factor, origin + Int(term.pointee.offset), sums.sourceStride)
          term += 1
        }
        range += 1
      }
      block.store(to: target, sums.destinationStride, tail: tail)
    }
  }
}

/// A block of vectors in registers. It is put together of single vectors by ``Beside`` and ``Above``, which leave
/// nothing of themselves in the machine code.
private protocol RegisterBlock {
  init()
  /// Loads the block; the last vector of each row has `tail` lanes that are not loaded and not stored.
  init(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int)
  mutating func addProduct(_ factor: Float8, _ values: UnsafePointer<Float>, _ stride: Int)
  func store(to values: UnsafeMutablePointer<Float>, _ stride: Int, tail: Int)
  static var rows: Int { get }
  static var columns: Int { get }
}

/// One vector.
private struct W1: RegisterBlock {
  var vector: Float8

  @inline(__always) init() { vector = SIMD8(repeating: 0) }
  @inline(__always) init(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int) {
    vector = load8(values, count: 8 - tail)
  }
  @inline(__always) static var rows: Int { 1 }
  @inline(__always) static var columns: Int { 8 }

  @inline(__always)
  mutating func addProduct(_ factor: Float8, _ values: UnsafePointer<Float>, _ stride: Int) {
    vector.addProduct(factor, load8(values))
  }

  @inline(__always)
  func store(to values: UnsafeMutablePointer<Float>, _ stride: Int, tail: Int) {
    if tail == 0 { return store8(vector, to: values) }
    for lane in 0..<8 - tail { values[lane] = vector[lane] }
  }
}

private typealias W2 = Beside<W1, W1>
private typealias W3 = Beside<W2, W1>
private typealias W4 = Beside<W2, W2>
private typealias W5 = Beside<W4, W1>
private typealias W6 = Beside<W4, W2>

/// Two blocks with the same rows, the second to the right of the first.
private struct Beside<Left: RegisterBlock, Right: RegisterBlock>: RegisterBlock {
  var left: Left
  var right: Right

  @inline(__always) init() { (left, right) = (Left(), Right()) }
  @inline(__always) init(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int) {
    (left, right) = (Left(values, stride, tail: 0), Right(values + Left.columns, stride, tail: tail))
  }
  @inline(__always) static var rows: Int { Left.rows }
  @inline(__always) static var columns: Int { Left.columns + Right.columns }

  @inline(__always)
  mutating func addProduct(_ factor: Float8, _ values: UnsafePointer<Float>, _ stride: Int) {
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
private struct Above<Upper: RegisterBlock, Lower: RegisterBlock>: RegisterBlock {
  var upper: Upper
  var lower: Lower

  @inline(__always) init() { (upper, lower) = (Upper(), Lower()) }
  @inline(__always) init(_ values: UnsafePointer<Float>, _ stride: Int, tail: Int) {
    (upper, lower) = (Upper(values, stride, tail: tail), Lower(values + Upper.rows * stride, stride, tail: tail))
  }
  @inline(__always) static var rows: Int { Upper.rows + Lower.rows }
  @inline(__always) static var columns: Int { Upper.columns }

  @inline(__always)
  mutating func addProduct(_ factor: Float8, _ values: UnsafePointer<Float>, _ stride: Int) {
    upper.addProduct(factor, values, stride)
    lower.addProduct(factor, values + Upper.rows * stride, stride)
  }

  @inline(__always)
  func store(to values: UnsafeMutablePointer<Float>, _ stride: Int, tail: Int) {
    upper.store(to: values, stride, tail: tail)
    lower.store(to: values + Upper.rows * stride, stride, tail: tail)
  }
}

// The product of two matrices, through the inner loop of the direct convolutions: a tile of 6 rows × 16 columns stays in
// registers, or of 12 × 32 where they are wider and more. So many columns of B at a time lie packed in the nearest cache,
// `[inner][lane]`, while all rows of A pass.

/// Computes C = A · B, or C += A · B where `accumulate` is set; matrices are row-major, and C overlaps neither A nor B.
///
/// Each value of C is the sum of the sums over every 256 inner indices, all of them in their order, each product rounded
/// with its sum (a fused multiply-add). So its bits depend on its row of A and its column of B alone, not on the other
/// sizes, the strides or the processor.
///
/// - Parameters:
///   - rows: rows of C and of (the transposed) A.
///   - columns: columns of C and of (the transposed) B.
///   - inner: columns of A and rows of B.
///   - strideA: values from one stored row of A to the next; likewise for B and C.
///   - transposeA: whether A is stored as `[inner][rows]`.
///   - transposeB: whether B is stored as `[columns][inner]`.
///   - scratch: memory for ``matrixProductScratchCount`` values.
package func matrixProduct(
  rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, strideA: Int, transposeA: Bool = false,
  _ b: UnsafePointer<Float>, strideB: Int, transposeB: Bool = false, into c: UnsafeMutablePointer<Float>,
  strideC: Int, accumulate: Bool = false, scratch: UnsafeMutablePointer<Float>
) {
  var memory = Scratch(scratch)
  let product = MatrixProduct(
    rows: rows, left: a, leftStride: strideA, leftIsTransposed: transposeA, right: b, rightStride: strideB,
    rightIsTransposed: transposeB, result: c, resultStride: strideC, memory: MatrixProduct.Memory(&memory))
  for first in stride(from: 0, to: inner, by: MatrixProduct.depthAtOnce) {
    let depth = first..<min(first + MatrixProduct.depthAtOnce, inner)
    for index in 0..<ChannelBlock.count(of: columns) {
      product.compute(depth, ChannelBlock(index, of: columns), accumulates: accumulate || first > 0)
    }
  }
}

/// Floats of scratch memory that a matrix product wants.
package let matrixProductScratchCount: Int = {
  var scratch = Scratch(nil)
  _ = MatrixProduct.Memory(&scratch)
  return scratch.count
}()

/// A product at work.
private struct MatrixProduct {
  let rows: Int
  let left: UnsafePointer<Float>
  let leftStride: Int
  let leftIsTransposed: Bool
  let right: UnsafePointer<Float>
  let rightStride: Int
  let rightIsTransposed: Bool
  let result: UnsafeMutablePointer<Float>
  let resultStride: Int
  let memory: Memory

  /// Scratch memory.
  struct Memory {
    /// Columns of B, `[inner][lane]`.
    let panel: UnsafeMutablePointer<Float>
    /// Rows of A, `[inner][row]`.
    let strip: UnsafeMutablePointer<Float>
    /// Sums of columns that fill no vector, `[row][lane]`.
    let sums: UnsafeMutablePointer<Float>

    init(_ scratch: inout Scratch) {
      panel = scratch.take(depthAtOnce * ChannelBlock.mostLanes, of: Float.self)
      strip = scratch.take(depthAtOnce * rowsAtOnce, of: Float.self)
      sums = scratch.take(rowsAtOnce * ChannelBlock.mostLanes, of: Float.self)
    }
  }

  /// Inner indices of a packed panel: 16 KiB of sixteen columns, 32 KiB of 32.
  static let depthAtOnce = 256
  /// A multiple of both tiles' places, so that a strip of A stays in the second cache.
  private static let rowsAtOnce = 48
  /// Rows of A^T that are so many floats apart, or a multiple, fall onto the same places of the nearest cache.
  private static let cacheStride = 1024
  /// With so few rows, packing B costs more than walking through it; one or two tiles pass.
  private static let fewRows = 12

  /// Computes some columns over some inner indices.
  func compute(_ depth: Range<Int>, _ block: ChannelBlock, accumulates: Bool) {
    var (vectors, vectorStride) = (UnsafePointer(memory.panel), block.lanes)
    if !rightIsTransposed && block.count == block.lanes && rows <= Self.fewRows {
      (vectors, vectorStride) = (right + depth.lowerBound * rightStride + block.first, rightStride)
    } else {
      packRight(depth, block)
    }
    var row = ConvolutionRow(
      places: 0, placeStride: leftIsTransposed ? 1 : leftStride, rows: 1, rowStride: 0, steps: depth.count,
      stepStride: leftIsTransposed ? leftStride : 1, vectorStride: vectorStride, vectorRowStride: 0)
    let packsLeft = leftIsTransposed && leftStride % Self.cacheStride == 0
    if packsLeft { row.stepStride = Self.rowsAtOnce }
    for place in stride(from: 0, to: rows, by: Self.rowsAtOnce) {
      row.places = min(Self.rowsAtOnce, rows - place)
      var scalars = left + place * row.placeStride + depth.lowerBound * (leftIsTransposed ? leftStride : 1)
      if packsLeft {
        for step in 0..<depth.count {
          copy(scalars + step * leftStride, to: memory.strip + step * Self.rowsAtOnce, count: row.places)
        }
        scalars = UnsafePointer(memory.strip)
      }
      let target = result + place * resultStride + block.first
      if block.count == block.lanes {
        (row.outputStride, row.accumulates) = (resultStride, accumulates)
        row.compute(lanes: block.lanes, scalars: scalars, vectors: vectors, into: target)
      } else {
        row.compute(lanes: block.lanes, scalars: scalars, vectors: vectors, into: memory.sums)
        for index in 0..<row.places {
          store(memory.sums + index * block.lanes, block, accumulates, to: target + index * resultStride)
        }
      }
    }
  }

  /// Stores a row of sums, without the lanes that are no columns.
  private func store(
    _ sums: UnsafePointer<Float>, _ block: ChannelBlock, _ accumulates: Bool, to target: UnsafeMutablePointer<Float>
  ) {
    for lane in stride(from: 0, to: block.count, by: 8) {
      var values = load8(sums + lane)
      if accumulates { values += load8(target + lane, count: block.count - lane) }
      store8(values, count: block.count - lane, to: target + lane)
    }
  }

  /// Arranges some columns of B as the inner loop reads them; lanes that are no columns are zero.
  private func packRight(_ depth: Range<Int>, _ block: ChannelBlock) {
    if rightIsTransposed {
      let source = right + block.first * rightStride + depth.lowerBound
      for lane in stride(from: 0, to: block.lanes, by: 8) {
        transpose8(
          source + lane * rightStride, stride: rightStride, rows: min(8, block.count - lane), columns: depth.count,
          into: memory.panel + lane, stride: block.lanes)
      }
      return
    }
    for step in 0..<depth.count {
      let source = right + (depth.lowerBound + step) * rightStride + block.first
      for lane in stride(from: 0, to: block.lanes, by: 8) {
        store8(load8(source + lane, count: block.count - lane), to: memory.panel + step * block.lanes + lane)
      }
    }
  }
}

/// Writes up to eight rows as columns; those that are missing become zeros.
///
/// - Parameters:
///   - source: `[rows][columns]`, rows `stride` floats apart.
///   - target: `[columns][8]`, rows `targetStride` floats apart.
private func transpose8(
  _ source: UnsafePointer<Float>, stride: Int, rows: Int, columns: Int, into target: UnsafeMutablePointer<Float>,
  stride targetStride: Int
) {
  var column = 0
  while rows == 8 && column + 8 <= columns {
    let (from, to) = (source + column, target + column * targetStride)
    func row(_ index: Int) -> Float8 { load8(from + index * stride) }
    // Pairs of rows, then fours, then all eight.
    let (a, b) = (interleaved(row(0), row(1)), interleaved(row(2), row(3)))
    let (c, d) = (interleaved(row(4), row(5)), interleaved(row(6), row(7)))
    let (upper0, upper1) = (pairs(a.low, b.low), pairs(a.high, b.high))
    let (lower0, lower1) = (pairs(c.low, d.low), pairs(c.high, d.high))
    func put(_ upper: Float8, _ lower: Float8, _ index: Int) {
      store8(Float8(lowHalf: upper.lowHalf, highHalf: lower.lowHalf), to: to + index * targetStride)
      store8(Float8(lowHalf: upper.highHalf, highHalf: lower.highHalf), to: to + (index + 4) * targetStride)
    }
    put(upper0.low, lower0.low, 0)
    put(upper0.high, lower0.high, 1)
    put(upper1.low, lower1.low, 2)
    put(upper1.high, lower1.high, 3)
    column += 8
  }
  while column < columns {
    for row in 0..<8 { target[column * targetStride + row] = row < rows ? source[row * stride + column] : 0 }
    column += 1
  }
}

/// The values of two vectors in turns, within each half: those of its first two lanes, and of its last two.
@inline(__always)
private func interleaved(_ x: Float8, _ y: Float8) -> (low: Float8, high: Float8) {
  (
    Float8(x[0], y[0], x[1], y[1], x[4], y[4], x[5], y[5]), Float8(x[2], y[2], x[3], y[3], x[6], y[6], x[7], y[7])
  )
}

/// Pairs of neighbouring values of two vectors in turns, within each half: its first pairs, and its second pairs.
@inline(__always)
private func pairs(_ x: Float8, _ y: Float8) -> (low: Float8, high: Float8) {
  (
    Float8(x[0], x[1], y[0], y[1], x[4], x[5], y[4], y[5]), Float8(x[2], x[3], y[2], y[3], x[6], x[7], y[6], y[7])
  )
}

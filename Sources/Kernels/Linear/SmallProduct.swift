// Products with few rows, where a matrix library spends its time in calls and copies. They run through the inner loop
// of the direct convolutions: a tile of rows × 16 columns stays in registers, nothing is packed.

/// Adds A · B to C, where A is `[rows][inner]`, B is `[inner][columns]` and C is `[rows][columns]`.
///
/// B is read up to 15 floats past its end. `scratch` is ``smallProductScratchCount`` floats. C overlaps no other buffer.
package func addSmallProduct(
  rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  to c: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  let row = ConvolutionRow(
    places: rows, placeStride: inner, rows: 1, rowStride: 0, steps: inner, stepStride: 1, vectorStride: columns,
    vectorRowStride: 0, outputStride: columns, accumulates: true)
  row.computeColumns(columns, scalars: a, vectors: b, into: c, scratch: scratch)
}

/// Sets C to Aᵀ · B, where A is `[rows][inner]`, B is `[rows][columns]` and C is `[inner][columns]`.
///
/// B is read up to 15 floats past its end. `scratch` is ``smallProductScratchCount`` floats. C overlaps no other buffer.
package func smallTransposedProduct(
  rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  into c: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  let row = ConvolutionRow(
    places: inner, placeStride: 1, rows: 1, rowStride: 0, steps: rows, stepStride: inner, vectorStride: columns,
    vectorRowStride: 0, outputStride: columns)
  row.computeColumns(columns, scalars: a, vectors: b, into: c, scratch: scratch)
}

/// Sets C to A · Bᵀ, where A is `[rows][inner]`, B is `[columns][inner]` and C is `[rows][columns]`.
///
/// The matrix library packs nothing where a result has up to about a thousand values, so it gets that much at once.
package func smallProductTransposed(
  rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
  into c: UnsafeMutablePointer<Float>
) {
  let portion = max(8, 1000 / rows & ~7)
  for first in stride(from: 0, to: columns, by: portion) {
    matrixProduct(
      rows: rows, columns: min(portion, columns - first), inner: inner, a, strideA: inner, b + first * inner,
      strideB: inner, transposeB: true, into: c + first, strideC: columns)
  }
}

/// Floats of scratch memory that the products with few rows want.
package let smallProductScratchCount = placesAtOnce * 16

/// A multiple of both tiles' places, so that a portion of C stays in the nearest cache.
private let placesAtOnce = 48

extension ConvolutionRow {
  /// Computes all columns, portion by portion, with this row's strides.
  fileprivate func computeColumns(
    _ columns: Int, scalars: UnsafePointer<Float>, vectors: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    var part = self
    for first in stride(from: 0, to: places, by: placesAtOnce) {
      part.places = min(placesAtOnce, places - first)
      let from = scalars + first * placeStride
      for index in 0..<ChannelBlock.count(of: columns) {
        let block = ChannelBlock(index, of: columns)
        let to = output + first * columns + block.first
        if block.count == block.lanes {
          part.outputStride = columns
          part.accumulates = accumulates
          part.compute(lanes: block.lanes, scalars: from, vectors: vectors + block.first, into: to)
          continue
        }
        part.outputStride = block.lanes
        part.accumulates = false
        part.compute(lanes: block.lanes, scalars: from, vectors: vectors + block.first, into: scratch)
        for place in 0..<part.places {
          for lane in 0..<block.count {
            let sum = scratch[place * block.lanes + lane]
            to[place * columns + lane] = accumulates ? to[place * columns + lane] + sum : sum
          }
        }
      }
    }
  }
}

// Images of one channel may have large empty regions, as handwritten digits have. A window that sees nothing but zeros
// has a sum of zero, and nothing to add to the weights' gradient.

/// The results of a convolution whose windows see something that is not zero: a range of columns each row.
///
/// Who skips the others must know that what the zeros are multiplied by is finite: 0 · ∞ is not a number.
struct SeenColumns {
  private let convolution: DirectConvolution
  /// The first column of each row, and the column behind the last.
  private let bounds: UnsafeMutablePointer<Bounds>
  /// The same of the stored image's pixels.
  private let pixels: UnsafeMutablePointer<Bounds>

  private typealias Bounds = (first: Int32, end: Int32)

  /// Sees all columns; `nil` where looking for zeros would not pay.
  init?(_ convolution: DirectConvolution, _ scratch: inout Scratch) {
    let input = convolution.geometry.input
    guard input.channels == 1 else { return nil }
    self.convolution = convolution
    bounds = scratch.take(convolution.output.height, of: Bounds.self)
    pixels = scratch.take(input.top + input.height + input.bottom, of: Bounds.self)
  }

  /// The columns of a row of results.
  subscript(row: Int) -> Range<Int> { Int(bounds[row].first)..<Int(bounds[row].end) }

  /// Sees all columns.
  func seeAll() {
    bounds.update(repeating: (0, Int32(convolution.output.width)), count: convolution.output.height)
  }

  /// Looks at a stored image.
  func look(at image: UnsafePointer<Float>) {
    let (geometry, output) = (convolution.geometry, convolution.output)
    let (input, window) = (geometry.input, geometry.window)
    let (top, left) = (input.top - window.paddingTop, input.left - window.paddingLeft)
    for row in 0..<input.top + input.height + input.bottom {
      pixels[row] = Self.bounds(of: image + row * input.rowStride, count: input.rowStride)
    }
    for y in 0..<output.height {
      let start = top + y * convolution.poolHeight * window.strideHeight
      var (first, end) = (Int32.max, Int32(0))
      for row in start..<start + (convolution.poolHeight - 1) * window.strideHeight + window.height {
        first = min(first, pixels[row].first)
        end = max(end, pixels[row].end)
      }
      guard first < end else {
        bounds[y] = (0, 0)
        continue
      }
      // Window x sees the pixels x · stride to x · stride + width − 1.
      let columns = convolution.poolWidth * window.strideWidth
      let reach = (convolution.poolWidth - 1) * window.strideWidth + window.width
      let (from, to) = (Int(first) - left - reach + 1, Int(end) - left - 1)
      let last = to < 0 ? 0 : min(to / columns + 1, output.width)
      bounds[y] = (Int32(min(max(0, (from + columns - 1) / columns), last)), Int32(last))
    }
  }

  /// The smallest rectangle of results that holds all that see something.
  var box: (rows: Range<Int>, columns: Range<Int>) {
    var (rows, columns) = (0..<0, 0..<0)
    for y in 0..<convolution.output.height where bounds[y].first < bounds[y].end {
      if rows.isEmpty { (rows, columns) = (y..<y, self[y]) }
      rows = rows.lowerBound..<y + 1
      columns = min(columns.lowerBound, self[y].lowerBound)..<max(columns.upperBound, self[y].upperBound)
    }
    return (rows, columns)
  }

  /// The pixels of a row from the first to the last that is not zero; none gives a first one behind all.
  private static func bounds(of row: UnsafePointer<Float>, count: Int) -> Bounds {
    var first = 0
    while first + 8 <= count && all(load8(row + first) .== 0) { first += 8 }
    while first < count && row[first] == 0 { first += 1 }
    if first == count { return (.max, 0) }
    var end = count
    while end >= first + 8 && all(load8(row + end - 8) .== 0) { end -= 8 }
    while row[end - 1] == 0 { end -= 1 }
    return (Int32(first), Int32(end))
  }
}

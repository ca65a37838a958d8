/// The results of a convolution whose windows see a value that is not zero: one range of columns per row.
///
/// A window that sees nothing but zeros has a sum of zero, and adds nothing to the weights' gradient. The others may be
/// skipped only where the factors of these zeros are finite: 0 · ∞ is not a number.
struct NonzeroColumns {
  private let block: ConvolutionBlock
  /// The columns of each row. Who asks row by row takes this pointer: a copy of all else per row would cost more than the
  /// row.
  var rows: UnsafePointer<Bounds> { UnsafePointer(bounds) }
  private let bounds: UnsafeMutablePointer<Bounds>
  /// The pixels of each row of the stored image.
  private let pixels: UnsafeMutablePointer<Bounds>

  /// From the first column, or pixel, to the last that is not empty.
  struct Bounds {
    /// The first one.
    var first: Int32
    /// The one behind the last.
    var end: Int32
    /// Both.
    var range: Range<Int> { Int(first)..<Int(end) }
  }

  /// The columns of images of one channel; they are not set yet.
  init(_ block: ConvolutionBlock, _ scratch: inout Scratch) {
    let input = block.geometry.input
    self.block = block
    bounds = scratch.take(block.output.height, of: Bounds.self)
    pixels = scratch.take(input.top + input.height + input.bottom, of: Bounds.self)
  }

  /// Includes all columns.
  func includeAll() {
    bounds.update(repeating: Bounds(first: 0, end: Int32(block.output.width)), count: block.output.height)
  }

  /// Finds the columns of a stored image.
  func scan(_ image: UnsafePointer<Float>) {
    let (geometry, output) = (block.geometry, block.output)
    let (input, window) = (geometry.input, geometry.window)
    let (top, left) = (input.top - window.paddingTop, input.left - window.paddingLeft)
    for row in 0..<input.top + input.height + input.bottom {
      pixels[row] = Self.bounds(of: image + row * input.rowStride, count: input.rowStride)
    }
    for y in 0..<output.height {
      let start = top + y * block.poolHeight * window.strideHeight
      var (first, end) = (Int32.max, Int32(0))
      for row in start..<start + (block.poolHeight - 1) * window.strideHeight + window.height {
        first = min(first, pixels[row].first)
        end = max(end, pixels[row].end)
      }
      guard first < end else {
        bounds[y] = Bounds(first: 0, end: 0)
        continue
      }
      // Window x sees the pixels x · stride to x · stride + width − 1.
      let columns = block.poolWidth * window.strideWidth
      let reach = (block.poolWidth - 1) * window.strideWidth + window.width
      let (from, to) = (Int(first) - left - reach + 1, Int(end) - left - 1)
      let last = to < 0 ? 0 : min(to / columns + 1, output.width)
      bounds[y] = Bounds(first: Int32(min(max(0, (from + columns - 1) / columns), last)), end: Int32(last))
    }
  }

  /// The smallest rectangle of results that holds all columns.
  var box: (rows: Range<Int>, columns: Range<Int>) {
    var (rows, columns) = (0..<0, 0..<0)
    for y in 0..<block.output.height where bounds[y].first < bounds[y].end {
      if rows.isEmpty { (rows, columns) = (y..<y, bounds[y].range) }
      rows = rows.lowerBound..<y + 1
      let range = bounds[y].range
      columns = min(columns.lowerBound, range.lowerBound)..<max(columns.upperBound, range.upperBound)
    }
    return (rows, columns)
  }

  /// The pixels of a row from the first to the last that is not zero; a row of zeros gives a first one behind all.
  private static func bounds(of row: UnsafePointer<Float>, count: Int) -> Bounds {
    var first = 0
    while first + 8 <= count && all(load8(row + first) .== 0) { first += 8 }
    while first < count && row[first] == 0 { first += 1 }
    if first == count { return Bounds(first: .max, end: 0) }
    var end = count
    while end >= first + 8 && all(load8(row + end - 8) .== 0) { end -= 8 }
    while row[end - 1] == 0 { end -= 1 }
    return Bounds(first: Int32(first), end: Int32(end))
  }
}

/// Where the values of a batch of images lie: channels-last, with stored padding.
///
/// A batch is `[N][top + height + bottom][left + width + right][channels]` in memory; people count its values in the
/// order `[N][channels][height][width]`, without the padding. A vector of F values is an image of F channels and one
/// pixel.
package struct ImageLayout: Hashable, Sendable {
  /// Values per pixel.
  package var channels: Int
  /// Rows, without the padding.
  package var height: Int
  /// Pixels per row, without the padding.
  package var width: Int
  /// Stored rows of padding above.
  package var top: Int
  /// Stored columns of padding to the left.
  package var left: Int
  /// Stored rows of padding below.
  package var bottom: Int
  /// Stored columns of padding to the right.
  package var right: Int

  /// Creates a layout, by default without padding.
  package init(
    channels: Int, height: Int = 1, width: Int = 1, top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0
  ) {
    (self.channels, self.height, self.width) = (channels, height, width)
    (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
  }

  /// Values from one stored row to the next.
  package var rowStride: Int { (left + width + right) * channels }
  /// Values from one example to the next.
  package var exampleStride: Int { (top + height + bottom) * rowStride }
  /// From the start of an example to its first pixel inside the padding.
  package var origin: Int { top * rowStride + left * channels }
  /// Values of one example, without the padding.
  package var valueCount: Int { channels * height * width }
  /// Whether there is no padding, so that a batch is one run of values.
  package var isContiguous: Bool { top == 0 && left == 0 && bottom == 0 && right == 0 }

  /// Where the value with this index in the order `[channels][height][width]` lies in an example.
  package func position(of index: Int) -> Int {
    let (channel, pixel) = index.quotientAndRemainder(dividingBy: height * width)
    let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
    return origin + row * rowStride + column * channels + channel
  }
}

/// Calls `body` with the offsets and the length of each run of values that are neighbours in both layouts.
///
/// The layouts describe the same images and differ in their padding at most.
@inline(__always)
func forEachRun(_ count: Int, _ a: ImageLayout, _ b: ImageLayout, _ body: (Int, Int, Int) -> Void) {
  if a.isContiguous && b.isContiguous { return body(0, 0, count * a.valueCount) }
  for example in 0..<count {
    var (first, second) = (example * a.exampleStride + a.origin, example * b.exampleStride + b.origin)
    for _ in 0..<a.height {
      body(first, second, a.width * a.channels)
      first += a.rowStride
      second += b.rowStride
    }
  }
}

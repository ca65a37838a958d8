/// How a window slides over an image: a convolution's kernel or a pooling's window.
package struct WindowGeometry: Hashable, Sendable {
  /// Rows of the window.
  package var height: Int
  /// Columns of the window.
  package var width: Int
  /// Rows from one window to the next.
  package var strideHeight: Int
  /// Columns from one window to the next.
  package var strideWidth: Int
  /// Rows from one of the window's values to the next.
  package var dilationHeight: Int
  /// Columns from one of the window's values to the next.
  package var dilationWidth: Int
  /// Rows of the padding above the image that the first window begins with.
  package var paddingTop: Int
  /// Columns of the padding left of the image that the first window begins with.
  package var paddingLeft: Int

  /// Creates a window of `height` by `width`.
  package init(
    height: Int, width: Int, strideHeight: Int = 1, strideWidth: Int = 1, dilationHeight: Int = 1,
    dilationWidth: Int = 1, paddingTop: Int = 0, paddingLeft: Int = 0
  ) {
    (self.height, self.width) = (height, width)
    (self.strideHeight, self.strideWidth) = (strideHeight, strideWidth)
    (self.dilationHeight, self.dilationWidth) = (dilationHeight, dilationWidth)
    (self.paddingTop, self.paddingLeft) = (paddingTop, paddingLeft)
  }
}

extension WindowGeometry {
  /// The first row inside the image that the window's `index`-th position sees, and how many rows inside it sees.
  @inline(__always)
  func rows(at index: Int, of image: ImageLayout) -> (first: Int, count: Int) {
    inside(index * strideHeight - paddingTop, height, dilationHeight, image.height)
  }

  /// The first column inside the image that the window's `index`-th position sees, and how many inside it sees.
  @inline(__always)
  func columns(at index: Int, of image: ImageLayout) -> (first: Int, count: Int) {
    inside(index * strideWidth - paddingLeft, width, dilationWidth, image.width)
  }

  @inline(__always)
  private func inside(_ start: Int, _ length: Int, _ dilation: Int, _ size: Int) -> (first: Int, count: Int) {
    let skipped = start < 0 ? (dilation - 1 - start) / dilation : 0
    let first = start + skipped * dilation
    let fitting = first < size ? (size - first + dilation - 1) / dilation : 0
    return (first, min(length - skipped, fitting))
  }
}

/// How many rows and columns of padding lie on each side of an image.
package struct Border: Hashable, Sendable {
  /// Rows above.
  package var top: Int
  /// Columns to the left.
  package var left: Int
  /// Rows below.
  package var bottom: Int
  /// Columns to the right.
  package var right: Int

  /// Creates a border.
  package init(top: Int, left: Int, bottom: Int, right: Int) {
    (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
  }

  /// Creates the border with `extent.height` rows above and below and `extent.width` columns left and right.
  package init(_ extent: Extent) {
    self.init(top: extent.height, left: extent.width, bottom: extent.height, right: extent.width)
  }

  /// No border.
  package static let none = Border(Extent(0))
}

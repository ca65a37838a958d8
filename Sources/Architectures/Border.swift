/// How many rows and columns of padding lie on each side of an image.
public struct Border: Hashable, Sendable {
  /// Rows above.
  public var top: Int
  /// Columns to the left.
  public var left: Int
  /// Rows below.
  public var bottom: Int
  /// Columns to the right.
  public var right: Int

  /// Creates a border.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
  }

  /// Creates the border with `extent.height` rows above and below and `extent.width` columns left and right.
  public init(_ extent: Extent) {
    self.init(top: extent.height, left: extent.width, bottom: extent.height, right: extent.width)
  }

  /// No border.
  public static let none = Border(Extent(0))
}

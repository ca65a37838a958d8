/// The shape of one example, without the batch dimension, in PyTorch's order: `[C, H, W]`, `[C, L]` or `[features]`.
public struct Shape: Hashable, Sendable {
  /// Sizes, outermost first; each at least 1.
  public var dimensions: [Int]

  /// Creates the shape with the sizes given, outermost first.
  public init(_ dimensions: Int...) { self.dimensions = dimensions }

  /// Creates the shape with the sizes given, outermost first.
  public init(_ dimensions: [Int]) { self.dimensions = dimensions }

  /// The number of values in one example.
  public var count: Int { dimensions.reduce(1, *) }

  /// The number of dimensions.
  public var rank: Int { dimensions.count }
}

extension Shape: CustomStringConvertible {
  /// The sizes as a person writes them: `1 × 28 × 28`.
  public var description: String { dimensions.map(String.init).joined(separator: " × ") }
}

/// A pair of values for the height and the width of a kernel, a stride, a border …; a 1-D layer has height 1 (or 0).
public struct Extent: Hashable, Sendable {
  /// The value along the rows of an image.
  public var height: Int
  /// The value along its columns, or along a 1-D sequence.
  public var width: Int

  /// Creates a pair.
  public init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }

  /// Creates a pair of two equal values.
  public init(_ side: Int) { self.init(side, side) }

  /// `5` where both agree, otherwise `3 × 5`.
  public var text: String { height == width ? "\(height)" : "\(height) × \(width)" }

  /// The text of a value for sequences or images: a sequence has no height.
  func text(_ rank: SpatialRank) -> String { rank == .two ? text : "\(width)" }
}

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

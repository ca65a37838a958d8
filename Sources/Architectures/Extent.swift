/// A pair of values for the height and the width of a kernel, a stride, a border …; a 1-D layer has height 1 (or 0).
package struct Extent: Hashable, Sendable {
  /// The value along the rows of an image.
  package var height: Int
  /// The value along its columns, or along a 1-D sequence.
  package var width: Int

  /// Creates a pair.
  package init(_ height: Int, _ width: Int) { (self.height, self.width) = (height, width) }

  /// Creates a pair of two equal values.
  package init(_ side: Int) { self.init(side, side) }

  /// `5` where both agree, otherwise `3 × 5`.
  package var text: String { height == width ? "\(height)" : "\(height) × \(width)" }

  /// The text of a value for sequences or images: a sequence has no height.
  func text(_ rank: SpatialRank) -> String { rank == .two ? text : "\(width)" }
}

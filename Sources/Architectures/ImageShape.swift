/// An example seen as an image: a sequence is an image of one row.
package struct ImageShape: Hashable, Sendable {
  /// Channels.
  package var channels: Int
  /// Rows.
  package var height: Int
  /// Columns.
  package var width: Int

  /// Reads `[C, H, W]` (rank two) or `[C, L]` (rank one).
  ///
  /// - Throws: ``ShapeError`` where the shape has another number of dimensions.
  package init(_ shape: Shape, rank: SpatialRank) throws(ShapeError) {
    let sizes = shape.dimensions
    switch (rank, sizes.count) {
    case (.two, 3): (channels, height, width) = (sizes[0], sizes[1], sizes[2])
    case (.one, 2): (channels, height, width) = (sizes[0], 1, sizes[1])
    case (.two, _): throw ShapeError("needs an image [C, H, W], its input is [\(shape)]")
    case (.one, _): throw ShapeError("needs a sequence [C, L], its input is [\(shape)]")
    }
  }

  init(channels: Int, height: Int, width: Int) {
    (self.channels, self.height, self.width) = (channels, height, width)
  }

  func shape(rank: SpatialRank) -> Shape {
    rank == .two ? Shape(channels, height, width) : Shape(channels, width)
  }

  /// `4 × 4` for an image, `4` for a sequence.
  func text(rank: SpatialRank) -> String { rank == .two ? "\(height) × \(width)" : "\(width)" }

  /// Sees that groups divide the channels before and after a layer.
  func checkGroups(_ groups: Int, outputs: Int) throws(ShapeError) {
    guard channels % groups == 0, outputs % groups == 0 else {
      throw ShapeError("groups \(groups) must divide its \(channels) input and \(outputs) output channels")
    }
  }
}

/// The shape of one example, without the batch dimension, in PyTorch's order: `[C, H, W]`, `[C, L]` or `[features]`.
package struct Shape: Hashable, Sendable {
  /// Sizes, outermost first; each at least 1.
  package var dimensions: [Int]

  /// Creates the shape with the sizes given, outermost first.
  package init(_ dimensions: Int...) { self.dimensions = dimensions }

  /// Creates the shape with the sizes given, outermost first.
  package init(_ dimensions: [Int]) { self.dimensions = dimensions }

  /// The number of values in one example.
  package var count: Int { dimensions.reduce(1, *) }

  /// The number of dimensions.
  package var rank: Int { dimensions.count }
}

extension Shape: CustomStringConvertible {
  /// The sizes as a person writes them: `1 × 28 × 28`.
  package var description: String { dimensions.map(String.init).joined(separator: " × ") }
}

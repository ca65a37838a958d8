/// The first dimension becomes several (`nn.Unflatten(1, shape)`).
///
/// - Input: `[N, C · H · W]`
/// - Output: `[N, C, H, W]`, the dimensions of ``shape``; further dimensions of the input follow
package struct Unflatten: LayerKind {
  /// What the first dimension becomes.
  package var shape: Shape

  /// Creates the description of an unflattening.
  package init(_ shape: Shape) { self.shape = shape }

  private static let unflatten = LayerType(
    "unflatten", module: "Unflatten",
    "Splits the first dimension, mostly of a row of values (nn.Unflatten(1, unflattened_size)).", Unflatten(Shape(1)),
    [
      .option(
        Option("unflattened_size", .list(.size, count: 1...3), "The shape, outermost first: [C, H, W]."),
        set: { $0.shape = Shape($1.integers("unflattened_size")) },
        value: { .list($0.shape.dimensions.map { .integer($0) }) }, isDefault: { _ in false })
    ])

  /// `unflatten`
  package static var types: [LayerType] { [unflatten] }

  /// `unflatten`
  package var type: LayerType { Self.unflatten }

  /// `nil`: unflattening goes without saying.
  package var diagramName: String? { nil }

  /// ``shape``, then the input's dimensions but the first.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    guard shape.count == input.dimensions[0] else {
      let hint = shape.count == input.count ? "; put a flatten layer before it" : ""
      throw ShapeError(
        "unflattened_size \(shape) holds \(shape.count) values, the first dimension of its input [\(input)] has "
          + "\(input.dimensions[0])\(hint)")
    }
    return ShapeInference(output: Shape(shape.dimensions + input.dimensions.dropFirst()))
  }
}

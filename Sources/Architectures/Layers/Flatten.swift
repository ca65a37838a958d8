/// One row of values per example, in that order (`nn.Flatten()`).
///
/// - Input: `[N, C, H, W]`
/// - Output: `[N, C · H · W]`
package struct Flatten: LayerKind {
  /// Creates the description of a flattening.
  package init() {}

  private static let flatten = LayerType(
    "flatten", module: "Flatten", "One row of values per example, channels first (nn.Flatten()).", Flatten(), [])

  /// `flatten`
  package static var types: [LayerType] { [flatten] }

  /// `flatten`
  package var type: LayerType { Self.flatten }

  /// `nil`: flattening goes without saying.
  package var diagramName: String? { nil }

  /// One dimension with all values of the input.
  package func inferred(from input: Shape) -> ShapeInference { ShapeInference(output: Shape(input.count)) }
}

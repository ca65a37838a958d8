/// Probabilities over the channels, `y_c = exp(x_c) / Σ exp(x)` (`nn.Softmax(dim=1)`).
///
/// - Input: `[N, C]`, `[N, C, L]` or `[N, C, H, W]`
/// - Output: the input's shape
package struct Softmax: LayerKind {
  /// Creates the description of a softmax.
  package init() {}

  private static let softmax = LayerType(
    "softmax", module: "Softmax", "Probabilities over the channels (nn.Softmax(dim=1)).", Softmax(), [])

  /// `softmax`
  package static var types: [LayerType] { [softmax] }

  /// `softmax`
  package var type: LayerType { Self.softmax }

  /// The input's shape.
  package func inferred(from input: Shape) -> ShapeInference { ShapeInference(output: input) }
}

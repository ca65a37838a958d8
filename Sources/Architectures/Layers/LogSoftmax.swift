/// Logarithms of probabilities over the channels, `y_c = x_c − log Σ exp(x)` (`nn.LogSoftmax(dim=1)`).
///
/// - Input: `[N, C]`, `[N, C, L]` or `[N, C, H, W]`
/// - Output: the input's shape
package struct LogSoftmax: LayerKind {
  /// Creates the description of a log-softmax.
  package init() {}

  private static let logSoftmax = LayerType(
    "log_softmax", module: "LogSoftmax", "Logarithms of probabilities over the channels (nn.LogSoftmax(dim=1)).",
    LogSoftmax(), [])

  /// `log_softmax`
  package static var types: [LayerType] { [logSoftmax] }

  /// `log_softmax`
  package var type: LayerType { Self.logSoftmax }

  /// The input's shape.
  package func inferred(from input: Shape) -> ShapeInference { ShapeInference(output: input) }
}

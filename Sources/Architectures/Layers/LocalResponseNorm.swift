/// Divides each value by what its neighbours in other channels are (`nn.LocalResponseNorm`),
/// `y_c = x_c / (k + alpha / size · Σ x²)^beta` over `size` channels around c.
///
/// - Input: `[N, C, H, W]` or `[N, C, L]`
/// - Output: the input's shape
/// - Source: Krizhevsky, Sutskever & Hinton 2012, "ImageNet classification with deep convolutional neural networks", 3.3.
package struct LocalResponseNorm: LayerKind {
  /// Channels in a window; of an even number one more lies before the value than behind it.
  package var size: Int
  /// The weight of the mean of the squares.
  package var alpha: Double
  /// The exponent.
  package var beta: Double
  /// What is added to the mean.
  package var k: Double

  /// Creates the description of a local response normalisation with PyTorch's defaults.
  package init(size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1) {
    (self.size, self.alpha, self.beta, self.k) = (size, alpha, beta, k)
  }

  private static let localResponseNorm = LayerType(
    "local_response_norm", module: "LocalResponseNorm",
    "Divides each value by what its neighbours in other channels are (nn.LocalResponseNorm).",
    LocalResponseNorm(size: 1),
    [
      .required("size", .size, \.size, "Neighbouring channels that count."),
      .option("alpha", .number(NumberRange(0...1_000)), \.alpha, "The weight of the mean of the squares."),
      .option("beta", .number(NumberRange(0...10)), \.beta, "The exponent."),
      .option(
        "k", .number(NumberRange(0...1_000, excludesMinimum: true)), \.k, "What is added to the mean of the squares."),
    ])

  /// `local_response_norm`
  package static var types: [LayerType] { [localResponseNorm] }

  /// `local_response_norm`
  package var type: LayerType { Self.localResponseNorm }

  /// The input's shape, of channels and pixels.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    guard input.rank > 1 else { throw ShapeError("needs [C, H, W] or [C, L], its input is [\(input)]") }
    return ShapeInference(output: input)
  }
}

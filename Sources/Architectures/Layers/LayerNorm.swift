/// Normalisation over the last dimensions of each example (`nn.LayerNorm`),
/// `y = (x − mean) / √(variance + eps) · weight + bias`.
///
/// - Input: any shape that ends with `normalizedShape`
/// - Output: the input's shape
/// - Parameters: `weight` and `bias` of the `normalizedShape`, where they are asked for
/// - Source: Ba, Kiros & Hinton 2016, arXiv:1607.06450.
package struct LayerNorm: LayerKind {
  /// The last sizes of the input, over which mean and variance are taken.
  package var normalizedShape: [Int]
  /// Added to the variance.
  package var eps: Double
  /// Whether a scale and a shift are learnt, one for each place of the `normalizedShape`.
  package var elementwiseAffine: Bool
  /// Whether there is a shift beside the scale.
  package var bias: Bool

  /// Creates the description of a layer normalisation with PyTorch's defaults.
  package init(normalizedShape: [Int], eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true) {
    (self.normalizedShape, self.eps) = (normalizedShape, eps)
    (self.elementwiseAffine, self.bias) = (elementwiseAffine, bias)
  }

  private static let layerNorm = LayerType(
    "layer_norm", module: "LayerNorm", "Normalisation over the last dimensions of each example (nn.LayerNorm).",
    weight: .vector, LayerNorm(normalizedShape: [1]),
    [
      .option(
        Option(
          "normalized_shape", .either([.size, .list(.size, count: 1...4)]),
          "The last sizes of the input: [C, H, W] or [W] of an image."),
        set: { norm, options in
          norm.normalizedShape =
            options.integerIfAny("normalized_shape").map { [$0] }
            ?? options.integers(
              "normalized_shape")
        },
        value: { norm in
          norm.normalizedShape.count == 1
            ? .integer(norm.normalizedShape[0]) : .list(norm.normalizedShape.map { .integer($0) })
        }, isDefault: { _ in false }),
      .option("eps", .normEps, \.eps, "Added to the variance."),
      .option(
        "elementwise_affine", .boolean, \.elementwiseAffine,
        "Whether a scale and a shift are learnt for each normalised place."),
      .option("bias", .boolean, \.bias, "Whether there is a shift beside the scale."),
    ])

  /// `layer_norm`
  package static var types: [LayerType] { [layerNorm] }

  /// `layer_norm`
  package var type: LayerType { Self.layerNorm }

  /// The input's shape, which ends with the normalised one.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    guard input.dimensions.suffix(normalizedShape.count) == normalizedShape[...] else {
      throw ShapeError(
        "normalized_shape [\(Shape(normalizedShape))] must be what its input [\(input)] ends with")
    }
    var inference = ShapeInference(output: input)
    inference.addScale(affine: elementwiseAffine, bias: bias, shape: normalizedShape)
    return inference
  }
}

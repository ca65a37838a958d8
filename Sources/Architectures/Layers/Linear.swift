/// A fully connected layer, `y = x Wᵀ + b` (`nn.Linear`).
///
/// - Input: `[N, inFeatures]`
/// - Output: `[N, outFeatures]`
/// - Parameters: `weight` `[outFeatures, inFeatures]`, `bias` `[outFeatures]`
package struct Linear: LayerKind {
  /// Values per example after the layer.
  package var outFeatures: Int
  /// Whether a bias is added.
  package var bias: Bool

  /// Creates the description of a fully connected layer.
  package init(outFeatures: Int, bias: Bool = true) { (self.outFeatures, self.bias) = (outFeatures, bias) }

  private static let linear = LayerType(
    "linear", module: "Linear", "A fully connected layer (nn.Linear).", input: "in_features", weight: .matrix,
    Linear(outFeatures: 1),
    [
      .required("out_features", .size, \.outFeatures, "Values after the layer."),
      .option("bias", .boolean, \.bias, "Whether a bias is added."),
    ])

  /// `linear`
  package static var types: [LayerType] { [linear] }

  /// `linear`
  package var type: LayerType { Self.linear }

  /// `FC`
  package var diagramName: String? { "FC" }

  /// The shapes of an input of one dimension.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    guard input.rank == 1 else {
      throw ShapeError("needs a flat input, its input is [\(input)]; put a flatten layer before it")
    }
    var inference = ShapeInference(output: Shape(outFeatures))
    inference.parameters = [("weight", [outFeatures, input.count])] + (bias ? [("bias", [outFeatures])] : [])
    inference.multiplyAdds = try NetworkLimits.multiplyAdds([outFeatures, input.count])
    return inference
  }
}

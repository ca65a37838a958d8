/// Normalisation of groups of channels of each example by itself (`nn.GroupNorm`),
/// `y = (x − mean) / √(variance + eps) · weight + bias`.
///
/// - Input: `[N, C]`, `[N, C, L]` or `[N, C, H, W]`
/// - Output: the input's shape
/// - Parameters: `weight` `[C]` and `bias` `[C]`, where it is `affine`
/// - Source: Wu & He 2018, arXiv:1803.08494.
package struct GroupNorm: LayerKind {
  /// How many groups the channels are cut into; it divides them.
  package var groups: Int
  /// Added to the variance.
  package var eps: Double
  /// Whether a scale and a shift are learnt.
  package var affine: Bool
  /// Whether there is a shift beside the scale.
  package var bias: Bool

  /// Creates the description of a group normalisation with PyTorch's defaults.
  package init(groups: Int, eps: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    (self.groups, self.eps, self.affine, self.bias) = (groups, eps, affine, bias)
  }

  private static let groupNorm = LayerType(
    "group_norm", module: "GroupNorm", "Normalisation of groups of channels of each example (nn.GroupNorm).",
    input: "num_channels", weight: .vector, GroupNorm(groups: 1),
    [
      .required("num_groups", .size, \.groups, "Groups of channels; it divides their number."),
      .option("eps", .normEps, \.eps, "Added to the variance."),
      .option("affine", .boolean, \.affine, "Whether a scale and a shift are learnt."),
      .option("bias", .boolean, \.bias, "Whether there is a shift beside the scale."),
    ])

  /// `group_norm`
  package static var types: [LayerType] { [groupNorm] }

  /// `group_norm`
  package var type: LayerType { Self.groupNorm }

  /// 2 where a group is one value, whose variance one example does not give (PyTorch refuses it).
  package func minimumBatch(input: Shape) -> Int { input.count == groups ? 2 : 1 }

  /// As in training.
  package func minimumEvaluationBatch(input: Shape) -> Int { minimumBatch(input: input) }

  /// The input's shape, of channels that the groups divide.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let channels = input.dimensions[0]
    guard channels % groups == 0 else {
      throw ShapeError("num_groups \(groups) must divide the \(channels) channels of its input")
    }
    var inference = ShapeInference(output: input)
    inference.addScale(affine: affine, bias: bias, shape: [channels])
    return inference
  }
}

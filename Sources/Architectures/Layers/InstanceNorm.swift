/// Normalisation of each channel of each example by itself (`nn.InstanceNorm1d`, `nn.InstanceNorm2d`),
/// `y = (x − mean) / √(variance + eps) · weight + bias`.
///
/// - Input: `[N, C, H, W]`; over sequences `[N, C, L]`; more than one pixel
/// - Output: the input's shape
/// - Parameters: `weight` `[C]`, `bias` `[C]`, where it is `affine`; buffers: `running_mean` `[C]`, `running_var` `[C]`,
///   `num_batches_tracked` `[]`, where it tracks running statistics (PyTorch leaves the last at 0)
/// - Source: Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022.
package struct InstanceNorm: LayerKind {
  /// Whether it works on sequences or images.
  package var rank: SpatialRank
  /// Added to the variance.
  package var eps: Double
  /// The newest batch's share in the running statistics; `nil` never changes them.
  package var momentum: Double?
  /// Whether a scale and a shift are learnt.
  package var affine: Bool
  /// Whether running statistics are kept, and used in evaluation.
  package var trackRunningStats: Bool
  /// Whether there is a shift beside the scale.
  package var bias: Bool

  /// Creates the description of an instance normalisation with PyTorch's defaults.
  package init(
    rank: SpatialRank = .two, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = false,
    trackRunningStats: Bool = false, bias: Bool = true
  ) {
    (self.rank, self.eps, self.momentum) = (rank, eps, momentum)
    (self.affine, self.trackRunningStats, self.bias) = (affine, trackRunningStats, bias)
  }

  private static let rankedTypes = RankedTypes { rank in
    LayerType(
      "instance_norm\(rank.rawValue)d", module: "InstanceNorm\(rank.rawValue)d", rank: rank,
      "Normalisation of each channel of each example (nn.InstanceNorm\(rank.rawValue)d).", input: "num_features",
      weight: .vector,
      InstanceNorm(rank: rank),
      [
        .option("eps", .normEps, \.eps, "Added to the variance."),
        .option(
          "momentum", .nullable(.share), \.momentum,
          "The newest batch's share in the running statistics; null never changes them."),
        .option("affine", .boolean, \.affine, "Whether a scale and a shift are learnt."),
        .option("track_running_stats", .boolean, \.trackRunningStats, "Whether running statistics are kept."),
        .option("bias", .boolean, \.bias, "Whether there is a shift beside the scale."),
      ])
  }

  /// `instance_norm2d`, `instance_norm1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  /// The shapes of an input with more than one pixel.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let image = try ImageShape(input, rank: rank)
    guard image.height * image.width > 1 else {
      throw ShapeError("needs more than one value in each channel, its input is [\(input)]")
    }
    var inference = ShapeInference(output: input)
    inference.addScale(affine: affine, bias: bias, shape: [image.channels])
    if trackRunningStats { inference.addRunningStatistics(channels: image.channels) }
    return inference
  }
}

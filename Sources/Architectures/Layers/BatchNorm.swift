/// Normalisation of each channel over the batch (`nn.BatchNorm1d`, `nn.BatchNorm2d`),
/// `y = (x − mean) / √(variance + eps) · weight + bias`.
///
/// - Input: `[N, C, H, W]`; with rank one `[N, C]` or `[N, C, L]`
/// - Output: the input's shape
/// - Parameters: `weight` `[C]`, `bias` `[C]`, where it is `affine`; buffers: `running_mean` `[C]`, `running_var` `[C]`,
///   `num_batches_tracked` `[]`, where it tracks running statistics
/// - Source: Ioffe & Szegedy 2015, arXiv:1502.03167.
package struct BatchNorm: LayerKind {
  /// `.two` for `nn.BatchNorm2d` (`[C, H, W]`), `.one` for `nn.BatchNorm1d` (`[C]` or `[C, L]`).
  package var rank: SpatialRank
  /// Added to the variance.
  package var eps: Double
  /// The share of the newest batch in the running statistics; `nil` takes the mean over all batches.
  package var momentum: Double?
  /// Whether a scale and a shift are learnt.
  package var affine: Bool
  /// Whether running statistics are kept, and used in evaluation.
  package var trackRunningStats: Bool

  /// Creates the description of a batch normalisation with PyTorch's defaults.
  package init(
    rank: SpatialRank = .two, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true
  ) {
    (self.rank, self.eps, self.momentum) = (rank, eps, momentum)
    (self.affine, self.trackRunningStats) = (affine, trackRunningStats)
  }

  private static let rankedTypes = RankedTypes { rank in
    LayerType(
      "batch_norm\(rank.rawValue)d", module: "BatchNorm\(rank.rawValue)d", rank: rank,
      "Normalisation of each channel over the batch (nn.BatchNorm\(rank.rawValue)d).", input: "num_features",
      weight: .vector,
      BatchNorm(rank: rank),
      [
        .option("eps", .normEps, \.eps, "Added to the variance."),
        .option(
          "momentum", .nullable(.share), \.momentum,
          "The newest batch's share in the running statistics; null is the mean over all batches."),
        .option("affine", .boolean, \.affine, "Whether a scale and a shift are learnt."),
        .option("track_running_stats", .boolean, \.trackRunningStats, "Whether running statistics are kept."),
      ])
  }

  /// `batch_norm2d`, `batch_norm1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  /// 2 where there is one value per channel and example, whose variance one example does not give (PyTorch refuses it).
  package func minimumBatch(input: Shape) -> Int { input.count == input.dimensions[0] ? 2 : 1 }

  /// As in training where there are no running statistics to take instead.
  package func minimumEvaluationBatch(input: Shape) -> Int { trackRunningStats ? 1 : minimumBatch(input: input) }

  /// The shapes of an input that has channels.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let allowed = rank == .two ? [3] : [1, 2]
    guard allowed.contains(input.rank) else {
      let wanted = rank == .two ? "an image [C, H, W]" : "[C] or [C, L]"
      throw ShapeError("needs \(wanted), its input is [\(input)]")
    }
    let channels = input.dimensions[0]
    var inference = ShapeInference(output: input)
    inference.addScale(affine: affine, bias: true, shape: [channels])
    if trackRunningStats { inference.addRunningStatistics(channels: channels) }
    return inference
  }
}

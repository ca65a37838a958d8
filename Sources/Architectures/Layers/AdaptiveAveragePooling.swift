/// Means over windows chosen so that the output has a given size (`nn.AdaptiveAvgPool1d`, `nn.AdaptiveAvgPool2d`).
///
/// - Input: `[N, C, H, W]`; over sequences `[N, C, L]`
/// - Output: `[N, C, outputHeight, outputWidth]`; window `i` of `H'` begins at `i·H / H'`, rounded down, and ends before
///   `(i + 1)·H / H'`, rounded up
package struct AdaptiveAveragePooling: LayerKind {
  /// Whether it works on sequences or images.
  package var rank: SpatialRank
  /// Rows after the layer; `nil` keeps the input's.
  package var outputHeight: Int?
  /// Columns after the layer; `nil` keeps the input's.
  package var outputWidth: Int?

  /// Creates the description of an adaptive average pooling.
  package init(rank: SpatialRank = .two, outputHeight: Int?, outputWidth: Int?) {
    (self.rank, self.outputHeight, self.outputWidth) = (rank, outputHeight, outputWidth)
  }

  private static let rankedTypes = RankedTypes { rank in
    LayerType(
      "adaptive_avg_pool\(rank.rawValue)d", module: "AdaptiveAvgPool\(rank.rawValue)d", rank: rank,
      "Means over windows chosen for an output size (nn.AdaptiveAvgPool\(rank.rawValue)d).",
      AdaptiveAveragePooling(rank: rank, outputHeight: 1, outputWidth: 1),
      [AdaptiveWindows.field(rank, \.outputHeight, \.outputWidth)])
  }

  /// `adaptive_avg_pool2d`, `adaptive_avg_pool1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  /// `POOL`
  package var diagramName: String? { "POOL" }

  /// The shapes of an input of the pooling's rank.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    try AdaptiveWindows.inferred(from: input, rank, outputHeight, outputWidth)
  }
}

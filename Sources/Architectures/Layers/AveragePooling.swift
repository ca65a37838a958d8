/// The mean of each window (`nn.AvgPool1d`, `nn.AvgPool2d`).
///
/// - Input: `[N, C, H, W]`; over sequences `[N, C, L]`
/// - Output: `[N, C, H', W']`, `H' = (H + 2·padding − kernel) / stride + 1`, rounded down, or up with
///   `ceilMode`, where a last window that would start beyond the image and its near padding is left out
package struct AveragePooling: LayerKind {
  /// Whether it works on sequences or images.
  package var rank: SpatialRank
  /// Rows and columns of a window.
  package var kernelSize: Extent
  /// Steps from one window to the next; PyTorch's default is the kernel's size.
  package var stride: Extent
  /// Rows and columns of zeros around the image; at most half of the kernel.
  package var padding: Extent
  /// Whether a window that passes the far edge counts.
  package var ceilMode: Bool
  /// Whether zeros of the padding count in the mean.
  package var countIncludePad: Bool
  /// What to divide a window's sum by instead of its size (images only).
  package var divisorOverride: Int?

  /// Creates the description of an average pooling with PyTorch's defaults.
  package init(
    rank: SpatialRank = .two, kernelSize: Extent, stride: Extent? = nil, padding: Extent = Extent(0),
    ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil
  ) {
    (self.rank, self.kernelSize, self.stride) = (rank, kernelSize, stride ?? kernelSize)
    (self.padding, self.ceilMode) = (padding, ceilMode)
    (self.countIncludePad, self.divisorOverride) = (countIncludePad, divisorOverride)
  }

  private static let rankedTypes = RankedTypes { rank in
    var fields: [OptionField<AveragePooling>] =
      PoolingWindow.fields(rank, \.kernelSize, \.stride, \.padding) + [
        .option("ceil_mode", .boolean, \.ceilMode, "Whether a window that passes the far edge counts."),
        .option("count_include_pad", .boolean, \.countIncludePad, "Whether the padding counts in the mean."),
      ]
    if rank == .two {
      fields.append(
        .option(
          "divisor_override", .nullable(.size), \.divisorOverride, "What to divide by instead of the window's size."))
    }
    return LayerType(
      "avg_pool\(rank.rawValue)d", module: "AvgPool\(rank.rawValue)d", rank: rank,
      "The mean of each window (nn.AvgPool\(rank.rawValue)d).", AveragePooling(rank: rank, kernelSize: Extent(1)),
      fields)
  }

  /// `avg_pool2d`, `avg_pool1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  /// `POOL`
  package var diagramName: String? { "POOL" }

  /// The shapes of an input of the pooling's rank.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let window = PoolingWindow(
      rank: rank, kernel: kernelSize, stride: stride, padding: padding, dilation: Extent(1), ceilMode: ceilMode)
    return ShapeInference(output: try window.output(of: ImageShape(input, rank: rank)).shape(rank: rank))
  }
}

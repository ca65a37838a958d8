/// The largest value of each window (`nn.MaxPool1d`, `nn.MaxPool2d`).
///
/// - Input: `[N, C, H, W]`; over sequences `[N, C, L]`
/// - Output: `[N, C, H', W']`, `H' = (H + 2·padding − dilation·(kernel − 1) − 1) / stride + 1`, rounded down, or up with
///   `ceilMode`, where a last window that would start beyond the image and its near padding is left out
package struct MaxPooling: LayerKind {
  /// Whether it works on sequences or images.
  package var rank: SpatialRank
  /// Rows and columns of a window.
  package var kernelSize: Extent
  /// Steps from one window to the next; PyTorch's default is the kernel's size.
  package var stride: Extent
  /// Rows and columns of −∞ around the image; at most half of the kernel.
  package var padding: Extent
  /// Steps between neighbouring values of a window.
  package var dilation: Extent
  /// Whether a window that passes the far edge counts.
  package var ceilMode: Bool

  /// Creates the description of a max pooling with PyTorch's defaults.
  package init(
    rank: SpatialRank = .two, kernelSize: Extent, stride: Extent? = nil, padding: Extent = Extent(0),
    dilation: Extent = Extent(1), ceilMode: Bool = false
  ) {
    (self.rank, self.kernelSize, self.stride) = (rank, kernelSize, stride ?? kernelSize)
    (self.padding, self.dilation, self.ceilMode) = (padding, dilation, ceilMode)
  }

  private static let rankedTypes = RankedTypes { rank in
    LayerType(
      "max_pool\(rank.rawValue)d", module: "MaxPool\(rank.rawValue)d", rank: rank,
      "The largest value of each window (nn.MaxPool\(rank.rawValue)d).", MaxPooling(rank: rank, kernelSize: Extent(1)),
      PoolingWindow.fields(rank, \.kernelSize, \.stride, \.padding) + [
        .extent("dilation", rank, \.dilation, "Steps between neighbouring values of a window."),
        .option("ceil_mode", .boolean, \.ceilMode, "Whether a window that passes the far edge counts."),
      ])
  }

  /// `max_pool2d`, `max_pool1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  /// `POOL`
  package var diagramName: String? { "POOL" }

  /// The shapes of an input of the pooling's rank.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let window = PoolingWindow(
      rank: rank, kernel: kernelSize, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
    return ShapeInference(output: try window.output(of: ImageShape(input, rank: rank)).shape(rank: rank))
  }
}

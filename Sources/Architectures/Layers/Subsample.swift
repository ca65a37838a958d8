/// Every `stride`-th row and column, with channels of zeros around the input's own: the shortcut without parameters of a
/// residual network ("option A"). In PyTorch, where d channels are added:
/// `F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, d // 2, d - d // 2))`.
///
/// - Input: `[N, C, H, W]`; over sequences `[N, C, L]`
/// - Output: `[N, outChannels, H', W']`, `H' = H / stride`, rounded up; the first d / 2 channels, rounded down, and the
///   last ones are zeros
/// - Source: He et al. 2015, arXiv:1512.03385, section 3.3.
package struct Subsample: LayerKind {
  /// Whether it works on sequences or images.
  package var rank: SpatialRank
  /// Steps from one row and column that is taken to the next.
  package var stride: Extent
  /// Channels of the output; `nil` leaves those of the input.
  package var outChannels: Int?

  /// Creates the description of a subsampling.
  package init(rank: SpatialRank = .two, stride: Extent = Extent(2), outChannels: Int? = nil) {
    (self.rank, self.stride, self.outChannels) = (rank, rank == .one ? Extent(1, stride.width) : stride, outChannels)
  }

  private static let rankedTypes = RankedTypes { rank in
    let name = "subsample\(rank.rawValue)d"
    let slice = rank == .two ? "x[:, :, ::s, ::s]" : "x[:, :, ::s]"
    return LayerType(
      name, module: "Subsample\(rank.rawValue)d", rank: rank,
      "Takes every s-th \(rank == .two ? "row and column" : "value") and adds channels of zeros: \(slice), then F.pad.",
      Subsample(rank: rank),
      [
        .extent("stride", rank, \.stride, "Steps from one value that is taken to the next."),
        .option(
          "out_channels", .nullable(.size), \.outChannels,
          "Channels with those of zeros, half of which come first; null adds none."),
      ])
  }

  /// `subsample2d`, `subsample1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  /// The shapes of an input of the layer's rank.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    var image = try ImageShape(input, rank: rank)
    let channels = outChannels ?? image.channels
    guard channels >= image.channels else {
      throw ShapeError(
        "out_channels \(channels) is less than the \(image.channels) channels of its input; it adds channels of zeros and "
          + "leaves none out")
    }
    image.channels = channels
    image.height = (image.height - 1) / stride.height + 1
    image.width = (image.width - 1) / stride.width + 1
    return ShapeInference(output: image.shape(rank: rank))
  }
}

/// The adjoint of a convolution, which enlarges a sequence or an image (`nn.ConvTranspose1d`, `nn.ConvTranspose2d`).
///
/// - Input: `[N, inChannels, H, W]`; over sequences `[N, inChannels, L]`
/// - Output: `[N, outChannels, H', W']`,
///   `H' = (H − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1`
/// - Parameters: `weight` `[inChannels, outChannels / groups, kernel height, kernel width]`, `bias` `[outChannels]`
/// - Source: Dumoulin & Visin 2016, arXiv:1603.07285.
package struct TransposedConvolution: LayerKind {
  /// Whether it works on sequences or images.
  package var rank: SpatialRank
  /// Channels after the layer.
  package var outChannels: Int
  /// Rows and columns of the kernel.
  package var kernelSize: Extent
  /// Steps between the places where neighbouring inputs put their kernel.
  package var stride: Extent
  /// Rows and columns cut from each side of the output.
  package var padding: Extent
  /// Rows and columns added at the bottom and the right of the output.
  package var outputPadding: Extent
  /// Into how many groups the channels are split.
  package var groups: Int
  /// Whether a bias is added.
  package var bias: Bool
  /// Steps between neighbouring values of the kernel.
  package var dilation: Extent

  /// Creates the description of a transposed convolution with PyTorch's defaults.
  package init(
    rank: SpatialRank = .two, outChannels: Int, kernelSize: Extent, stride: Extent = Extent(1),
    padding: Extent = Extent(0), outputPadding: Extent = Extent(0), groups: Int = 1, bias: Bool = true,
    dilation: Extent = Extent(1)
  ) {
    (self.rank, self.outChannels, self.kernelSize, self.stride) = (rank, outChannels, kernelSize, stride)
    (self.padding, self.outputPadding, self.groups) = (padding, outputPadding, groups)
    (self.bias, self.dilation) = (bias, dilation)
  }

  private static let rankedTypes = RankedTypes { rank in
    LayerType(
      "conv_transpose\(rank.rawValue)d", module: "ConvTranspose\(rank.rawValue)d", rank: rank,
      "The adjoint of a convolution, which enlarges (nn.ConvTranspose\(rank.rawValue)d).", input: "in_channels",
      weight: .matrix,
      TransposedConvolution(rank: rank, outChannels: 1, kernelSize: Extent(1)),
      [
        .required("out_channels", .size, \.outChannels, "Channels after the layer."),
        .extent("kernel_size", rank, isRequired: true, \.kernelSize, "Size of the kernel."),
        .extent("stride", rank, \.stride, "Steps between the places of neighbouring kernels."),
        .extent("padding", rank, from: 0, \.padding, "What is cut from each side of the output."),
        .extent("output_padding", rank, from: 0, \.outputPadding, "What is added at the output's far sides."),
        .option("groups", .size, \.groups, "Groups of channels with kernels of their own."),
        .option("bias", .boolean, \.bias, "Whether a bias is added."),
        .extent("dilation", rank, \.dilation, "Steps between neighbouring values of a kernel."),
      ])
  }

  /// `conv_transpose2d`, `conv_transpose1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  /// The shapes of an input of the convolution's rank.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let image = try ImageShape(input, rank: rank)
    try image.checkGroups(groups, outputs: outChannels)
    guard outputPadding.height < max(stride.height, dilation.height),
      outputPadding.width < max(stride.width, dilation.width)
    else {
      throw ShapeError(
        "output_padding \(outputPadding.text(rank)) must be smaller than the stride or the dilation")
    }
    let output = ImageShape(
      channels: outChannels,
      height: (image.height - 1) * stride.height - 2 * padding.height + dilation.height * (kernelSize.height - 1)
        + outputPadding.height + 1,
      width: (image.width - 1) * stride.width - 2 * padding.width + dilation.width * (kernelSize.width - 1)
        + outputPadding.width + 1)
    guard output.height > 0, output.width > 0 else {
      throw ShapeError("padding \(padding.text(rank)) leaves nothing of its \(image.text(rank: rank)) input's output")
    }
    var inference = ShapeInference(output: output.shape(rank: rank))
    let kernel = rank == .two ? [kernelSize.height, kernelSize.width] : [kernelSize.width]
    inference.parameters = [("weight", [image.channels, outChannels / groups] + kernel)]
    if bias { inference.parameters.append(("bias", [outChannels])) }
    inference.multiplyAdds = try NetworkLimits.multiplyAdds(
      [image.channels, image.height, image.width, outChannels / groups, kernelSize.height, kernelSize.width])
    return inference
  }
}

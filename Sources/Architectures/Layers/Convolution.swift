/// A cross-correlation over a sequence or an image (`nn.Conv1d`, `nn.Conv2d`), plus a bias.
///
/// - Input: `[N, inChannels, H, W]`; over sequences `[N, inChannels, L]`
/// - Output: `[N, outChannels, H', W']`, `H' = (H + 2·padding − dilation·(kernel − 1) − 1) / stride + 1`, rounded down
/// - Parameters: `weight` `[outChannels, inChannels / groups, kernel height, kernel width]`, `bias` `[outChannels]`
/// - Source: Dumoulin & Visin 2016, arXiv:1603.07285.
package struct Convolution: LayerKind {
  /// Whether it slides over sequences or images.
  package var rank: SpatialRank
  /// Channels after the layer.
  package var outChannels: Int
  /// Rows and columns of the kernel.
  package var kernelSize: Extent
  /// Steps from one window to the next.
  package var stride: Extent
  /// What is added around the image.
  package var padding: Padding
  /// Steps between neighbouring values of a window.
  package var dilation: Extent
  /// Into how many groups, each with a kernel of its own, the channels are split.
  package var groups: Int
  /// Whether a bias is added.
  package var bias: Bool
  /// What the padding holds.
  package var paddingMode: PaddingMode

  /// Creates the description of a convolution with PyTorch's defaults.
  package init(
    rank: SpatialRank = .two, outChannels: Int, kernelSize: Extent, stride: Extent = Extent(1),
    padding: Padding = .explicit(Extent(0)), dilation: Extent = Extent(1), groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .zeros
  ) {
    (self.rank, self.outChannels, self.kernelSize, self.stride) = (rank, outChannels, kernelSize, stride)
    (self.padding, self.dilation, self.groups) = (padding, dilation, groups)
    (self.bias, self.paddingMode) = (bias, paddingMode)
  }

  /// The padding on each side.
  package var border: Border {
    switch padding {
    case .explicit(let extent): return Border(extent)
    case .same:
      let rows = dilation.height * (kernelSize.height - 1)
      let columns = dilation.width * (kernelSize.width - 1)
      return Border(top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
    }
  }

  private static let rankedTypes = RankedTypes { rank in
    LayerType(
      "conv\(rank.rawValue)d", module: "Conv\(rank.rawValue)d", rank: rank,
      "A cross-correlation with learnt kernels (nn.Conv\(rank.rawValue)d).", input: "in_channels", weight: .matrix,
      Convolution(rank: rank, outChannels: 1, kernelSize: Extent(1)),
      [
        .required("out_channels", .size, \.outChannels, "Channels after the layer."),
        .extent("kernel_size", rank, isRequired: true, \.kernelSize, "Size of the kernel."),
        .extent("stride", rank, \.stride, "Steps from one window to the next."),
        paddingField(rank),
        .extent("dilation", rank, \.dilation, "Steps between neighbouring values of a window."),
        .option("groups", .size, \.groups, "Groups of channels with kernels of their own."),
        .option("bias", .boolean, \.bias, "Whether a bias is added."),
        .option(
          "padding_mode", .choice(PaddingMode.allCases.map(\.rawValue)), \.paddingMode, "What lies in the padding."),
      ])
  }

  /// `conv2d`, `conv1d`
  package static var types: [LayerType] { rankedTypes.all }

  /// The type of the layer's rank.
  package var type: LayerType { Self.rankedTypes[rank] }

  private static func paddingField(_ rank: SpatialRank) -> OptionField<Convolution> {
    .option(
      Option(
        "padding", .either([.extent(rank, from: 0), .choice(["same", "valid"])]), default: .integer(0),
        "What is added on each side; same keeps the size at stride 1, valid is 0."),
      set: { convolution, options in
        convolution.padding =
          switch options.textIfAny("padding") {
          case "same"?: .same
          case "valid"?: .explicit(Extent(0))
          default: .explicit(options.extent("padding", rank, flat: 0))
          }
      },
      value: { convolution in
        switch convolution.padding {
        case .same: .text("same")
        case .explicit(let extent): extent.value(rank)
        }
      }, isDefault: { $0.padding == .explicit(Extent(0)) })
  }

  /// `CONV`
  package var diagramName: String? { "CONV" }

  /// The convolution in the words in which all that compute the same agree: a padding of `same` that has an equal
  /// number of zeros on both sides is given as that number.
  package var normalized: Convolution {
    let border = border
    guard padding == .same, border.top == border.bottom, border.left == border.right else { return self }
    var convolution = self
    convolution.padding = .explicit(Extent(border.top, border.left))
    return convolution
  }

  /// The shapes of an input of the convolution's rank.
  package func inferred(from input: Shape) throws(ShapeError) -> ShapeInference {
    let image = try ImageShape(input, rank: rank)
    try image.checkGroups(groups, outputs: outChannels)
    if padding == .same, stride != Extent(1) {
      throw ShapeError("padding \"same\" needs stride 1, its stride is \(stride.text(rank))")
    }
    let border = border
    try checkPaddingMode(border, on: image)
    let rows = dilation.height * (kernelSize.height - 1) + 1
    let columns = dilation.width * (kernelSize.width - 1) + 1
    let paddedHeight = image.height + border.top + border.bottom
    let paddedWidth = image.width + border.left + border.right
    guard rows <= paddedHeight, columns <= paddedWidth else {
      let kernel = kernelSize.text(rank)
      let spread = dilation == Extent(1) ? "" : " with dilation \(dilation.text(rank))"
      let padded =
        border == .none
        ? "" : " (\(rank == .two ? "\(paddedHeight) × \(paddedWidth)" : "\(paddedWidth)") with its padding)"
      throw ShapeError("kernel \(kernel)\(spread) does not fit its \(image.text(rank: rank)) input\(padded)")
    }
    let output = ImageShape(
      channels: outChannels, height: (paddedHeight - rows) / stride.height + 1,
      width: (paddedWidth - columns) / stride.width + 1)
    var inference = ShapeInference(output: output.shape(rank: rank))
    let kernel = rank == .two ? [kernelSize.height, kernelSize.width] : [kernelSize.width]
    inference.parameters = [("weight", [outChannels, image.channels / groups] + kernel)]
    if bias { inference.parameters.append(("bias", [outChannels])) }
    inference.multiplyAdds = try NetworkLimits.multiplyAdds(
      [outChannels, output.height, output.width, image.channels / groups, kernelSize.height, kernelSize.width])
    return inference
  }

  private func checkPaddingMode(_ border: Border, on image: ImageShape) throws(ShapeError) {
    let rows = max(border.top, border.bottom)
    let columns = max(border.left, border.right)
    switch paddingMode {
    case .zeros, .replicate: return
    case .reflect:
      guard rows < image.height, columns < image.width else {
        throw ShapeError(
          "padding_mode \"reflect\" needs less padding than its \(image.text(rank: rank)) input has rows and columns")
      }
    case .circular:
      guard rows <= image.height, columns <= image.width else {
        throw ShapeError(
          "padding_mode \"circular\" needs no more padding than its \(image.text(rank: rank)) input has rows and columns"
        )
      }
    }
  }
}

/// The padding of a convolution, as PyTorch's `padding` argument says it.
package enum Padding: Hashable, Sendable {
  /// Rows above and below, columns left and right. `"valid"` is zero of both.
  case explicit(Extent)
  /// As much as keeps the image's size at stride 1; an odd zero of an even kernel lies on the far side.
  case same
}

/// What lies in the padding.
package enum PaddingMode: String, Hashable, Sendable, CaseIterable {
  /// Zeros.
  case zeros
  /// The image mirrored at its edge, the edge itself not repeated.
  case reflect
  /// The edge's own value.
  case replicate
  /// The opposite side of the image.
  case circular
}

extension PaddingMode: OptionRepresentable {}

/// The image with more around it.
package struct Pad: TransformKind {
  /// What is added.
  package var padding: Margins
  /// The value of constant padding, before normalisation.
  package var fill: Double
  /// What stands in the padding.
  package var paddingMode: BorderMode

  /// Creates the transform with torchvision's defaults.
  package init(_ padding: Margins, fill: Double = 0, paddingMode: BorderMode = .constant) {
    (self.padding, self.fill, self.paddingMode) = (padding, fill, paddingMode)
  }

  package static let isRandom = false

  package static let type = TransformType(
    "pad", "Adds pixels around the image (torchvision.transforms.Pad).", Pad(Margins(0)),
    [
      .required(
        "padding", Margins.kind, \.padding,
        "For all sides, [left and right, top and bottom], or [left, top, right, bottom]."),
      .option("fill", .pixel, \.fill, "The value of constant padding: 0 is black, 1 is white."),
      .option(
        "padding_mode", .choice(BorderMode.allCases.map(\.rawValue)), \.paddingMode, "What stands in the padding."),
    ])

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    try padding.around(image, paddingMode)
  }
}

/// The middle of the image; what it lacks is black.
package struct CenterCrop: TransformKind {
  /// Rows and columns of the piece.
  package var size: Extent

  /// Creates the transform.
  package init(size: Extent) { self.size = size }

  package static let isRandom = false

  package static let type = TransformType(
    "center_crop", "The middle of the image, zeros around it where it is smaller (torchvision.transforms.CenterCrop).",
    CenterCrop(size: Extent(1)), [.extent("size", .two, isRequired: true, \.size, "Rows and columns of the piece.")])

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    ImageShape(channels: image.channels, height: size.height, width: size.width)
  }

  /// What is added where the image is smaller than the piece; `nil` where nothing is.
  package func margins(of image: ImageShape) -> Margins? {
    let (rows, columns) = (max(0, size.height - image.height), max(0, size.width - image.width))
    if rows == 0 && columns == 0 { return nil }
    return Margins(left: columns / 2, top: rows / 2, right: (columns + 1) / 2, bottom: (rows + 1) / 2)
  }
}

/// The image without its colours.
package struct Grayscale: TransformKind {
  /// 1, or 3 equal ones.
  package var outputChannels: Int

  /// Creates the transform with torchvision's default.
  package init(outputChannels: Int = 1) { self.outputChannels = outputChannels }

  package static let isRandom = false

  package static let type = TransformType(
    "grayscale", "0.2989 red + 0.587 green + 0.114 blue (torchvision.transforms.Grayscale).", Grayscale(),
    [.option("num_output_channels", .integer(1...3), \.outputChannels, "1, or 3 equal ones.")])

  package func check() throws(OptionError) {
    if outputChannels == 2 { throw OptionError(option: "num_output_channels", "is 2; expected 1 or 3") }
  }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    guard image.channels == 1 || image.channels == 3 else {
      throw OptionError(
        option: "name", "is \"grayscale\", and the image has \(image.channels) channels; expected 1 or 3")
    }
    // torchvision's tensor of one channel can't become three: `expand` gives it the input's shape.
    let channels = outputChannels == 3 ? image.channels : 1
    return ImageShape(channels: channels, height: image.height, width: image.width)
  }
}

/// A piece of the image at a random place, after padding.
package struct RandomCrop: TransformKind {
  /// Rows and columns of the piece.
  package var size: Extent
  /// What is added around the image first; `nil` is nothing.
  package var padding: Margins?
  /// Whether an image that is smaller than the piece is padded on both sides until it is not.
  package var padIfNeeded: Bool
  /// The value of constant padding, before normalisation.
  package var fill: Double
  /// What stands in the padding.
  package var paddingMode: BorderMode

  /// Creates the transform with torchvision's defaults.
  package init(
    size: Extent, padding: Margins? = nil, padIfNeeded: Bool = false, fill: Double = 0,
    paddingMode: BorderMode = .constant
  ) {
    (self.size, self.padding, self.padIfNeeded) = (size, padding, padIfNeeded)
    (self.fill, self.paddingMode) = (fill, paddingMode)
  }

  package static let type = TransformType(
    "random_crop", "A piece of the image at a random place (torchvision.transforms.RandomCrop).",
    RandomCrop(size: Extent(1)),
    [
      .extent("size", .two, isRequired: true, \.size, "Rows and columns of the piece."),
      .option(
        "padding", .nullable(Margins.kind), \.padding,
        "What is added around the image first: for all sides, [left and right, top and bottom], or [left, top, right, bottom]."
      ),
      .option(
        "pad_if_needed", .boolean, \.padIfNeeded, "Whether a smaller image is padded on both sides by what it lacks."),
      .option("fill", .pixel, \.fill, "The value of constant padding: 0 is black, 1 is white."),
      .option(
        "padding_mode", .choice(BorderMode.allCases.map(\.rawValue)), \.paddingMode, "What stands in the padding."),
    ])

  /// The margins that are added to an image one after another.
  package func margins(of image: ImageShape) -> [Margins] {
    var margins = padding.map { [$0] } ?? []
    let width = image.width + margins.reduce(0) { $0 + $1.left + $1.right }
    let height = image.height + margins.reduce(0) { $0 + $1.top + $1.bottom }
    if padIfNeeded, width < size.width {
      margins.append(Margins(left: size.width - width, top: 0, right: size.width - width, bottom: 0))
    }
    if padIfNeeded, height < size.height {
      margins.append(Margins(left: 0, top: size.height - height, right: 0, bottom: size.height - height))
    }
    return margins
  }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    var padded = image
    for margins in margins(of: image) { padded = try margins.around(padded, paddingMode) }
    guard padded.height >= size.height, padded.width >= size.width else {
      throw OptionError(
        option: "size",
        "is \(size.height) × \(size.width), and the image is \(padded.text(rank: .two))"
          + (padding == nil ? "" : " with its padding") + "; take a smaller size, more padding, or pad_if_needed")
    }
    return ImageShape(channels: image.channels, height: size.height, width: size.width)
  }
}

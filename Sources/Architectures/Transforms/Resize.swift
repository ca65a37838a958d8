/// The image made larger or smaller.
package struct Resize: TransformKind {
  /// What the size is.
  package var size: Size
  /// How pixels are made.
  package var interpolation: Interpolation
  /// The most that the longer side may have, where the size is that of the shorter one.
  package var maximumSize: Int?
  /// Whether a smaller image is the mean over the pixels that it covers (bilinear only).
  package var antialias: Bool

  /// A size of images.
  package enum Size: Hashable, Sendable, OptionRepresentable {
    /// Pixels of the shorter side; the longer one follows.
    case shorter(Int)
    /// Rows and columns.
    case exact(Extent)

    init?(optionValue: OptionValue?) {
      switch optionValue {
      case .integer(let side)?: self = .shorter(side)
      case .list(let values)?:
        let sides = values.compactMap { if case .integer(let side) = $0 { side } else { nil } }
        guard sides.count == 2 else { return nil }
        self = .exact(Extent(sides[0], sides[1]))
      default: return nil
      }
    }

    var optionValue: OptionValue {
      switch self {
      case .shorter(let side): .integer(side)
      case .exact(let extent): .list([.integer(extent.height), .integer(extent.width)])
      }
    }
  }

  /// Creates the transform with torchvision's defaults.
  package init(
    _ size: Size, interpolation: Interpolation = .bilinear, maximumSize: Int? = nil, antialias: Bool = true
  ) {
    (self.size, self.interpolation) = (size, interpolation)
    (self.maximumSize, self.antialias) = (maximumSize, antialias)
  }

  package static let isRandom = false

  package static let type = TransformType(
    "resize", "Makes the image larger or smaller (torchvision.transforms.Resize).", Resize(.shorter(1)),
    [
      .required(
        "size", .extent(.two), \.size, "Pixels of the shorter side, or [rows, columns]."),
      .option("interpolation", Interpolation.kind, \.interpolation, "How pixels are made."),
      .option(
        "max_size", .nullable(.size), \.maximumSize,
        "The most pixels of the longer side, where size is those of the shorter one."),
      .option(
        "antialias", .boolean, \.antialias,
        "Whether a smaller image is made of all the pixels it covers (bilinear only)."),
    ])

  package func check() throws(OptionError) {
    guard let maximumSize else { return }
    guard case .shorter(let side) = size else {
      throw OptionError(option: "max_size", "is \(maximumSize), and size says both sides; leave it out")
    }
    guard maximumSize > side else {
      throw OptionError(option: "max_size", "is \(maximumSize); expected more than the size \(side)")
    }
  }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    var result = image
    switch size {
    case .exact(let extent): (result.height, result.width) = (extent.height, extent.width)
    case .shorter(let side):
      let (short, long) = (min(image.height, image.width), max(image.height, image.width))
      var (newShort, newLong) = (side, Int(Double(side * long) / Double(short)))
      if let maximumSize, newLong > maximumSize {
        (newShort, newLong) = (Int(Double(maximumSize * newShort) / Double(newLong)), maximumSize)
      }
      (result.height, result.width) = image.width <= image.height ? (newLong, newShort) : (newShort, newLong)
    }
    guard result.height > 0, result.width > 0 else {
      throw OptionError(
        option: "max_size", "leaves no pixel of an image of \(image.text(rank: .two)); take a larger one")
    }
    return result
  }
}

/// A random piece of the image, made as large as asked for. Source: Szegedy et al. 2014, arXiv:1409.4842.
package struct RandomResizedCrop: TransformKind {
  /// Rows and columns of the result.
  package var size: Extent
  /// The least and the largest share of the image's area.
  package var smallestScale, largestScale: Double
  /// The least and the largest width, as a share of the height.
  package var smallestRatio, largestRatio: Double
  /// How pixels are made.
  package var interpolation: Interpolation
  /// Whether a smaller image is the mean over the pixels that it covers (bilinear only).
  package var antialias: Bool

  /// Creates the transform with torchvision's defaults.
  package init(
    size: Extent, scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = 3.0 / 4.0...4.0 / 3.0,
    interpolation: Interpolation = .bilinear, antialias: Bool = true
  ) {
    (self.size, self.interpolation, self.antialias) = (size, interpolation, antialias)
    (smallestScale, largestScale) = (scale.lowerBound, scale.upperBound)
    (smallestRatio, largestRatio) = (ratio.lowerBound, ratio.upperBound)
  }

  package static let type = TransformType(
    "random_resized_crop", "A random piece, resized (torchvision.transforms.RandomResizedCrop).",
    RandomResizedCrop(size: Extent(1)),
    [
      .extent("size", .two, isRequired: true, \.size, "Rows and columns of the result."),
      .pair("scale", .share, \.smallestScale, \.largestScale, "The least and the largest share of the image's area."),
      .pair(
        "ratio", .positiveFactor, \.smallestRatio, \.largestRatio,
        "The least and the largest width as a share of the height."),
      .option("interpolation", Interpolation.kind, \.interpolation, "How pixels are made."),
      .option(
        "antialias", .boolean, \.antialias,
        "Whether a smaller image is made of all the pixels it covers (bilinear only)."),
    ])

  package func check() throws(OptionError) {
    try Bounds.bounds([smallestScale, largestScale]).check("scale")
    try Bounds.bounds([smallestRatio, largestRatio]).check("ratio")
  }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    ImageShape(channels: image.channels, height: size.height, width: size.width)
  }
}

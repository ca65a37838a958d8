/// A random rectangle of the image set to a value, by chance. Source: Zhong et al. 2017, arXiv:1708.04896.
package struct RandomErasing: TransformKind {
  /// How often something is erased.
  package var probability: Double
  /// The least and the largest share of the image's area.
  package var smallestScale, largestScale: Double
  /// The least and the largest height, as a share of the width.
  package var smallestRatio, largestRatio: Double
  /// What stands in the rectangle.
  package var value: Value

  /// What stands in an erased rectangle.
  package enum Value: Hashable, Sendable, OptionRepresentable {
    /// A value for all channels, or one for each.
    case constant([Double])
    /// Normally distributed numbers.
    case random

    init?(optionValue: OptionValue?) {
      switch optionValue {
      case .number(let value)?: self = .constant([value])
      case .list(let values)?:
        self = .constant(values.compactMap { if case .number(let value) = $0 { value } else { nil } })
      case .text(_)?: self = .random
      default: return nil
      }
    }

    var optionValue: OptionValue {
      switch self {
      case .constant(let values) where values.count == 1: .number(values[0])
      case .constant(let values): .list(values.map { .number($0) })
      case .random: .text("random")
      }
    }
  }

  /// Creates the transform with torchvision's defaults.
  package init(
    probability: Double = 0.5, scale: ClosedRange<Double> = 0.02...0.33, ratio: ClosedRange<Double> = 0.3...3.3,
    value: Value = .constant([0])
  ) {
    (self.probability, self.value) = (probability, value)
    (smallestScale, largestScale) = (scale.lowerBound, scale.upperBound)
    (smallestRatio, largestRatio) = (ratio.lowerBound, ratio.upperBound)
  }

  package static let type = TransformType(
    "random_erasing", "Sets a random rectangle to a value by chance (torchvision.transforms.RandomErasing).",
    RandomErasing(),
    [
      .option("p", .share, \.probability, "The probability."),
      .pair("scale", .share, \.smallestScale, \.largestScale, "The least and the largest share of the image's area."),
      .pair(
        "ratio", .positiveFactor, \.smallestRatio, \.largestRatio,
        "The least and the largest height as a share of the width."),
      .option(
        "value", .either([.pixel, .list(.pixel, count: 1...1_000), .choice(["random"])]), \.value,
        "What stands in the rectangle: a value, one per channel, or normally distributed numbers."),
    ])

  package func check() throws(OptionError) {
    for (name, low, high) in [
      ("scale", smallestScale, largestScale), ("ratio", smallestRatio, largestRatio),
    ] where low > high {
      throw OptionError(option: name, "is \(low) to \(high); expected the smaller number first")
    }
  }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    guard case .constant(let values) = value, values.count != 1, values.count != image.channels else { return image }
    throw OptionError(
      option: "value",
      "has \(values.count) values; expected 1, or one for each of the \(image.channels) channels")
  }
}

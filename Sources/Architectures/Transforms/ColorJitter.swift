/// Brightness, contrast, saturation and hue changed at random, in a random order.
package struct ColorJitter: TransformKind {
  /// Factors around 1.
  package var brightness, contrast, saturation: Bounds
  /// Shares of the colour circle, around 0.
  package var hue: Bounds

  /// Creates the transform with torchvision's defaults, which do nothing.
  package init(
    brightness: Bounds = .distance(0), contrast: Bounds = .distance(0), saturation: Bounds = .distance(0),
    hue: Bounds = .distance(0)
  ) {
    (self.brightness, self.contrast, self.saturation, self.hue) = (brightness, contrast, saturation, hue)
  }

  package static let type = TransformType(
    "color_jitter", "Changes brightness, contrast, saturation and hue (torchvision.transforms.ColorJitter).",
    ColorJitter(),
    [
      .option("brightness", factors, \.brightness, "The largest distance of the factor from 1, or [from, to]."),
      .option("contrast", factors, \.contrast, "The largest distance of the factor from 1, or [from, to]."),
      .option("saturation", factors, \.saturation, "The largest distance of the factor from 1, or [from, to]."),
      .option(
        "hue", Bounds.kind(from: -0.5, to: 0.5), \.hue,
        "The largest share of the colour circle to both sides, or [from, to]."
      ),
    ])

  private static let factors = Bounds.kind(from: 0, to: 1_000)

  package func check() throws(OptionError) {
    for (name, bounds) in [
      ("brightness", brightness), ("contrast", contrast), ("saturation", saturation), ("hue", hue),
    ] { try bounds.check(name) }
  }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    guard image.channels == 1 || image.channels == 3 else {
      throw OptionError(
        option: "name", "is \"color_jitter\", and the image has \(image.channels) channels; expected 1 or 3")
    }
    return image
  }

  /// The bounds of the four changes, in the order in which they are drawn; `nil` where nothing is drawn.
  package var changes: [(low: Double, high: Double)?] {
    func range(_ bounds: Bounds, _ middle: Double) -> (low: Double, high: Double)? {
      let values = bounds.values(around: middle)
      let low = if case .distance = bounds, middle == 1 { max(values[0], 0) } else { values[0] }
      return low == middle && values[1] == middle ? nil : (low, values[1])
    }
    return [range(brightness, 1), range(contrast, 1), range(saturation, 1), range(hue, 0)]
  }
}

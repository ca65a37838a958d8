/// The image turned by a random angle.
package struct RandomRotation: TransformKind {
  /// The angles, in degrees, against the clock.
  package var degrees: Bounds
  /// How pixels are made.
  package var interpolation: Interpolation
  /// The column and the row that stay; `nil` is the middle.
  package var center: [Double]?
  /// What stands where the image does not reach.
  package var fill: ChannelValues

  /// Creates the transform with torchvision's defaults.
  package init(
    degrees: Bounds, interpolation: Interpolation = .nearest, center: [Double]? = nil,
    fill: ChannelValues = ChannelValues([0])
  ) {
    (self.degrees, self.interpolation, self.center, self.fill) = (degrees, interpolation, center, fill)
  }

  package static let type = TransformType(
    "random_rotation", "Turns the image by a random angle (torchvision.transforms.RandomRotation).",
    RandomRotation(degrees: .distance(0)),
    [
      .required(
        "degrees", Bounds.kind(from: -36_000, to: 36_000), \.degrees, "The largest angle to both sides, or [from, to].")
    ] + warpFields(\.interpolation, \.center, \.fill))

  package func check() throws(OptionError) { try degrees.check("degrees") }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    try fill.check("fill", image)
    return image
  }
}

/// The image turned, moved, scaled and sheared at random.
package struct RandomAffine: TransformKind {
  /// The angles, in degrees.
  package var degrees: Bounds
  /// The largest shares of width and height that the image is moved by; `nil` is not at all.
  package var translate: [Double]?
  /// The least and the largest factor; `nil` is none.
  package var scale: [Double]?
  /// The angles of shearing along rows, and along columns where there are four; `nil` is none.
  package var shear: Bounds?
  /// How pixels are made.
  package var interpolation: Interpolation
  /// The column and the row that stay; `nil` is the middle.
  package var center: [Double]?
  /// What stands where the image does not reach.
  package var fill: ChannelValues

  /// Creates the transform with torchvision's defaults.
  package init(
    degrees: Bounds, translate: [Double]? = nil, scale: [Double]? = nil, shear: Bounds? = nil,
    interpolation: Interpolation = .nearest, center: [Double]? = nil, fill: ChannelValues = ChannelValues([0])
  ) {
    (self.degrees, self.translate, self.scale, self.shear) = (degrees, translate, scale, shear)
    (self.interpolation, self.center, self.fill) = (interpolation, center, fill)
  }

  package static let type = TransformType(
    "random_affine", "Turns, moves, scales and shears the image (torchvision.transforms.RandomAffine).",
    RandomAffine(degrees: .distance(0)),
    [
      .required(
        "degrees", Bounds.kind(from: -36_000, to: 36_000), \.degrees, "The largest angle to both sides, or [from, to]."),
      .numbers("translate", .share, \.translate, "The largest shares of width and height that it is moved by."),
      .numbers("scale", .positiveFactor, \.scale, "The least and the largest factor."),
      .option(
        "shear", .nullable(Bounds.kind(from: -89, to: 89, counts: [2, 4])), \.shear,
        "The largest angle along rows to both sides, [from, to], or [from, to] along rows and then along columns."),
    ] + warpFields(\.interpolation, \.center, \.fill))

  package func check() throws(OptionError) {
    try degrees.check("degrees")
    if let scale { try Bounds.bounds(scale).check("scale") }
    try shear?.check("shear")
  }

  package func output(of image: ImageShape) throws(OptionError) -> ImageShape {
    try fill.check("fill", image)
    return image
  }
}

/// The options that a rotation and an affine map share.
private func warpFields<Kind: TransformKind>(
  _ interpolation: WritableKeyPath<Kind, Interpolation> & Sendable,
  _ center: WritableKeyPath<Kind, [Double]?> & Sendable,
  _ fill: WritableKeyPath<Kind, ChannelValues> & Sendable
) -> [OptionField<Kind>] {
  [
    .option("interpolation", Interpolation.kind, interpolation, "How pixels are made."),
    .option(
      "fill", ChannelValues.kind, fill, "What stands where the image does not reach: a value, or one per channel."),
    .numbers(
      "center", .number(NumberRange(-1_000_000...1_000_000)), center,
      "The column and the row that stay; null is the middle."),
  ]
}

extension OptionField where Value: TransformKind {
  /// Two numbers or `null`, which is the default.
  fileprivate static func numbers(
    _ name: String, _ kind: OptionKind, _ property: WritableKeyPath<Value, [Double]?> & Sendable,
    _ documentation: String
  ) -> OptionField {
    .option(
      Option(name, .nullable(.list(kind, count: 2...2)), default: .null, documentation),
      set: { $0[keyPath: property] = $1.listIfAny(name) == nil ? nil : $1.numbers(name) },
      value: { $0[keyPath: property].map { .list($0.map { .number($0) }) } ?? .null },
      isDefault: { $0[keyPath: property] == nil })
  }
}

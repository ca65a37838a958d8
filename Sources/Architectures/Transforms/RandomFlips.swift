/// The image mirrored left to right, by chance.
package struct RandomHorizontalFlip: TransformKind {
  /// How often it is mirrored.
  package var probability: Double

  /// Creates the transform with torchvision's default.
  package init(probability: Double = 0.5) { self.probability = probability }

  package static let type = TransformType(
    "random_horizontal_flip", "Mirrors left and right by chance (torchvision.transforms.RandomHorizontalFlip).",
    RandomHorizontalFlip(), [.option("p", .share, \.probability, "The probability.")])
}

/// The image mirrored top to bottom, by chance.
package struct RandomVerticalFlip: TransformKind {
  /// How often it is mirrored.
  package var probability: Double

  /// Creates the transform with torchvision's default.
  package init(probability: Double = 0.5) { self.probability = probability }

  package static let type = TransformType(
    "random_vertical_flip", "Mirrors top and bottom by chance (torchvision.transforms.RandomVerticalFlip).",
    RandomVerticalFlip(), [.option("p", .share, \.probability, "The probability.")])
}

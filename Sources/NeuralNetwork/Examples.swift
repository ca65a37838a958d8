import Architectures

/// Images and labels that lie in somebody else's memory, which must outlive the value.
package struct Examples {
  /// What the images are made of.
  package enum Pixels {
    /// Bytes, and for each of `channels` equally large parts of an image, one after another, a table of the 256 values
    /// that they stand for (`[channels][256]`). A grey image has one, also where it is taken as a sequence of rows.
    case bytes(UnsafePointer<UInt8>, table: UnsafePointer<Float>, channels: Int)
    /// Values as they are.
    case floats(UnsafePointer<Float>)
  }

  /// The images one after another, each in PyTorch's order (`[C, H, W]`).
  package let pixels: Pixels
  /// The shape of one image.
  package let shape: Shape
  /// One class per image; `nil` where there are none (reconstruction).
  package let labels: UnsafePointer<UInt8>?
  /// The share of each class in each image, `[count][classes]`, of images that were mixed: what a training step on all of
  /// them, in their order, compares the output with. `nil` where the labels say all.
  package let shares: UnsafePointer<Float>?
  /// How many images there are.
  package let count: Int

  /// Creates a view of images and labels.
  package init(
    pixels: Pixels, shape: Shape, labels: UnsafePointer<UInt8>?, shares: UnsafePointer<Float>? = nil, count: Int
  ) {
    (self.pixels, self.shape, self.labels, self.shares, self.count) = (pixels, shape, labels, shares, count)
  }
}

/// What a network's output is compared with.
package enum Target: Hashable, Sendable {
  /// The example's class, one of so many.
  case classes(Int)
  /// The example itself.
  case input
}

/// What an evaluation adds up over examples.
package struct EvaluationSums: Hashable, Sendable {
  /// The sum of the examples' losses.
  package var lossSum: Double
  /// The sum of what the examples weigh in it: their number, unless the loss weighs classes.
  package var weight: Double
  /// Examples whose largest output is their class; 0 for reconstruction.
  package var correct: Int
  /// Examples.
  package var count: Int

  /// Creates sums.
  package init(lossSum: Double = 0, weight: Double = 0, correct: Int = 0, count: Int = 0) {
    (self.lossSum, self.weight, self.correct, self.count) = (lossSum, weight, correct, count)
  }

  /// The mean loss, over the examples' weights.
  package var loss: Double { lossSum / weight }
}

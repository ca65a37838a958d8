import Architectures

/// The facts of a data set that are known without looking at its pixels.
public struct DatasetDescription: Hashable, Sendable {
  /// The name that the grid uses.
  public var name: String
  /// The shape of one example: `[1, 28, 28]` for MNIST.
  public var shape: Shape
  /// The classes' names; a label is an index into them.
  public var classes: [String]
  /// Examples to train on, without those for validation.
  public var trainCount: Int
  /// Validation examples, by which settings are chosen.
  public var validationCount: Int
  /// Test examples, by which the result is judged.
  public var testCount: Int

  /// Creates a description.
  public init(
    name: String, shape: Shape, classes: [String], trainCount: Int, validationCount: Int, testCount: Int
  ) {
    (self.name, self.shape, self.classes) = (name, shape, classes)
    (self.trainCount, self.validationCount, self.testCount) = (trainCount, validationCount, testCount)
  }
}

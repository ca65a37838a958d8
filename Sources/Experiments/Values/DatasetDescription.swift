import Architectures

/// The facts of a data set that are known without looking at its pixels.
package struct DatasetDescription: Hashable, Sendable {
  /// The name that the grid uses.
  package var name: String
  /// The shape of one example: `[1, 28, 28]` for MNIST.
  package var shape: Shape
  /// The classes' names; a label is an index into them.
  package var classes: [String]
  /// Examples to train on, without those for validation.
  package var trainCount: Int
  /// Validation examples, by which settings are chosen.
  package var validationCount: Int
  /// Test examples, by which the result is judged.
  package var testCount: Int

  /// Creates a description.
  package init(
    name: String, shape: Shape, classes: [String], trainCount: Int, validationCount: Int, testCount: Int
  ) {
    (self.name, self.shape, self.classes) = (name, shape, classes)
    (self.trainCount, self.validationCount, self.testCount) = (trainCount, validationCount, testCount)
  }
}

/// What a network answered to examples with classes: counts by class, and right or wrong for each example.
package struct Answers: Hashable, Sendable {
  /// The number of classes.
  package let classes: Int
  /// Counts by `[truth · classes + guess]`.
  package private(set) var confusion: [Int]
  /// One bit per example that was classified right: example `i` is bit `i % 8`, least significant first, of byte
  /// `i / 8`.
  package private(set) var hits: [UInt8] = []
  /// The number of examples.
  package private(set) var count = 0

  /// Creates answers to nothing yet.
  package init(classes: Int) {
    self.classes = classes
    confusion = [Int](repeating: 0, count: classes * classes)
  }

  /// The counts as rows: `[truth][guess]`.
  package var confusionMatrix: [[Int]] {
    (0..<classes).map { Array(confusion[$0 * classes..<($0 + 1) * classes]) }
  }

  /// Adds the answer to the next example.
  mutating func add(truth: Int, guess: Int) {
    confusion[truth * classes + guess] += 1
    if count % 8 == 0 { hits.append(0) }
    if truth == guess { hits[count / 8] |= 1 << (count % 8) }
    count += 1
  }
}

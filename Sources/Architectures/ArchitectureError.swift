/// Why a layer does not fit what comes before it.
package struct ArchitectureError: Error, Hashable, CustomStringConvertible {
  /// The layer's place in the chain, from 0.
  package let index: Int
  /// The layer as people say it: `conv2`.
  package let title: String
  /// What is wrong.
  package let reason: ShapeError

  /// The layer, a colon, and what is wrong: `conv2: kernel 5 does not fit its 4 × 4 input`.
  package var description: String { "\(title): \(reason.message)" }
}

/// What is wrong with a layer in its place.
package struct ShapeError: Error, Hashable {
  /// The rule that is broken and the values that break it.
  package let message: String

  init(_ message: String) { self.message = message }
}

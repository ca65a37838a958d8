/// Why a layer does not fit what comes before it.
package struct ArchitectureError: Error, Hashable, CustomStringConvertible {
  /// Where the layer stands.
  package let place: LayerPlace
  /// The layer as people say it: `conv2`; a nested one, and one in such, says where it stands too.
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

/// Why a layer does not fit what comes before it.
public struct ArchitectureError: Error, Hashable, CustomStringConvertible {
  /// The layer's place in the chain, from 0.
  public let index: Int
  /// The layer as people say it: `conv2`.
  public let title: String
  /// What is wrong.
  public let reason: ShapeError

  /// The layer, a colon, and what is wrong: `conv2: kernel 5 does not fit its 4 × 4 input`.
  public var description: String { "\(title): \(reason.message)" }
}

/// What is wrong with a layer in its place.
public struct ShapeError: Error, Hashable {
  /// The rule that is broken and the values that break it.
  public let message: String

  init(_ message: String) { self.message = message }
}

/// The health check's result for one thing.
package struct CheckResult: Sendable, Hashable {
  /// How a thing is.
  package enum State: String, Sendable {
    /// As it should be.
    case good
    /// Not there; the program does without.
    case missing
    /// Trained numbers or the store are in danger.
    case bad
  }

  /// The thing: `BLAS`, `store`.
  package let check: String
  /// How it is.
  package let state: State
  /// The finding in words; several lines where several things are bad.
  package let found: String
}

import Synchronization

/// A wish to stop that any thread may express and any trial may look up, cheaply, at every iteration.
package final class Cancellation: Sendable {
  private let requested = Atomic<Bool>(false)

  /// Creates a token with nothing requested.
  package init() {}

  /// Asks every trial to stop at its next iteration. Safe from any thread, and as often as one likes.
  package func request() { requested.store(true, ordering: .releasing) }

  /// Whether a stop was asked for.
  package var isRequested: Bool { requested.load(ordering: .acquiring) }
}

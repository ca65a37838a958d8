import Foundation

/// Lets a trial begin where there is memory for it beside those that are at work.
///
/// A trial that is alone is always let in: waiting would not make room.
final class MemoryGate: Sendable {
  private let condition = NSCondition()
  private let room: Int
  nonisolated(unsafe) private var taken = 0
  nonisolated(unsafe) private var inside = 0

  /// - Parameter room: bytes for all trials at work together.
  init(room: Int) { self.room = room }

  /// Waits until there is room for so many bytes.
  ///
  /// - Parameter wants: asked ten times a second; without a wish there is no more waiting.
  /// - Returns: whether the trial is in; ``leave(_:)`` is to follow then.
  func enter(_ bytes: Int, while wants: () -> Bool) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while inside > 0, bytes > room - taken {
      guard wants() else { return false }
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1))
    }
    taken += bytes
    inside += 1
    return true
  }

  /// Gives the bytes back.
  func leave(_ bytes: Int) {
    condition.lock()
    taken -= bytes
    inside -= 1
    condition.broadcast()
    condition.unlock()
  }
}

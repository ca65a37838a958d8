import Experiments
import Files
import Synchronization

/// Which trial comes next, how each ended, and whether to go on: the one thing that the workers share.
final class Schedule: Sendable {
  private struct State {
    var next = 0
    var failures = 0
    var ends: [TrialEnd]
    var studyError: String?
  }

  private let state: Mutex<State>
  private let maximumFailures: Int?
  private let interruption: Cancellation
  private let stop = Cancellation()

  init(count: Int, maximumFailures: Int?, cancellation: Cancellation) {
    state = Mutex(State(ends: Array(repeating: .cancelled, count: count)))
    self.maximumFailures = maximumFailures
    interruption = cancellation
  }

  /// Whether trials at work should stop: it was asked for from outside, or one of them said that none can go on.
  var shouldStop: Bool { interruption.isRequested || stop.isRequested }

  func takeNext() -> Int? {
    if shouldStop { return nil }
    return state.withLock { state in
      guard state.next < state.ends.count else { return nil }
      if let maximumFailures, state.failures >= maximumFailures { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func end(of error: any Error) -> TrialEnd {
    switch error {
    case is TrialCancelled: return .cancelled
    case is TrialSkipped: return .skipped
    case let failure as StudyError:
      stop.request()
      state.withLock { $0.studyError = $0.studyError ?? failure.description }
      return .cancelled
    default: return .failed(message: SystemReason.text(error))
    }
  }

  func record(_ end: TrialEnd, at index: Int) {
    state.withLock { state in
      state.ends[index] = end
      if case .failed = end { state.failures += 1 }
    }
  }

  var summary: RunSummary {
    state.withLock {
      // A wish to stop that came when nothing was left to stop interrupted nothing.
      RunSummary(
        ends: $0.ends, interrupted: interruption.isRequested && $0.ends.contains(.cancelled),
        studyError: $0.studyError)
    }
  }
}

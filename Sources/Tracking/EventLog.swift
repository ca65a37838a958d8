import Dispatch
import Experiments
import Foundation
import Synchronization

/// Gathers the events of all trials of a process and writes them to the store in batches.
///
/// Workers append from their threads, which costs them a lock and a copy. One serial queue writes: `interval`
/// after the first of them came, when many wait, and before a trial ends or is checkpointed. After the first error that concerns the whole
/// store (a full disk, say) nothing more is written, and every further call throws that error, so that the run stops
/// with what was stored intact.
package final class EventLog: Sendable {
  fileprivate struct State {
    var batches: [Attempt: [TrialEvent]] = [:]
    /// All events so far of attempts that replace a result.
    var kept: [Attempt: [TrialEvent]] = [:]
    var losses = 0
    var isWriteDue = false
    var lost: Set<Attempt> = []
    var failure: (any Error)?
  }

  private let store: Store
  private let interval: Double
  private let flushThreshold: Int
  private let onFailure: @Sendable (any Error) -> Void
  private let queue = DispatchQueue(label: "EventLog")
  private let state = Mutex(State())

  /// Creates a log.
  ///
  /// - Parameters:
  ///   - store: Where the events go.
  ///   - interval: Seconds that an event waits at most; so much is lost when the process is killed.
  ///   - flushThreshold: Number of waiting losses at which they are written at once; at ten times that number,
  ///     appending blocks until they are.
  ///   - onFailure: Called once, from the writing queue, with the error that stops the log.
  package init(
    store: Store, interval: Double = 0.5, flushThreshold: Int = 20_000,
    onFailure: @escaping @Sendable (any Error) -> Void = { _ in }
  ) {
    (self.store, self.interval) = (store, interval)
    (self.flushThreshold, self.onFailure) = (flushThreshold, onFailure)
  }

  /// Takes an event of a trial. Cheap; may be called from any thread, for one trial in order.
  ///
  /// - Throws: ``StoreError/claimLost(trial:)`` once another process has taken the trial over, or the error that
  ///   stopped the log.
  package func append(_ event: TrialEvent, of attempt: Attempt) throws {
    let (waiting, isFirst) = try state.withLock { state in
      try state.check(attempt)
      state.batches[attempt, default: []].append(event)
      if case .batchLosses(_, let losses) = event { state.losses += losses.count }
      defer { state.isWriteDue = true }
      return (state.losses, !state.isWriteDue)
    }
    if isFirst { queue.asyncAfter(deadline: .now() + interval) { [weak self] in self?.write() } }
    if waiting >= 10 * flushThreshold {
      queue.sync { write() }
    } else if waiting >= flushThreshold {
      queue.async { self.write() }
    }
  }

  /// Returns when all that was appended before is stored.
  package func flush() throws {
    queue.sync { write() }
    try state.withLock { state in if let failure = state.failure { throw failure } }
  }

  /// Returns when all that the trial appended is stored and the store knows that it can be resumed from `iteration`.
  /// Only then may the checkpoint be moved into its place.
  package func checkpoint(_ attempt: Attempt, iteration: Int) throws {
    try end(attempt) { try store.noteCheckpoint(attempt, iteration: iteration) }
  }

  /// Stores the rest of a trial's events and what came of it.
  package func finish(_ attempt: Attempt, result: TrialResult) throws {
    try end(attempt) {
      let events = state.withLock { $0.kept.removeValue(forKey: attempt) } ?? []
      try store.finish(attempt, result: result, events: events)
    }
  }

  /// Stores the rest of a trial's events, the error that ended it, and the end of its log.
  package func fail(_ attempt: Attempt, message: String, logTail: String = "") throws {
    try end(attempt) {
      state.withLock { $0.kept[attempt] = nil }
      try store.fail(attempt, message: message, logTail: logTail)
    }
  }

  /// Stores the rest of a trial's events and that the user stopped it.
  package func cancel(_ attempt: Attempt) throws {
    try end(attempt) {
      state.withLock { $0.kept[attempt] = nil }
      try store.cancel(attempt)
    }
  }

  private func end(_ attempt: Attempt, _ body: () throws -> Void) throws {
    try queue.sync {
      write()
      try state.withLock { state in try state.check(attempt) }
      do { try body() } catch {
        stop(unlessLost: error)
        throw error
      }
    }
  }

  /// Writes what waits. Runs on the queue.
  private func write() {
    let batches = state.withLock { state in
      defer { (state.batches, state.losses, state.isWriteDue) = ([:], 0, false) }
      for (attempt, events) in state.batches where attempt.replacesResult {
        state.kept[attempt, default: []] += events
        state.batches[attempt] = nil
      }
      return state.failure == nil ? state.batches : [:]
    }
    guard !batches.isEmpty else { return }
    do {
      let lost = try store.record(batches.map { ($0.key, $0.value) })
      state.withLock { state in state.lost.formUnion(lost) }
    } catch {
      stop(unlessLost: error)
    }
  }

  /// Keeps the first error that concerns more than one trial.
  private func stop(unlessLost error: any Error) {
    if case StoreError.claimLost = error { return }
    let isFirst = state.withLock { state in
      defer { state.failure = state.failure ?? error }
      return state.failure == nil
    }
    if isFirst { onFailure(error) }
  }
}

extension EventLog.State {
  fileprivate func check(_ attempt: Attempt) throws {
    if let failure { throw failure }
    if lost.contains(attempt) { throw StoreError.claimLost(trial: attempt.trial) }
  }
}

import Dispatch
import Experiments

/// Runs trials on a pool of Dispatch workers.
///
/// Each worker takes the next trial of the list when it is free, so the order in which trials end depends on timing;
/// what a trial computes must not. A trial that throws ends by itself; the others go on.
package final class TrialPool: Sendable {
  /// Trials at work at the same time.
  package let workers: Int
  /// After how many failed trials no further one is begun; `nil` is never.
  package let maximumFailures: Int?
  /// How the pool is asked to stop.
  package let cancellation: Cancellation

  /// Creates a pool.
  ///
  /// - Precondition: `workers` is at least 1.
  package init(workers: Int, maximumFailures: Int? = nil, cancellation: Cancellation = Cancellation()) {
    precondition(workers >= 1, "a pool needs a worker, not \(workers)")
    (self.workers, self.maximumFailures, self.cancellation) = (workers, maximumFailures, cancellation)
  }

  /// What one trial needs of the pool while it runs.
  package struct Control: Sendable {
    /// The trial's place in the list.
    package let index: Int
    /// Passes an event on.
    package let emit: @Sendable (TrialEvent) -> Void
    let schedule: Schedule

    /// Whether the trial should stop at its next iteration and throw ``TrialCancelled``.
    package var shouldStop: Bool { schedule.shouldStop }
  }

  /// Runs all trials and returns when the last has ended.
  ///
  /// - Parameters:
  ///   - trials: what to run, in this order.
  ///   - perform: runs one trial to its result, on a worker's thread.
  ///   - report: hears every event, on the thread where it happens; it must be quick.
  package func run(
    _ trials: [Trial],
    perform: @escaping @Sendable (Trial, Control) throws -> TrialResult,
    report: @escaping @Sendable (RunnerEvent) -> Void
  ) -> RunSummary {
    let schedule = Schedule(count: trials.count, maximumFailures: maximumFailures, cancellation: cancellation)
    let group = DispatchGroup()
    for worker in 0..<min(workers, trials.count) {
      // A serial queue of its own has a thread of its own at once; those of a concurrent queue are shared with all that
      // waits elsewhere in the process, and no more than there are cores.
      DispatchQueue(label: "bench.worker.\(worker)").async(group: group) {
        while let index = schedule.takeNext() {
          report(.started(index: index))
          let end: TrialEnd
          do {
            let control = Control(index: index, emit: { report(.trial(index: index, $0)) }, schedule: schedule)
            end = .finished(try perform(trials[index], control))
          } catch {
            end = schedule.end(of: error)
          }
          schedule.record(end, at: index)
          report(.ended(index: index, end))
        }
      }
    }
    group.wait()
    return schedule.summary
  }
}

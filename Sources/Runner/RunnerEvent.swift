import Experiments

/// What the pool says while it works. Events of one trial come in order; those of several trials mix.
package enum RunnerEvent: Sendable {
  /// The trial at `index` of the list was begun.
  case started(index: Int)
  /// The trial said something of itself.
  case trial(index: Int, TrialEvent)
  /// The trial ended.
  case ended(index: Int, TrialEnd)
}

/// What came of a whole run.
package struct RunSummary: Sendable, Hashable {
  /// How each trial ended, in the order of the list.
  package var ends: [TrialEnd]
  /// Whether a stop was asked for from outside.
  package var interrupted: Bool
  /// Why the study could not go on, where a trial said so.
  package var studyError: String?

  /// Trials that ran to their end in this run.
  package var finished: Int { ends.count { if case .finished = $0 { true } else { false } } }

  /// Trials that ended by an error.
  package var failed: Int { ends.count { if case .failed = $0 { true } else { false } } }

  /// Trials that another process had, or has taken over.
  package var skipped: Int { ends.count { if case .skipped = $0 { true } else { false } } }

  /// Trials that ran to their end, but whose loss became NaN or infinite.
  package var diverged: Int {
    ends.count { if case .finished(let result) = $0, result.outcome != .done { true } else { false } }
  }
}

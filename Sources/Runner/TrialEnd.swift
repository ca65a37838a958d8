import Experiments

/// How one trial ended for the pool.
package enum TrialEnd: Sendable, Hashable {
  /// It ran to its end.
  case finished(TrialResult)
  /// It threw.
  case failed(message: String)
  /// It was stopped, or never begun because a stop was asked for.
  case cancelled
  /// Somebody else has it, or it is done already.
  case skipped
}

/// What a trial throws to say that it stopped because it was asked to.
package struct TrialCancelled: Error {
  /// Creates the error.
  package init() {}
}

/// What a trial throws to say that there is nothing to do: another process holds it, or it is done.
package struct TrialSkipped: Error {
  /// Creates the error.
  package init() {}
}

/// What a trial throws to say that going on makes no sense for any trial: the store is full, say.
package struct StudyError: Error, CustomStringConvertible {
  /// Where, what was found, and how to fix it.
  package let description: String

  /// Creates the error.
  package init(_ description: String) { self.description = description }
}

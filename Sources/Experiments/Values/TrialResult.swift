/// What came of a trial that ran to its end.
package struct TrialResult: Sendable, Hashable {
  /// How it ended.
  package var outcome: TrialOutcome
  /// Training steps done.
  package var iterations: Int
  /// Time from first to last step, evaluations included, in seconds.
  package var wallSeconds: Double
  /// Processor time of the same, in seconds.
  package var cpuSeconds: Double
  /// Memory that the process held at its highest during the trial, in bytes.
  package var peakBytes: Int
  /// Training examples per second of training steps, evaluations not counted.
  package var imagesPerSecond: Double
  /// Counts of the last evaluation on the test examples, `[truth][guess]`; `nil` for reconstruction.
  package var confusion: [[Int]]?
  /// Which test examples the last evaluation classified right: as many as lie on the diagonal of ``confusion``. `nil`
  /// for reconstruction, for trials of programs that did not keep it, and where it was not loaded.
  package var hits: HitMask?
  /// SHA-256 in hexadecimal over the bits of every batch loss and every evaluation, in order.
  package var traceDigest: String
  /// SHA-256 in hexadecimal over the bits of every evaluation, as the training knew them; `nil` in what was read from a
  /// store.
  package var scoresDigest: String?
  /// SHA-256 in hexadecimal of the file that keeps the trained weights; `nil` where they were not kept.
  package var weightsDigest: String?

  /// Creates a result.
  package init(
    outcome: TrialOutcome, iterations: Int, wallSeconds: Double, cpuSeconds: Double, peakBytes: Int,
    imagesPerSecond: Double, confusion: [[Int]]?, hits: HitMask? = nil, traceDigest: String,
    scoresDigest: String? = nil, weightsDigest: String? = nil
  ) {
    (self.outcome, self.iterations) = (outcome, iterations)
    (self.wallSeconds, self.cpuSeconds, self.peakBytes) = (wallSeconds, cpuSeconds, peakBytes)
    (self.imagesPerSecond, self.confusion, self.hits) = (imagesPerSecond, confusion, hits)
    (self.traceDigest, self.scoresDigest, self.weightsDigest) = (traceDigest, scoresDigest, weightsDigest)
  }
}

/// How a trial ended that ran to its end.
package enum TrialOutcome: Sendable, Hashable {
  /// All steps were made.
  case done
  /// The loss was NaN or infinite at this iteration.
  case diverged(iteration: Int)
}

/// Where a trial stands.
package enum TrialState: String, Sendable, Hashable, CaseIterable {
  /// Not begun.
  case planned
  /// At work.
  case running
  /// Ran to its end.
  case done
  /// Its loss became NaN or infinite: an outcome, not an error.
  case diverged
  /// Ended by an error.
  case failed
  /// Stopped by the user.
  case cancelled
  /// Its process is gone without a word.
  case stale
}

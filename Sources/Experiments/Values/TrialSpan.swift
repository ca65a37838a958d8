/// A stretch of a trial's iterations that one execution trained, and when.
package struct TrialSpan: Hashable, Sendable {
  /// The iteration that it went on after; 0 where it began anew.
  package var after: Int
  /// Its last iteration that is known.
  package var through: Int
  /// When it began, in seconds since 1970.
  package var begin: Double
  /// When it ended, or gave its last sign of life.
  package var end: Double

  /// Creates a stretch.
  package init(after: Int, through: Int, begin: Double, end: Double) {
    (self.after, self.through, self.begin, self.end) = (after, through, begin, end)
  }
}

extension [TrialSpan] {
  /// When an iteration was trained, in seconds since 1970, as if all steps of an execution took equally long; 0 where no
  /// execution is known.
  ///
  /// The latest execution counts, for what an earlier one trained after that iteration was trained again.
  package func time(of iteration: Int) -> Double {
    guard let span = last(where: { $0.after < iteration }) ?? first else { return 0 }
    guard span.through > span.after else { return span.begin }
    let share = Double(iteration - span.after) / Double(span.through - span.after)
    return span.begin + (span.end - span.begin) * Swift.min(Swift.max(share, 0), 1)
  }
}

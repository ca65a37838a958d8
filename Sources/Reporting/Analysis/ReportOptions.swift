import Experiments

/// What a report shows of a study.
package struct ReportOptions: Sendable, Hashable {
  /// Which evaluation of a trial its scores are taken from.
  package enum Point: Sendable, Hashable {
    /// The last one.
    case last
    /// The best one: on validation where there is one, otherwise on test, which the report then says.
    case best
    /// The one at this iteration; trials without it have no score.
    case iteration(Int)
  }

  /// Which evaluation the scores are taken from.
  package var at: Point
  /// A test accuracy in [0, 1]: the report then says when it was reached.
  package var target: Double?
  /// The labels of the configurations that are shown; none shows all. What is corrected is corrected over these.
  package var only: [String]
  /// The study's latest revision, where that is not the one that is shown.
  package var latestRevision: Int?
  /// The largest corrected p that is called a difference.
  package var alpha: Double
  /// The confidence of intervals.
  package var confidence: Double
  /// The gnuplot program, by name or path; `nil` draws no charts.
  package var gnuplot: String?
  /// The time of writing as the report shall show it; `nil` shows none.
  package var writtenAt: String?
  /// The nights that were recorded of the study: two or more are shown as its history.
  package var nights: [Night] = []

  /// Creates options.
  package init(
    at: Point = .last, target: Double? = nil, only: [String] = [], latestRevision: Int? = nil, alpha: Double = 0.05,
    confidence: Double = 0.95, gnuplot: String? = "gnuplot", writtenAt: String? = nil
  ) {
    (self.at, self.target, self.only, self.latestRevision) = (at, target, only, latestRevision)
    (self.alpha, self.confidence) = (alpha, confidence)
    (self.gnuplot, self.writtenAt) = (gnuplot, writtenAt)
  }
}

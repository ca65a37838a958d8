import Experiments

/// What a report shows of a study.
public struct ReportOptions: Sendable, Hashable {
  /// Which evaluation of a trial its scores are taken from.
  public enum Point: Sendable, Hashable {
    /// The last one.
    case last
    /// The best one: on validation where there is one, otherwise on test, which the report then says.
    case best
    /// The one at this iteration; trials without it have no score.
    case iteration(Int)
  }

  /// Which evaluation the scores are taken from.
  public var at: Point
  /// A test accuracy in [0, 1]: the report then says when it was reached.
  public var target: Double?
  /// The labels of the configurations that are shown; none shows all. What is corrected is corrected over these.
  public var only: [String]
  /// The study's latest revision, where that is not the one that is shown.
  public var latestRevision: Int?
  /// The largest corrected p that is called a difference.
  public var alpha: Double
  /// The confidence of intervals.
  public var confidence: Double
  /// The gnuplot program, by name or path; `nil` draws no charts.
  public var gnuplot: String?
  /// The time of writing as the report shall show it; `nil` shows none.
  public var writtenAt: String?
  /// The nights that were recorded of the study: two or more are shown as its history.
  public var nights: [Night] = []

  /// Creates options.
  public init(
    at: Point = .last, target: Double? = nil, only: [String] = [], latestRevision: Int? = nil, alpha: Double = 0.05,
    confidence: Double = 0.95, gnuplot: String? = "gnuplot", writtenAt: String? = nil
  ) {
    (self.at, self.target, self.only, self.latestRevision) = (at, target, only, latestRevision)
    (self.alpha, self.confidence) = (alpha, confidence)
    (self.gnuplot, self.writtenAt) = (gnuplot, writtenAt)
  }
}

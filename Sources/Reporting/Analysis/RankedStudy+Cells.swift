import Comparing
import Presentation
import Statistics

extension RankedStudy {
  /// The difference to the best with its interval: `−0.35 [−0.60, −0.10]`.
  func differenceText(_ row: ConfigurationAnalysis) -> String {
    if row.index == best?.index { return "best" }
    guard let comparison = row.comparison else { return NumberText.none }
    let interval = comparison.interval.map { " \(metric.differenceText($0))" }
    return metric.difference(comparison.difference) + (interval ?? "")
  }

  /// The corrected p of the difference to the best; empty for the best itself.
  func pText(_ row: ConfigurationAnalysis) -> String {
    if row.index == best?.index { return "" }
    return row.comparison.map { pText($0.p) } ?? NumberText.none
  }

  /// `0.012`, `0.31 ≈`, or `?` where there are too few seeds for a test.
  func pText(_ p: Double?) -> String {
    p.map { NumberText.p($0) + ($0 > options.alpha ? " ≈" : "") } ?? "?"
  }
}

extension ConfigurationAnalysis {
  /// The mean time until the target was reached, and how many seeds reached it.
  var targetText: String {
    let times = trials.filter { $0.score != nil }.compactMap(\.secondsToTarget)
    guard let summary = Summary(times) else { return "not reached" }
    let share = times.count == scores.count ? "" : " (\(times.count) of \(scores.count))"
    return "≈ \(NumberText.duration(summary.mean))\(share)"
  }
}

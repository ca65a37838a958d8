import Experiments
import Statistics

/// Two configurations that finished with all of their seeds, compared.
struct PairComparison: Sendable {
  /// The one with the better mean.
  let first: ConfigurationAnalysis
  let second: ConfigurationAnalysis
  /// First mean minus second.
  let difference: Double
  /// Corrected for all comparisons of the study; `nil` with too few seeds.
  let p: Double?
  /// Holds for all pairs at once; `nil` with too few seeds.
  let interval: Interval?
  /// The same before the steps of the test decided its sign.
  let singleStepInterval: Interval?
  /// How often a run of the first beats a run of the second.
  let improvement: Improvement?
  /// Of the scores over common seeds.
  let correlation: Double?
}

extension StudyAnalysis {
  /// All pairs among a few configurations, the better one first; none where there are many.
  ///
  /// - Parameter rows: what was compared, best first.
  static func pairs(
    _ comparisons: MeanComparisons, of rows: [ConfigurationAnalysis], metric: Metric, options: ReportOptions
  ) -> [PairComparison] {
    guard (2...fewConfigurations).contains(rows.count) else { return [] }
    return rows.indices.flatMap { first in
      ((first + 1)..<rows.count).compactMap { second in
        let (a, b) = (rows[first], rows[second])
        guard let one = a.score, let two = b.score, one.count > 1 || two.count > 1 else { return nil }
        let pair = comparisons.pairs.first { $0.first == first && $0.second == second }
        let seeds = a.trials.map(\.record.seed).filter { a.scores[$0] != nil && b.scores[$0] != nil }
        return PairComparison(
          first: a, second: b, difference: one.mean - two.mean, p: pair?.correctedP,
          interval: pair?.interval.cut(to: metric.possible(a, minus: b, among: rows.count)),
          singleStepInterval: pair?.singleStepInterval,
          improvement: Improvement(
            a.orderedScores, over: b.orderedScores, higherIsBetter: metric.higherIsBetter,
            confidence: options.confidence),
          correlation: correlation(seeds.map { a.scores[$0] ?? .nan }, seeds.map { b.scores[$0] ?? .nan }))
      }
    }
  }
}

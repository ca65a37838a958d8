import Comparing
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

extension PairComparison {
  /// All pairs among a few configurations that were compared, the better one first; none where there are many.
  static func all(of study: RankedStudy) -> [PairComparison] {
    let rows = study.ranked.filter { study.isWhole[$0.index] }
    guard (2...RankedStudy.fewConfigurations).contains(rows.count) else { return [] }
    return rows.indices.flatMap { first in
      ((first + 1)..<rows.count).compactMap { second in
        let (a, b) = (rows[first], rows[second])
        guard let one = a.score, let two = b.score, one.count > 1 || two.count > 1 else { return nil }
        let pair = study.comparisons.pairs.first { $0.first == first && $0.second == second }
        let seeds = a.trials.map(\.record.seed).filter { a.scores[$0] != nil && b.scores[$0] != nil }
        return PairComparison(
          first: a, second: b, difference: one.mean - two.mean, p: pair?.correctedP,
          interval: pair?.interval.cut(to: study.metric.possible(a, minus: b, among: rows.count)),
          singleStepInterval: pair?.singleStepInterval,
          improvement: Improvement(
            a.orderedScores, over: b.orderedScores, higherIsBetter: study.metric.higherIsBetter,
            confidence: study.options.confidence),
          correlation: Statistics.correlation(seeds.map { a.scores[$0] ?? .nan }, seeds.map { b.scores[$0] ?? .nan }))
      }
    }
  }
}

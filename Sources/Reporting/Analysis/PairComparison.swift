import Experiments
import Statistics

/// Two configurations held against each other, seed by seed.
struct PairComparison: Sendable {
  let first: ConfigurationAnalysis
  let second: ConfigurationAnalysis
  /// First minus second, one a common seed.
  let differences: [Double]
  /// Corrected over all pairs of the study.
  let p: Double
  let interval: Interval?

  var difference: Double { mean(differences) }

  /// Hedges' g of the two samples.
  var effect: Double? {
    EffectSize.hedgesG(Array(first.scores.values).sorted(), Array(second.scores.values).sorted())
  }

  /// Seeds with which a difference as large as this one would be seen four times in five.
  func seedsNeeded(alpha: Double) -> Int? {
    guard let deviation = standardDeviation(differences), deviation > 0 else { return nil }
    return Power.seedsNeeded(
      difference: difference, standardDeviation: deviation, alpha: alpha, power: 0.8, limit: 1000)
  }
}

extension StudyAnalysis {
  /// All pairs among the configurations that have a score, the better one first; none where there are many.
  func pairComparisons() -> [PairComparison] {
    let rows = ranked.filter { $0.score != nil }
    guard (2...Self.fewConfigurations).contains(rows.count) else { return [] }
    let seeds = seeds
    var pairs: [(ConfigurationAnalysis, ConfigurationAnalysis)] = []
    for (position, first) in rows.enumerated() { pairs += rows[(position + 1)...].map { (first, $0) } }
    let differences = pairs.map { first, second in
      seeds.map { seed in (first.scores[seed] ?? .nan) - (second.scores[seed] ?? .nan) }
    }
    let corrected = MaxT.test(differences).p
    return pairs.indices.map { index in
      let common = differences[index].filter { !$0.isNaN }
      return PairComparison(
        first: pairs[index].0, second: pairs[index].1, differences: common, p: corrected[index],
        interval: Interval.studentT(common, confidence: options.confidence))
    }
  }
}

import Experiments
import Statistics

/// The scores and losses of a comparison judged together: one interval of the loss for each row, corrected for all of
/// them, and a rule for single seeds that broke.
struct QualityFamily {
  /// Fewer common seeds than these are not tested: the spread of two differences is no measure of anything.
  static let fewestSeeds = 3
  /// A seed whose loss is more than so many times the spread between the baseline's seeds has collapsed.
  static let fewestSpreads = 8.0
  /// Where no spread is known, because there is one seed: so many times the tolerance.
  static let toleranceFactor = 10.0

  /// Rows that have an interval, over which it is corrected.
  let size: Int
  /// The largest loss in spreads that a seed may have.
  let spreads: Double

  /// Judges `rows`, which have differences and tolerances already.
  ///
  /// Times have no say here, and neither has a row that can't be tested: a row leaves the family by its number of seeds,
  /// before its numbers are looked at.
  ///
  /// - Parameter alpha: how often a bound of any row may be wrong.
  init(judging rows: inout [StudyComparison.Row], of baseline: StudyResults, alpha: Double) {
    let tested = rows.indices.filter {
      rows[$0].verdict == .notTested && rows[$0].differences.count >= Self.fewestSeeds
    }
    size = tested.count
    let deviations = Deviations(baseline)
    let seeds = rows.reduce(0) { $0 + ($1.verdict == .notTested ? $1.differences.count : 0) }
    spreads = deviations.spreads(seeds: seeds)
    var quantiles: [Int: Double] = [:]
    for index in rows.indices where rows[index].verdict == .notTested {
      let row = rows[index]
      let losses = row.differences.map { row.metric.higherIsBetter ? -$0 : $0 }
      let resolution = row.metric.isOfTestImages ? deviations.resolution(of: row.hash) : 0
      if let tolerance = row.tolerance {
        let deviation = deviations.deviation(of: row.hash, row.metric).map { max($0, resolution) }
        let limit = max(tolerance, deviation.map { spreads * $0 } ?? Self.toleranceFactor * tolerance)
        rows[index].collapsedSeeds = zip(row.seeds, losses).filter { $1 > limit }.map(\.0)
      }
      if losses.count >= Self.fewestSeeds, let deviation = standardDeviation(losses) {
        let quantile =
          quantiles[losses.count]
          ?? StudentT.quantile(1 - alpha / Double(size), degreesOfFreedom: Double(losses.count - 1))
        quantiles[losses.count] = quantile
        let (center, reach) = (mean(losses), quantile * max(deviation, resolution) / Double(losses.count).squareRoot())
        rows[index].lossInterval = Interval(lower: center - reach, upper: center + reach, confidence: 1 - 2 * alpha)
      }
      rows[index].verdict = rows[index].judged
    }
  }

  /// How far the baseline's seeds lie apart.
  private struct Deviations {
    private var own: [ComparedMetric: [String: Double]] = [:]
    private var middle: [ComparedMetric: Double] = [:]
    private var resolutions: [String: Double] = [:]
    private let degreesOfFreedom: Double

    init(_ baseline: StudyResults) {
      for metric in ComparedMetric.allCases where !metric.isCost {
        for configuration in baseline.configurations {
          if let deviation = standardDeviation(configuration.trials.compactMap { $0.values[metric] }) {
            own[metric, default: [:]][configuration.hash] = deviation
          }
        }
        middle[metric] = Summary(Array((own[metric] ?? [:]).values))?.median
      }
      for configuration in baseline.configurations {
        resolutions[configuration.hash] = configuration.testExamples.map { 1 / Double(max(1, $0)) } ?? 0
      }
      // The middle of several deviations is about as well known as one of half of all their seeds.
      let counts = baseline.configurations.map { max(0, $0.trials.count { $0.state == .done } - 1) }
      degreesOfFreedom = max(Double(counts.max() ?? 0), Double(counts.reduce(0, +)) / 2)
    }

    /// The configuration's own, or that in the middle of all where it is larger: own ones can be small by chance.
    func deviation(of hash: String, _ metric: ComparedMetric) -> Double? {
      let values = [own[metric]?[hash], middle[metric]].compactMap { $0 }
      return values.max()
    }

    func resolution(of hash: String) -> Double { resolutions[hash] ?? 0 }

    /// A difference of two fresh runs is √2·t of the deviation; one of so many seeds may pass this by chance in at most
    /// one of two hundred nights.
    func spreads(seeds: Int) -> Double {
      guard seeds > 0, degreesOfFreedom >= 1 else { return QualityFamily.fewestSpreads }
      let t = StudentT.quantile(1 - 0.005 / Double(seeds), degreesOfFreedom: degreesOfFreedom)
      return max(QualityFamily.fewestSpreads, 2.0.squareRoot() * t)
    }
  }
}

extension StudyComparison.Row {
  /// What the interval of the loss says of the tolerance.
  fileprivate var judged: StudyComparison.Verdict {
    // 0.97 − 0.965 is a little more than 0.005.
    let limit = (tolerance ?? 0) * (1 + 1e-9)
    if let lossInterval, lossInterval.lower > limit { return .worse }
    if !collapsedSeeds.isEmpty { return .collapsed }
    guard let lossInterval else { return .notTested }
    if lossInterval.lower > 0, lossInterval.upper <= limit { return .worseWithinTolerance }
    if lossInterval.upper < 0 { return .better }
    return lossInterval.upper <= limit ? .withinTolerance : .notDecided
  }
}

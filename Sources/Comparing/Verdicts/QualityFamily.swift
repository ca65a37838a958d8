import Experiments
import Statistics

/// The scores and losses of a comparison judged together: one interval of the loss for each row, corrected for all of
/// them, and a rule for single seeds that broke.
struct QualityFamily {
  /// Fewer common seeds than these are not tested: the spread of two differences measures nothing.
  static let fewestSeeds = 3
  /// A seed whose loss is more than so many times the spread between the baseline's seeds has collapsed.
  ///
  /// Scores are skewed to the left: of twelve equal configurations with exponential scores, twelve standard deviations
  /// are passed by chance in 0.3 of 100 nights, eight in 7.6.
  static let fewestSpreads = 12.0
  /// Where no spread is known, because there is one seed: so many times the tolerance.
  static let toleranceFactor = 10.0

  /// Rows that have an interval, over which it is corrected.
  let size: Int

  /// Judges `rows`, which have differences and tolerances already.
  ///
  /// Times have no say here, and neither has a row that can't be tested: a row leaves the family by its number of seeds,
  /// before its numbers are looked at.
  ///
  /// - Parameter alpha: how often a bound of any row may be wrong.
  init(judging rows: inout [ComparisonRow], of baseline: StudyResults, alpha: Double) {
    let tested = rows.indices.filter {
      rows[$0].verdict == .notTested && rows[$0].differences.count >= Self.fewestSeeds
    }
    size = tested.count
    let deviations = Deviations(baseline)
    let seeds = rows.reduce(0) { $0 + ($1.verdict == .notTested ? $1.differences.count : 0) }
    var quantiles: [Int: Double] = [:]
    for index in rows.indices where rows[index].verdict == .notTested {
      let row = rows[index]
      let losses = row.differences.map { row.metric.higherIsBetter ? -$0 : $0 }
      let resolution = row.metric.isOfTestImages ? deviations.resolution(of: row.hash) : 0
      if let tolerance = row.tolerance {
        let spread = deviations.collapseLimit(of: row.hash, row.metric, seeds: seeds, resolution: resolution)
        let limit = spread.map { max(tolerance, $0) } ?? Self.toleranceFactor * tolerance
        // Without any measure of what is much, no loss is.
        rows[index].collapseLimit = limit > 0 ? limit : nil
        if limit > 0 { rows[index].collapsedSeeds += zip(row.seeds, losses).filter { $1 > limit }.map(\.0) }
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

  /// The spreads between the baseline's seeds.
  private struct Deviations {
    /// A standard deviation with its degrees of freedom.
    private typealias Deviation = (value: Double, degreesOfFreedom: Double)
    private var own: [ComparedMetric: [String: Deviation]] = [:]
    private var middle: [ComparedMetric: Deviation] = [:]
    private var resolutions: [String: Double] = [:]

    init(_ baseline: StudyResults) {
      for metric in baseline.metrics where !metric.isCost {
        var all: [String: Deviation] = [:]
        for configuration in baseline.configurations {
          let values = Self.withoutFarOnes(configuration.trials.compactMap { $0.values[metric] })
          if let value = standardDeviation(values) { all[configuration.hash] = (value, Double(values.count - 1)) }
        }
        own[metric] = all
        if let median = Summary(all.values.map(\.value))?.median {
          // The middle of several is about as well known as one of half of all their seeds.
          let counts = all.values.map(\.degreesOfFreedom)
          middle[metric] = (median, max(counts.max() ?? 1, counts.reduce(0, +) / 2))
        }
      }
      for configuration in baseline.configurations {
        resolutions[configuration.hash] = configuration.testExamples.map { 1 / Double(max(1, $0)) } ?? 0
      }
    }

    /// Without the few that are stuck far from the others, by which a collapse would look ordinary. Of fewer than five
    /// values two may agree by chance, and make the others look far.
    private static func withoutFarOnes(_ values: [Double]) -> [Double] {
      guard values.count >= 5 else { return values }
      let center = quantile(0.5, of: values)
      let reach = 10 * 1.4826 * quantile(0.5, of: values.map { abs($0 - center) })
      return reach > 0 ? values.filter { abs($0 - center) <= reach } : values
    }

    func resolution(of hash: String) -> Double { resolutions[hash] ?? 0 }

    /// The loss that by chance one of so many seeds passes in at most one of two hundred nights (simulated): by the configuration's
    /// own spread, or by that in the middle of all where it says more, since own ones can be small by chance.
    func collapseLimit(of hash: String, _ metric: ComparedMetric, seeds: Int, resolution: Double) -> Double? {
      [own[metric]?[hash], middle[metric]].compactMap { deviation in
        deviation.map { deviation in
          // A difference of two fresh runs is √2·t of the deviation. Two seeds are taken for three: with one degree of
          // freedom nothing would ever be much.
          let t = StudentT.quantile(
            1 - 0.0025 / Double(max(1, seeds)), degreesOfFreedom: max(2, deviation.degreesOfFreedom))
          return max(QualityFamily.fewestSpreads, 2.0.squareRoot() * t) * max(deviation.value, resolution)
        }
      }.max()
    }
  }
}

extension ComparisonRow {
  /// The verdict that the interval of the loss allows, given the tolerance.
  fileprivate var judged: Verdict {
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

import Dispatch
import Experiments
import Foundation
import Statistics
import Synchronization

/// Nights as they might be: a study trained twice and compared, over and over, to measure how often the comparison cries
/// wolf and how often it sees a loss.
package struct GateSimulation: Sendable {
  /// The difference between the two sides of a night on which nothing changed.
  package enum Noise: Sendable, Hashable {
    /// Everything: both sides draw from the spread between seeds.
    case fresh
    /// Everything, from a spread that is exponential to the worse side, with the same standard deviation.
    case skewed
    /// The rounding: the same seeds, whose paired differences have this share of the spread between seeds. Trained on
    /// another processor, six seeds of three networks differed by 0 to a fifth of it.
    case rounding(Double)
  }

  /// The study that the nights are made from: its configurations, seeds, gaps, and the means and spreads of its scores.
  package let baseline: StudyResults
  /// The score that is simulated, and its tolerance.
  package let limit: ComparisonPolicy.Limit
  /// The share of nights that may have a false alarm.
  package var alpha = 0.05
  /// The difference without a change.
  package var noise = Noise.fresh
  /// The loss of the losing configurations, in the metric's own unit.
  package var loss = 0.0
  /// The first so many configurations lose.
  package var losers = 1
  /// The first so many seeds of the first configuration fall to a tenth of their accuracy, or ten times their loss.
  package var collapsedSeeds = 0
  /// Every third configuration lacks all but this many seeds in the candidate.
  package var seedsOfPartialRows: Int?
  /// So many nights are compared with the same baseline; each baseline is drawn anew.
  package var nightsPerBaseline = 1
  /// The standard deviation of a night's common speed, as a share; the policy then names the speed too.
  package var speedDeviation: Double?

  private let spreads: [(mean: Double, deviation: Double)]

  /// Takes means, spreads and the seeds that are done from a baseline.
  ///
  /// A configuration with fewer than two scores takes the middle of the others' spreads.
  package init(of baseline: StudyResults, limit: ComparisonPolicy.Limit) {
    var baseline = baseline
    for index in baseline.configurations.indices {
      baseline.configurations[index].trials.removeAll { $0.state != .done }
    }
    baseline.configurations.removeAll { $0.trials.isEmpty }
    let summaries = baseline.configurations.map { configuration in
      Summary(configuration.trials.compactMap { $0.values[limit.metric] })
    }
    let middle = Summary(summaries.compactMap { $0?.standardDeviation })?.median
    let center = Summary(summaries.compactMap { $0?.mean })?.median ?? 0.96
    spreads = summaries.map { ($0?.mean ?? center, $0?.standardDeviation ?? middle ?? 0.003) }
    (self.baseline, self.limit, hasSpread) = (baseline, limit, middle != nil)
  }

  /// A study of equal configurations: accuracies of 96 % with this standard deviation between seeds.
  ///
  /// - Parameter noisiest: the last configuration varies so many times as much.
  package init(
    configurations: Int, seeds: Int = 6, deviation: Double = 0.003, noisiest: Double = 1, tolerance: Double = 0.005
  ) {
    baseline = StudyResults(
      study: "simulated", revision: 1, commit: nil,
      configurations: (0..<configurations).map { index in
        StudyResults.Configuration(
          label: "\(index)", hash: "\(index)", dataDigest: "", testExamples: 10_000,
          trials: (0..<seeds).map { StudyResults.Trial(seed: UInt64($0), state: .done, values: [.testAccuracy: 0.96]) })
      })
    limit = ComparisonPolicy.Limit(.testAccuracy, .absolute(tolerance))
    hasSpread = true
    spreads = (0..<configurations).map { (0.96, deviation * ($0 == configurations - 1 && $0 > 0 ? noisiest : 1)) }
  }

  /// Whether the rule for single seeds can see the first configuration fall to a tenth: not where its own seeds lie about
  /// as far apart.
  package var canSeeCollapse: Bool {
    spreads.first.map { 2 * QualityFamily.fewestSpreads * $0.deviation < 0.9 * abs($0.mean) } ?? false
  }

  /// Whether any configuration of the baseline has the two scores that a spread takes.
  package let hasSpread: Bool

  /// The median standard deviation of a trial between seeds.
  package var deviation: Double { Summary(spreads.map(\.deviation))?.median ?? 0 }

  /// The counts.
  package struct Rates: Sendable, Hashable {
    /// Simulated nights.
    package var nights = 0
    /// Nights on which a configuration that had lost nothing was said to be worse or collapsed.
    package var falseAlarms = 0
    /// Nights on which a planted loss was said to be one.
    package var detections = 0
    /// Nights that ended undecided, with exit code 4.
    package var undecided = 0
    /// Nights on which a time was called worse.
    package var slowNights = 0
    /// The largest share of false alarms that one baseline gave.
    package var worstBaseline = 0.0

    /// Share of the nights with a false alarm.
    package var falseAlarmRate: Double { Double(falseAlarms) / Double(max(1, nights)) }
    /// Share of the nights on which the planted loss was seen.
    package var detectionRate: Double { Double(detections) / Double(max(1, nights)) }

    mutating func add(_ other: Rates) {
      nights += other.nights
      falseAlarms += other.falseAlarms
      detections += other.detections
      undecided += other.undecided
      slowNights += other.slowNights
      worstBaseline = max(worstBaseline, other.worstBaseline)
    }
  }

  /// Simulates so many nights, on all cores. The same seed gives the same counts.
  package func rates(nights: Int, seed: UInt64 = 0) -> Rates {
    let total = Mutex(Rates())
    let baselines = (nights + nightsPerBaseline - 1) / nightsPerBaseline
    let chunk = max(1, 50 / nightsPerBaseline)
    DispatchQueue.concurrentPerform(iterations: (baselines + chunk - 1) / chunk) { index in
      var sum = Rates()
      for number in (index * chunk)..<min(baselines, (index + 1) * chunk) {
        sum.add(rates(ofBaseline: UInt64(number), seed: seed))
      }
      let counted = sum
      total.withLock { $0.add(counted) }
    }
    return total.withLock { $0 }
  }

  /// The smallest loss that is seen four times in five, to a few hundredths of itself; `nil` where none up to 64
  /// tolerances and spreads is.
  package func smallestSeenLoss(nights: Int, seed: UInt64 = 0) -> Double? {
    func isSeen(_ loss: Double) -> Bool {
      var simulation = self
      simulation.loss = loss
      return simulation.rates(nights: nights, seed: seed).detectionRate >= 0.8
    }
    let mean = spreads.first?.mean ?? 0
    let start = max(limit.tolerance.value([mean]), deviation, 1e-9)
    guard var high = [1.0, 2, 4, 8, 16, 32, 64].lazy.map({ $0 * start }).first(where: isSeen) else { return nil }
    var low = high == start ? 0 : high / 2
    while high - low > 0.03 * high {
      let middle = (low + high) / 2
      if isSeen(middle) { high = middle } else { low = middle }
    }
    return high
  }

  private func rates(ofBaseline number: UInt64, seed: UInt64) -> Rates {
    var generator = SeededGenerator(seed: (seed &* 0x9E37_79B9_7F4A_7C15) ^ (number &* 0xD134_2543_DE82_EF95 &+ 1))
    let levels = spreads.enumerated().map { index, spread in
      baseline.configurations[index].trials.map { _ in spread.mean + spread.deviation * draw(using: &generator) }
    }
    let before = study(levels, loss: 0, isCandidate: false, using: &generator)
    let policy = ComparisonPolicy(
      limits: [limit] + (speedDeviation == nil ? [] : [.init(.imagesPerSecond, .relative(0.1))]), alpha: alpha)
    var rates = Rates()
    for _ in 0..<nightsPerBaseline {
      let after = study(levels, loss: loss, isCandidate: true, using: &generator)
      let comparison = StudyComparison(baseline: before, candidate: after, policy: policy)
      let red = comparison.rows.indices.filter { [.worse, .collapsed].contains(comparison.rows[$0].verdict) }
      let quality = Set(red.filter { !comparison.rows[$0].metric.isCost }.map { comparison.rows[$0].hash })
      let planted = loss > 0 ? losers : collapsedSeeds > 0 ? 1 : 0
      let guilty = Set(baseline.configurations.prefix(planted).map(\.hash))
      rates.nights += 1
      if !quality.isDisjoint(with: guilty) { rates.detections += 1 }
      if !quality.isSubset(of: guilty) { rates.falseAlarms += 1 }
      if comparison.rows.contains(where: \.isSuspect) { rates.undecided += 1 }
      if red.count > quality.count { rates.slowNights += 1 }
    }
    rates.worstBaseline = rates.falseAlarmRate
    return rates
  }

  /// Of mean 0 and standard deviation 1.
  private func draw(using generator: inout SeededGenerator) -> Double {
    guard noise == .skewed else { return generator.nextNormal() }
    let toTheLeft = 1 + log(Double.random(in: 0x1p-53..<1, using: &generator))
    return limit.metric.higherIsBetter ? toTheLeft : -toTheLeft
  }

  /// One side of a night. `levels` are the scores of the baseline's seeds.
  private func study(
    _ levels: [[Double]], loss: Double, isCandidate: Bool, using generator: inout SeededGenerator
  ) -> StudyResults {
    var results = baseline
    let sign = limit.metric.higherIsBetter ? -1.0 : 1
    let speed = 5000 * (1 + (speedDeviation ?? 0) * generator.nextNormal())
    for index in results.configurations.indices {
      let (mean, deviation) = spreads[index]
      for place in results.configurations[index].trials.indices {
        var value = levels[index][place]
        if isCandidate {
          switch noise {
          case .fresh, .skewed: value = mean + deviation * draw(using: &generator)
          case .rounding(let share): value += share * deviation * generator.nextNormal()
          }
          if index < losers { value += sign * loss }
          if index == 0, place < collapsedSeeds {
            value = limit.metric.isShare && limit.metric.higherIsBetter ? 0.1 * mean : 10 * mean + 1
          }
        }
        let isPartial = isCandidate && index % 3 == 2 && place >= seedsOfPartialRows ?? .max
        var trial = StudyResults.Trial(
          seed: results.configurations[index].trials[place].seed, state: isPartial ? .failed : .done,
          values: isPartial ? [:] : [limit.metric: limit.metric.isShare ? min(1, max(0, value)) : value])
        if speedDeviation != nil, !isPartial {
          trial.machine = Machine(host: "one", cpu: "one", cores: 2, workers: 2, program: "1")
          trial.values[.imagesPerSecond] = speed * (1 + 0.01 * generator.nextNormal())
        }
        results.configurations[index].trials[place] = trial
      }
    }
    return results
  }
}

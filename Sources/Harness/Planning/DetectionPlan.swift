import Experiments
import Statistics
import Tracking
import Training

/// The number of seeds that a study needs to see a difference: by the report's test of two configurations and the spread over seeds
/// of pilot trials.
package struct DetectionPlan: Sendable {
  /// A measured number, and how it is shown.
  struct Metric: Sendable {
    /// `test accuracy`
    var name: String
    /// The unit of a difference: `points`, `nats`, or nothing.
    var unit: String
    /// From stored to shown numbers: accuracies are stored in [0, 1].
    var scale: Double
    var value: @Sendable (PilotScore) -> Double?
  }

  /// A configuration's spread over seeds and where it is from.
  struct Spread: Sendable {
    var label: String
    var deviation: Double
    /// The trials that it was computed from; 0 where the median of the others stands in.
    var trials: Int
    var origin: Pilot.Origin?
  }

  /// Two configurations, and the seeds that tell them apart.
  struct Pair: Sendable {
    let first: Spread
    let second: Spread
    /// Seeds for the difference that was asked for; `nil` above ``mostSeeds``.
    let seedsNeeded: Int?
    /// The smallest difference that the grid's own seeds see; `nil` where they see none.
    let smallestDifference: Double?
  }

  static let mostSeeds = 10_000
  static let power = 0.8
  /// Configurations of which all pairs are looked at for the one in the middle.
  private static let mostPaired = 1_000
  /// By how much the true standard deviation may exceed that of 2, 3, … trials, with 97.5 %: √((n − 1) / q), with q the
  /// 2.5 % quantile of the chi-square distribution with n − 1 degrees of freedom.
  static let roughness = [31.9, 6.3, 3.7, 2.9, 2.5, 2.2, 2.0, 1.9, 1.8]

  let metric: Metric
  /// The difference that shall be seen, as stored.
  let difference: Double
  /// The level of one test: 0.05 over all pairs.
  let alpha: Double
  let pairs: Int
  let seeds: Int
  let spreads: [Spread]
  let widest: Pair
  let middle: Pair
  let storePath: String

  /// Computes the seeds.
  ///
  /// - Parameters:
  ///   - shown: the difference, in percentage points for accuracies, otherwise in the loss's unit.
  ///   - pilots: the store's pilot trials, by the configurations' hashes.
  ///   - grid: the grid file, for messages.
  /// - Throws: ``UsageError`` where there is nothing to tell apart or no pilot.
  package init(
    _ shown: Double, study: Study, plan: StudyPlan, pilots: [String: Pilot], grid: String, storePath: String
  ) throws {
    guard study.configurations.count > 1 else {
      throw UsageError(
        "--detect \(Self.threeDigits(shown)): \(grid) has one configuration; expected two or more to tell apart. "
          + "Add an axis or variants")
    }
    let metric = Self.metric(of: study)
    self.metric = metric
    (difference, seeds, self.storePath) = (shown / metric.scale, study.seeds.count, storePath)
    pairs = study.configurations.count * (study.configurations.count - 1) / 2
    alpha = 0.05 / Double(pairs)
    // Scores that agree by chance are not without spread: one test image is the least.
    let examples = study.configurations[0].dataset.testCount
    let resolution = metric.scale == 100 && examples > 0 ? 1 / Double(examples) : 0
    let found = plan.rows.map { row -> Spread? in
      guard let pilot = pilots[row.hash] else { return nil }
      let values = pilot.scores.compactMap(metric.value).filter(\.isFinite)
      return standardDeviation(values).map {
        Spread(label: row.label, deviation: max($0, resolution), trials: values.count, origin: pilot.origin)
      }
    }
    let known = found.compactMap { $0 }
    guard !known.isEmpty else {
      let seeds = study.seeds.count < 4 ? " Give it \"seeds\": [0, 1, 2, 3, 4, 5] for that." : ""
      throw UsageError(
        "--detect \(Self.threeDigits(shown)): \(storePath) has no pilot: of none of the grid's configurations are two trials "
          + "done with a \(metric.name), from which their spread over seeds could be taken. Train some with "
          + "`bench run \(grid)`, then plan again.\(seeds)")
    }
    let median = quantile(0.5, of: known.map(\.deviation))
    let spreads = zip(found, plan.rows).map { spread, row in
      spread ?? Spread(label: row.label, deviation: median, trials: 0, origin: nil)
    }
    self.spreads = spreads
    let (level, difference, seeds, groups) = (alpha, difference, seeds, study.configurations.count)
    func pair(_ first: Spread, _ second: Spread) -> Pair {
      let deviations = (first.deviation, second.deviation)
      return Pair(
        first: first, second: second,
        seedsNeeded: Power.seedsNeeded(
          difference: difference, deviations: deviations, alpha: level, groups: groups, power: Self.power,
          limit: Self.mostSeeds),
        smallestDifference: Power.smallestDifference(
          deviations: deviations, seeds: seeds, alpha: level, groups: groups, power: Self.power))
    }
    let ordered = spreads.enumerated().sorted { ($1.element.deviation, $0.offset) < ($0.element.deviation, $1.offset) }
      .map(\.element)
    widest = pair(ordered[0], ordered[1])
    let (first, second) = Self.middle(of: ordered)
    middle = pair(first, second)
  }

  /// The pair in the middle of all pairs, by the sum of their variances, on which the standard error of a difference
  /// hangs; of many configurations, a sample at equal steps.
  private static func middle(of ordered: [Spread]) -> (Spread, Spread) {
    let step = (ordered.count + mostPaired - 1) / mostPaired
    let chosen = stride(from: 0, to: ordered.count, by: step).map { ordered[$0] }
    guard chosen.count > 2 else { return (ordered[0], ordered[1]) }
    var pairs: [(variance: Double, first: Int, second: Int)] = []
    pairs.reserveCapacity(chosen.count * (chosen.count - 1) / 2)
    for first in chosen.indices {
      for second in chosen.indices.dropFirst(first + 1) {
        let (a, b) = (chosen[first].deviation, chosen[second].deviation)
        pairs.append((a * a + b * b, first, second))
      }
    }
    pairs.sort { ($0.variance, $0.first, $0.second) < ($1.variance, $1.first, $1.second) }
    let pair = pairs[pairs.count / 2]
    return (chosen[pair.first], chosen[pair.second])
  }

  /// The metric by which the report ranks such a study.
  private static func metric(of study: Study) -> Metric {
    let first = study.configurations[0]
    let isOnTest = first.dataset.testCount > 0
    let split = isOnTest ? "test" : "validation"
    @Sendable func score(_ pilot: PilotScore) -> Score? { isOnTest ? pilot.test : pilot.validation }
    if first.resolved.target(in: first.dataset) != .input {
      return Metric(name: "\(split) accuracy", unit: "points", scale: 100) { score($0)?.accuracy }
    }
    let unit = study.configurations.allSatisfy(\.resolved.loss.isInNats) ? "nats" : ""
    return Metric(name: "\(split) loss", unit: unit, scale: 1) { score($0)?.loss }
  }
}

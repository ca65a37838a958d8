import Experiments
import Foundation
import Presentation
import Statistics
import Tracking
import Training

/// How many seeds a study needs to see a difference: by the report's test of two configurations and the spread over seeds
/// of pilot trials.
struct DetectionPlan {
  /// What is measured, and how it is shown.
  struct Metric {
    /// `test accuracy`
    var name: String
    /// What a difference is counted in: `points`, `nats`, or nothing.
    var unit: String
    /// From stored to shown numbers: accuracies are stored in [0, 1].
    var scale: Double
    var value: (PilotScore) -> Double?
  }

  /// A configuration's spread over seeds and where it is from.
  struct Spread {
    var label: String
    var deviation: Double
    /// The trials that it was computed from; 0 where the median of the others stands in.
    var trials: Int
    var origin: Pilot.Origin?
  }

  /// Two configurations, and what it takes to tell them apart.
  struct Pair {
    let first: Spread
    let second: Spread
    /// Seeds for the difference that was asked for; `nil` above ``mostSeeds``.
    let seedsNeeded: Int?
    /// The smallest difference that the grid's own seeds see; `nil` where they see none.
    let smallestDifference: Double?
  }

  private static let mostSeeds = 10_000
  private static let power = 0.8
  /// Configurations of which all pairs are looked at for the one in the middle.
  private static let mostPaired = 1_000
  /// By how much the true standard deviation may exceed that of 2, 3, … trials, with 97.5 %: √((n − 1) / q), with q the
  /// 2.5 % quantile of the chi-square distribution with n − 1 degrees of freedom.
  private static let roughness = [31.9, 6.3, 3.7, 2.9, 2.5, 2.2, 2.0, 1.9, 1.8]

  let metric: Metric
  /// What shall be seen, as stored.
  let difference: Double
  /// The level of one test: 0.05 over all pairs.
  let alpha: Double
  let pairs: Int
  let seeds: Int
  let spreads: [Spread]
  let widest: Pair
  let middle: Pair
  private let storePath: String

  /// - Parameters:
  ///   - shown: the difference, in percentage points for accuracies, otherwise in the loss's unit.
  ///   - pilots: what the store has, by hash.
  /// - Throws: ``UsageError`` where there is nothing to tell apart or no pilot.
  init(
    _ shown: Double, study: Study, plan: StudyPlan, pilots: [String: Pilot], grid: String, storePath: String
  ) throws {
    guard study.configurations.count > 1 else {
      throw UsageError(
        "--detect \(Self.text(shown)): \(grid) has one configuration; expected two or more to tell apart. "
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
        "--detect \(Self.text(shown)): \(storePath) has no pilot: of none of the grid's configurations are two trials "
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
  /// hangs; of many configurations, in the middle of the pairs of every so many-th.
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

  /// What the report ranks such a study by.
  private static func metric(of study: Study) -> Metric {
    let first = study.configurations[0]
    let isOnTest = first.dataset.testCount > 0
    let split = isOnTest ? "test" : "validation"
    func score(_ pilot: PilotScore) -> Score? { isOnTest ? pilot.test : pilot.validation }
    if first.configuration.target(in: first.dataset) != .input {
      return Metric(name: "\(split) accuracy", unit: "points", scale: 100) { score($0)?.accuracy }
    }
    let unit = study.configurations.contains { $0.configuration.loss == .mse } ? "" : "nats"
    return Metric(name: "\(split) loss", unit: unit, scale: 1) { score($0)?.loss }
  }
}

// MARK: As text

extension DetectionPlan {
  /// Pilot trials in all.
  var trials: Int { spreads.reduce(0) { $0 + $1.trials } }

  /// What there is to say under the plan's tables: a sentence, a table, notes.
  func text(_ format: OutputFormat) -> String {
    let table = format == .md ? table.markdown : table.text()
    let lines = [headline, ""] + [table] + notes.map { (format == .md ? "- " : "") + $0 }
    return lines.joined(separator: "\n") + "\n"
  }

  private var headline: String {
    let level = pairs == 1 ? "0.05" : "0.05 / \(NumberText.count(pairs)) pairs"
    let answer =
      widest.seedsNeeded.map { "\(NumberText.count($0)) seeds per configuration are needed" }
      ?? "more than \(NumberText.count(Self.mostSeeds)) seeds per configuration are needed"
    return "To see a difference of \(shown(difference)) in \(metric.name) four times in five between any two "
      + "configurations, \(answer) (Welch's t test, two-sided, at \(level))."
  }

  private var table: Table {
    let unit = metric.unit.isEmpty ? "" : " (\(metric.unit))"
    var table = Table([
      .init("pair"), .init("configurations"), .init("standard deviations\(unit)", isNumeric: true),
      .init("seeds needed", isNumeric: true),
      .init("seen with \(counted(seeds, "seed"))\(unit)", isNumeric: true),
    ])
    table.rows = [("widest spread", widest), ("median spread", middle)].map { name, pair in
      [
        .name(name), "\(pair.first.label); \(pair.second.label)",
        "\(number(pair.first.deviation)); \(number(pair.second.deviation))",
        .name(pair.seedsNeeded.map(NumberText.count) ?? "> \(NumberText.count(Self.mostSeeds))"),
        .name(pair.smallestDifference.map(number) ?? "none"),
      ]
    }
    return table
  }

  /// Where the numbers are from, and how far to trust them; a sentence each.
  var notes: [String] {
    let measured = spreads.filter { $0.trials > 0 }
    let fewest = measured.map(\.trials).min() ?? 0
    let most = measured.map(\.trials).max() ?? 0
    let each = fewest == most ? "\(fewest)" : "\(fewest) to \(most)"
    var notes = [
      "Computed from \(counted(trials, "pilot trial")) in \(storePath): \(each) for each of "
        + "\(counted(measured.count, "configuration")). Trials that diverged or failed have no part in it."
    ]
    if Self.roughness.indices.contains(fewest - 2) {
      let factor = Self.roughness[fewest - 2]
      notes.append(
        "A standard deviation of \(fewest) trials is rough: the true one may be up to \(Self.text(factor)) times as large "
          + "(with 97.5 %), and \(Self.text((factor * factor).rounded())) times as many seeds be needed.")
    }
    let older = spreads.filter { if case .label = $0.origin { true } else { false } }
    if !older.isEmpty {
      notes.append(
        "Their pilots are of an older revision of the study, with other settings: \(listed(older)).")
    }
    let without = spreads.filter { $0.trials == 0 }
    if !without.isEmpty {
      notes.append(
        "Without a pilot, so that the median of the others' standard deviations stands in: \(listed(without)).")
    }
    return notes
  }

  private func listed(_ spreads: [Spread]) -> String {
    let names = spreads.prefix(6).map { PlainText.oneLine($0.label) }.joined(separator: ", ")
    return spreads.count > 6 ? "\(names) and \(spreads.count - 6) more" : names
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(NumberText.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A stored difference with its unit.
  private func shown(_ value: Double) -> String {
    Self.text(value * metric.scale) + (metric.unit.isEmpty ? "" : " \(metric.unit)")
  }

  /// A stored difference as a cell has it.
  private func number(_ value: Double) -> String { Self.text(value * metric.scale) }

  /// Three significant digits.
  private static func text(_ value: Double) -> String { NumberText.short(value) }
}

// MARK: As JSON

extension DetectionPlan {
  /// For programs: differences and deviations in the unit that is named.
  var json: JSONValue {
    [
      "difference": shownJSON(difference), "unit": .string(metric.unit), "metric": .string(metric.name),
      "power": .double(Self.power), "alpha": .double(alpha), "pairs": .integer(pairs), "seeds": .integer(seeds),
      "seeds_needed": widest.seedsNeeded.map { .integer($0) } ?? .null, "widest": json(widest), "median": json(middle),
      "pilot_trials": .integer(trials),
      "configurations": .array(
        spreads.map { spread in
          [
            "label": .string(spread.label), "deviation": shownJSON(spread.deviation), "trials": .integer(spread.trials),
            "from": .string(from(spread.origin)),
          ]
        }),
      "notes": .array(notes.map { .string($0) }),
    ]
  }

  private func json(_ pair: Pair) -> JSONValue {
    [
      "first": .string(pair.first.label), "second": .string(pair.second.label),
      "deviations": [shownJSON(pair.first.deviation), shownJSON(pair.second.deviation)],
      "seeds_needed": pair.seedsNeeded.map { .integer($0) } ?? .null,
      "smallest_difference": pair.smallestDifference.map(shownJSON) ?? .null,
    ]
  }

  /// Without the digits that the change of unit adds.
  private func shownJSON(_ value: Double) -> JSONValue {
    .double(NumberText.rounded(value * metric.scale, digits: 12))
  }

  private func from(_ origin: Pilot.Origin?) -> String {
    switch origin {
    case .configuration: "same configuration"
    case .label(let revision): "same label in revision \(revision)"
    case nil: "median of the others"
    }
  }
}

import Foundation
import Presentation

extension DetectionPlan: Printable {
  /// A sentence, a table and notes for people; one row per pair for programs.
  package var printout: Printout {
    Printout(title: Self.title, sections: [section], table: pairTable, json: json, own: [.text: { text }])
  }

  private static let title = "Seeds needed"

  /// The same as a part of the plan.
  var section: Section {
    Section(id: "detect", title: Self.title, blocks: [.paragraph(headline), .table(table), .list(notes)])
  }

  /// Pilot trials in all.
  var trials: Int { spreads.reduce(0) { $0 + $1.trials } }

  private var text: String { ([headline, "", table.text()] + notes).joined(separator: "\n") + "\n" }

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
        "A standard deviation of \(fewest) trials is rough: the true one may be up to \(Self.threeDigits(factor)) times as large "
          + "(with 97.5 %), and \(Self.threeDigits((factor * factor).rounded())) times as many seeds be needed.")
    }
    let older = spreads.filter { if case .label = $0.origin { true } else { false } }
    if !older.isEmpty {
      notes.append(
        "Their pilots are of an older revision of the study, with other settings: \(listed(labels(older), limit: 6)).")
    }
    let without = spreads.filter { $0.trials == 0 }
    if !without.isEmpty {
      notes.append(
        "Without a pilot, so that the median of the others' standard deviations stands in: \(listed(labels(without), limit: 6))."
      )
    }
    return notes
  }

  private func labels(_ spreads: [Spread]) -> [String] { spreads.map { PlainText.oneLine($0.label) } }

  /// A stored difference with its unit.
  private func shown(_ value: Double) -> String {
    Self.threeDigits(value * metric.scale) + (metric.unit.isEmpty ? "" : " \(metric.unit)")
  }

  /// A stored difference as a cell has it.
  private func number(_ value: Double) -> String { Self.threeDigits(value * metric.scale) }

  /// Three significant digits.
  static func threeDigits(_ value: Double) -> String { NumberText.short(value) }
}

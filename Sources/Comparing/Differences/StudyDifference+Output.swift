import Presentation

extension StudyDifference: Printable {
  /// For people the grid, then the results; for programs a row per change and per configuration.
  package var printout: Printout {
    Printout(
      title: "\(Self.name(before)) and \(Self.name(after))", sections: [overview, gridSection, resultsSection],
      table: table, json: json)
  }

  private static func name(_ results: StudyResults) -> String {
    "\(PlainText.shortened(results.study, to: 80)), revision \(results.revision)"
  }

  private var overview: Section {
    Section(
      id: "sides", title: "What is compared",
      blocks: [.paragraph("Before: \(Self.name(before)). After: \(Self.name(after)).")])
  }

  private var gridSection: Section {
    var table = Table([.init("Setting"), .init("Before"), .init("After")])
    table.rows = grid.map { change in
      [
        .name(change.path), .name(change.before.map { PlainText.shortened($0, to: 100) } ?? NumberText.none),
        .name(change.after.map { PlainText.shortened($0, to: 100) } ?? NumberText.none),
      ]
    }
    return Section(
      id: "grid", title: "In the grid",
      blocks: [grid.isEmpty ? .paragraph("The grids say the same.") : .table(table)])
  }

  private var resultsSection: Section {
    var table = Table(
      [("Configuration", 0), ("Seeds", 2), ("Before", 1), ("After", 1), ("Difference", 0)].map { title, leaveOut in
        Table.Column(title, isNumeric: title != "Configuration", leaveOut: leaveOut)
      })
    table.rows = rows.map { row in
      [
        .name(row.before == row.after ? row.after : "\(row.before) → \(row.after)"), .count(row.seeds.count),
        .name(row.beforeMean.map(metric.text) ?? NumberText.none),
        .name(row.afterMean.map(metric.text) ?? NumberText.none), .name(differenceText(row)),
      ]
    }
    return Section(
      id: "results", title: "In the results",
      blocks: (rows.isEmpty ? [.paragraph("No configuration is on both sides.")] : [.table(table)])
        + (notes.isEmpty ? [] : [.list(notes)]))
  }

  private func differenceText(_ row: Row) -> String {
    guard let difference = row.difference else { return "no common seed" }
    if row.sameRuns == row.seeds.count { return "the same runs" }
    let interval = row.interval.map { " [\(metric.difference($0.lower)), \(metric.difference($0.upper))]" } ?? ""
    return metric.difference(difference) + interval
  }

  private var notes: [String] {
    func list(_ labels: [String]) -> String { listed(labels.map(PlainText.oneLine), separator: "; ") }
    var notes: [String] = []
    if !onlyBefore.isEmpty { notes.append("Only before: \(list(onlyBefore))") }
    if !onlyAfter.isEmpty { notes.append("Only after: \(list(onlyAfter))") }
    let renamed = rows.filter { !$0.hasSameSettings }
    if !renamed.isEmpty {
      notes.append(
        "The same name, and other settings: \(list(renamed.map(\.after)))")
    }
    if rows.contains(where: { !$0.differences.isEmpty }) {
      notes.append(
        "\(metric.title.prefix(1).uppercased() + metric.title.dropFirst()), mean over the seeds of both sides; differences are paired by seed"
          + (rows.contains { $0.interval != nil }
            ? ", in brackets Student's t interval, 95 % for all rows at once" : ""))
    }
    return notes
  }

  private var table: Table {
    Table(
      names: [
        "part", "name", "change", "before", "after", "difference", "interval_lower", "interval_upper", "seeds",
        "same_runs",
      ],
      values: grid.map { change in
        [
          "grid", .string(change.path), .string(change.kind.rawValue), .optional(change.before),
          .optional(change.after), .null, .null, .null, .null, .null,
        ]
      }
        + rows.map { row in
          [
            "results", .string(row.after), .string(row.hasSameSettings ? "same_settings" : "same_label"),
            .optional(row.beforeMean), .optional(row.afterMean), .optional(row.difference),
            .optional(row.interval?.lower), .optional(row.interval?.upper), .integer(row.seeds.count),
            .integer(row.sameRuns),
          ]
        }
        + [("only_before", onlyBefore), ("only_after", onlyAfter)].flatMap { change, labels in
          labels.map { label in
            ["results", .string(label), .string(change)] + Array(repeating: JSONValue.null, count: 7)
          }
        })
  }

  private var json: JSONValue {
    [
      "schema": 1, "before": Self.side(before), "after": Self.side(after),
      "grid": .array(
        grid.map {
          [
            "path": .string($0.path), "change": .string($0.kind.rawValue), "before": .optional($0.before),
            "after": .optional($0.after),
          ]
        }),
      "metric": .string(metric.rawValue), "confidence": .double(Self.confidence),
      "results": .array(
        rows.map { row in
          [
            "label_before": .string(row.before), "label": .string(row.after),
            "same_settings": .bool(row.hasSameSettings),
            "seeds": .array(row.seeds.map { .number(JSONNumber($0)) }), "same_runs": .integer(row.sameRuns),
            "before_mean": .optional(row.beforeMean), "after_mean": .optional(row.afterMean),
            "difference": .optional(row.difference),
            "interval": row.interval.map { .array([.double($0.lower), .double($0.upper)]) } ?? .null,
            "differences": .array(row.differences.map { .double($0) }),
          ]
        }),
      "only_before": .array(onlyBefore.map { .string($0) }), "only_after": .array(onlyAfter.map { .string($0) }),
    ]
  }

  private static func side(_ results: StudyResults) -> JSONValue {
    [
      "study": .string(results.study), "revision": .integer(results.revision), "commit": .optional(results.commit),
    ]
  }
}

import Experiments
import Presentation
import Statistics

/// The forms that a history comes in.
extension StudyHistory {
  /// Raised whenever a key of ``json`` changes its name or meaning; new keys do not raise it.
  public static let schemaVersion = 1
  /// How a file is known as a history.
  public static let schemaName = "bench.history"

  /// One line on the whole.
  public var headline: String { HistoryContent.headline(self) }

  /// Aligned tables for a terminal.
  public var text: String { TextForm.render(HistoryContent.sections(self)) }

  /// GitHub-flavoured Markdown, without charts.
  public var markdown: String { markdown(charts: [], chartProblem: nil) }

  func markdown(charts: [Chart], chartProblem: String?) -> String {
    var text = "# \(Markdown.escaped("History of \(PlainText.shortened(study, to: 80))"))\n\n"
    for section in HistoryContent.sections(self) {
      text += "## \(section.title)\n\n" + section.blocks.map { Markdown.render($0) + "\n" }.joined()
    }
    if !charts.isEmpty { text += "## Charts\n\n" + charts.map(MarkdownForm.figure).joined() }
    if let chartProblem { text += "> \(Markdown.escaped(chartProblem))\n\n" }
    return text
  }

  /// All of it as numbers, as they are stored.
  public var json: String {
    ([
      "schema": .string(Self.schemaName), "schema_version": .integer(Self.schemaVersion),
      "study": .string(study), "alpha": .double(alpha), "nights": .array(nights.map(Self.night)),
      "series": .array(rows.flatMap { row in row.series.map { series(row, $0) } }),
    ] as JSONValue).documentText
  }

  private static func night(_ night: Night) -> JSONValue {
    [
      "date": .string(NightDate.exact(night.recordedAt)), "recorded_at": .double(night.recordedAt),
      "revision": .integer(night.revision), "commit": .optional(night.commit),
      "machine": machine(night.machine), "numerics": night.numerics.map { .integer($0) } ?? .null,
      "baseline": .string(night.baseline), "verdict": .string(night.verdict),
    ]
  }

  private static func machine(_ machine: Machine?) -> JSONValue {
    guard let machine else { return .null }
    return [
      "host": .string(machine.host), "cpu": .string(machine.cpu), "cores": .integer(machine.cores),
      "workers": .integer(machine.workers), "program": .string(machine.program),
    ]
  }

  private func series(_ row: Row, _ series: Series) -> JSONValue {
    func night(_ index: Int) -> JSONValue { .integer(series.points[index].night) }
    func date(_ index: Int) -> JSONValue { .string(NightDate.exact(nights[series.points[index].night].recordedAt)) }
    let values = series.points.map { point in
      ([
        "night": .integer(point.night), "mean": .double(point.value.mean),
        "sd": .optional(point.value.standardDeviation), "n": .integer(point.value.count),
      ] as JSONValue)
    }
    let changes = series.found.changes.map { change in
      ([
        "night": night(change.index), "last_night_before": night(change.lastBefore), "date": date(change.index),
        "commit": .optional(nights[series.points[change.index].night].commit), "before": .double(change.before),
        "after": .double(change.after), "difference": .double(change.after - change.before),
        "p": .double(change.p),
      ] as JSONValue)
    }
    let levels = series.found.levels.map { level in
      ([
        "first_night": night(level.indices.lowerBound), "last_night": night(level.indices.upperBound),
        "mean": .double(level.mean),
      ] as JSONValue)
    }
    return [
      "label": .string(label(of: row)), "configuration": .string(row.hash),
      "metric": .string(row.metric.rawValue), "machine": Self.machine(series.machine),
      "since_the_first": .optional(series.difference), "values": .array(values), "levels": .array(levels),
      "changes": .array(changes),
    ]
  }

  /// The label as it was recorded last: tables shorten it.
  private func label(of row: Row) -> String {
    nights.reversed().lazy.compactMap { night in night.configurations.first { $0.hash == row.hash }?.label }.first
      ?? row.label
  }

  /// One row for each configuration, metric and night, as numbers are stored.
  public var csv: String {
    let columns = [
      "study", "recorded_at", "date", "revision", "commit", "host", "cpu", "cores", "workers", "program", "numerics",
      "baseline", "verdict", "label", "configuration", "metric", "mean", "sd", "n", "level", "is_change",
    ]
    var text = columns.joined(separator: ",") + "\r\n"
    for row in rows {
      let label = CSV.text(label(of: row))
      for series in row.series {
        for (index, point) in series.points.enumerated() {
          let level = series.found.levels.first { $0.indices.contains(index) }
          let isChange = series.found.changes.contains { $0.index == index }
          let values =
            [label, CSV.text(row.hash), row.metric.rawValue] + [
              CSV.number(point.value.mean), CSV.number(point.value.standardDeviation), "\(point.value.count)",
              CSV.number(level?.mean), isChange ? "1" : "0",
            ]
          text += (fields(of: nights[point.night]) + values).joined(separator: ",") + "\r\n"
        }
      }
    }
    return text
  }

  private func fields(of night: Night) -> [String] {
    let machine = night.machine
    return [
      CSV.text(study), CSV.number(night.recordedAt), NightDate.exact(night.recordedAt), "\(night.revision)",
      CSV.text(night.commit ?? ""), CSV.text(machine?.host ?? ""), CSV.text(machine?.cpu ?? ""),
      machine.map { "\($0.cores)" } ?? "", machine.map { "\($0.workers)" } ?? "", CSV.text(machine?.program ?? ""),
      night.numerics.map { "\($0)" } ?? "", CSV.text(night.baseline), CSV.text(night.verdict),
    ]
  }
}

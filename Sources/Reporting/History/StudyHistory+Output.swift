import Comparing
import Experiments
import Files
import Foundation
import Presentation
import Statistics

extension StudyHistory: Printable {
  /// Raised whenever a key of ``json`` changes its name or meaning; new keys do not raise it.
  package static let schemaVersion = 1
  /// The schema name by which a file is recognised as a history.
  package static let schemaName = "bench.history"

  /// The history in any format that commands print.
  package var printout: Printout {
    Printout(
      title: title, sections: HistorySections.sections(self), table: table, json: value,
      own: [.json: { json }, .csv: { table.csv(lineEnd: "\r\n") }])
  }

  private var title: String { "History of \(PlainText.shortened(study, to: 80))" }

  private func markdown(charts: [Chart], chartError: String?) -> String {
    var text = text(.md)
    if !charts.isEmpty { text += Markdown.heading("Charts") + charts.map(\.markdown).joined() }
    if let chartError { text += "> \(Markdown.escaped(chartError))\n\n" }
    return text
  }

  /// All of it as numbers, as they are stored.
  package var json: String { value.documentText }

  private var value: JSONValue {
    [
      "schema": .string(Self.schemaName), "schema_version": .integer(Self.schemaVersion),
      "study": .string(study), "alpha": .double(alpha), "nights": .array(nights.map(Self.night)),
      "series": .array(rows.flatMap { row in row.series.map { series(row, $0) } }),
    ]
  }

  private static func night(_ night: Night) -> JSONValue {
    [
      "date": .string(TimeText.exact(night.recordedAt)), "recorded_at": .double(night.recordedAt),
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
    func date(_ index: Int) -> JSONValue { .string(TimeText.exact(nights[series.points[index].night].recordedAt)) }
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
  private var table: Table {
    var table = Table(
      [
        "study", "recorded_at", "date", "revision", "commit", "host", "cpu", "cores", "workers", "program", "numerics",
        "baseline", "verdict", "label", "configuration", "metric", "mean", "sd", "n", "level", "is_change",
      ].map { Table.Column($0) })
    for row in rows {
      let label = label(of: row)
      for series in row.series {
        for (index, point) in series.points.enumerated() {
          let level = series.found.levels.first { $0.indices.contains(index) }
          let isChange = series.found.changes.contains { $0.index == index }
          let values: [JSONValue] = [
            .string(label), .string(row.hash), .string(row.metric.rawValue), .double(point.value.mean),
            .optional(point.value.standardDeviation), .integer(point.value.count), .optional(level?.mean),
            isChange ? 1 : 0,
          ]
          table.rows.append((self.values(of: nights[point.night]) + values).map { Table.Cell(value: $0) })
        }
      }
    }
    return table
  }

  private func values(of night: Night) -> [JSONValue] {
    let machine = night.machine
    return [
      .string(study), .double(night.recordedAt), .string(TimeText.exact(night.recordedAt)), .integer(night.revision),
      .optional(night.commit), .optional(machine?.host), .optional(machine?.cpu), .optional(machine?.cores),
      .optional(machine?.workers), .optional(machine?.program), .optional(night.numerics), .string(night.baseline),
      .string(night.verdict),
    ]
  }

  /// Writes the history into a folder: `README.md`, `history.json` and `charts/`.
  ///
  /// What was there before stays until all is written. Where charts can't be drawn, their scripts and data are written
  /// all the same.
  /// - Parameter gnuplot: The gnuplot program, by name or path; `nil` draws no charts.
  /// - Throws: ``ReportError``, where the folder holds something else, say.
  package func write(into folder: URL, gnuplot: String? = "gnuplot") async throws(ReportError) -> ReportOutcome {
    try ReportFolder.checkReplaceable(folder, file: "history.json", schema: Self.schemaName)
    let draft = FolderDraft(for: folder.standardizedFileURL)
    do {
      let charts = draft.folder.appending(path: "charts", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: charts, withIntermediateDirectories: true)
      let (drawn, error) = try await Gnuplot.draw(HistoryChart.all(self), in: charts, program: gnuplot)
      try Data(markdown(charts: drawn, chartError: error).utf8).write(to: draft.folder.appending(path: "README.md"))
      try Data(json.utf8).write(to: draft.folder.appending(path: "history.json"))
      try draft.takePlace(keeping: ReportFolder.trials)
      return ReportOutcome(folder: folder, charts: drawn.map(\.name), chartError: error)
    } catch {
      draft.remove()
      throw error as? ReportError
        ?? .cannotWrite(FileError(path: folder.path(percentEncoded: false), error))
    }
  }
}

import Comparing
import Experiments
import Presentation
import Statistics

/// A history in words, section by section, before it is in any syntax.
enum HistorySections {
  /// Changes that a row names; the latest ones.
  private static let changeLimit = 4

  /// The whole page.
  static func sections(_ history: StudyHistory, limit: Int = 200) -> [Section] {
    [
      Section(
        id: "overview", title: "Overview", blocks: [.paragraph(headline(history)), .paragraph(overview(history))]),
      section(history, limit: limit),
    ]
  }

  /// One line on the whole: how many rows changed.
  static func headline(_ history: StudyHistory) -> String {
    let changed = history.rows.count(where: \.hasChanged)
    let rows = counted(history.rows.count, "row")
    if history.rows.isEmpty { return "No night has any of these numbers." }
    let testable = history.rows.contains { row in
      row.series.contains { $0.points.count >= ChangePoints.fewestValues }
    }
    if !testable {
      return "Too few nights to find a change in: that takes \(ChangePoints.fewestValues) that can be compared."
    }
    return changed == 0 ? "No change found in \(rows)." : "Changes found in \(NumberText.count(changed)) of \(rows)."
  }

  private static func overview(_ history: StudyHistory) -> String {
    let name = PlainText.shortened(history.study, to: 80)
    let count = history.nights.count
    guard let first = history.nights.first, let last = history.nights.last, count > 1 else {
      let when = history.nights.first.map { ", of \(NightDate.day($0.recordedAt))" } ?? ""
      return "Study \(name): \(count == 1 ? "1 night" : "no nights")\(when)."
    }
    return "Study \(name): \(NumberText.count(count)) nights, from \(NightDate.day(first.recordedAt)) to "
      + "\(NightDate.day(last.recordedAt))."
  }

  /// The table with its notes.
  static func section(_ history: StudyHistory, limit: Int = 200) -> Section {
    let columns = ["Configuration", "Metric", "Nights", "First", "Latest", "Since the first", "Changes"].enumerated()
      .map { Table.Column(title: $1, alignment: (2...5).contains($0) ? .right : .left) }
    let rows = history.rows.prefix(limit).map { row in
      let latest = row.series.last
      let all = row.series.reduce(row.nightsWithoutMachine) { $0 + $1.points.count }
      let count = latest?.points.count ?? 0
      let texts = [
        row.label, row.metric.title, count == all ? "\(count)" : "\(count) of \(all)",
        latest?.points.first.map { value($0.value, row.metric) } ?? NumberText.none,
        latest?.points.last.map { value($0.value, row.metric) } ?? NumberText.none,
        latest?.difference.map(row.metric.difference) ?? NumberText.none, changes(row, history),
      ]
      return texts.map { Table.Cell($0) }
    }
    var blocks: [Section.Block] = rows.isEmpty ? [] : [.table(Table(columns: columns, rows: rows))]
    if rows.count < history.rows.count {
      blocks.append(
        .paragraph("\(NumberText.count(history.rows.count - rows.count)) more rows are in the JSON and CSV forms."))
    }
    blocks.append(.list(notes(history)))
    return Section(id: "history", title: "History", blocks: blocks)
  }

  /// `97.01 ± 0.12`
  private static func value(_ value: Night.Value, _ metric: ComparedMetric) -> String {
    guard let deviation = value.standardDeviation else { return metric.text(value.mean) }
    switch metric {
    case .validationAccuracy, .testAccuracy, .bestTestAccuracy, .peakBytes:
      return "\(metric.text(value.mean)) ± \(metric.text(deviation))"
    default: return NumberText.spread(value.mean, deviation)
    }
  }

  private static func changes(_ row: StudyHistory.Row, _ history: StudyHistory) -> String {
    var events: [(night: Int, text: String)] = []
    for (index, series) in row.series.enumerated() {
      if index > 0, let first = series.points.first {
        let reason = difference(series.machine, row.series[index - 1].machine)
        events.append((first.night, "\(date(first.night, history)): a series of its own from here (\(reason))"))
      }
      for change in series.found.changes {
        events.append((series.points[change.index].night, text(change, in: series, row.metric, history)))
      }
    }
    events.sort { $0.night < $1.night }
    let shown = events.suffix(changeLimit).map(\.text)
    let rest = events.count - shown.count
    if !shown.isEmpty {
      return (rest > 0 ? "\(rest) earlier; " : "") + shown.joined(separator: "; ")
    }
    guard let latest = row.series.last else { return "ran in several places" }
    return latest.points.count < ChangePoints.fewestValues ? "too few nights" : "none found"
  }

  /// `2026-11-03: 97.01 → 96.43 (−0.58), commit abc123`
  private static func text(
    _ change: ChangePoints.Change, in series: StudyHistory.Series, _ metric: ComparedMetric, _ history: StudyHistory
  ) -> String {
    let night = series.points[change.index].night
    let commit = history.nights[night].commit.map { ", commit \(self.commit($0))" } ?? ""
    return "\(date(night, history)): \(metric.text(change.before)) → \(metric.text(change.after)) "
      + "(\(metric.difference(change.after - change.before)))\(commit)"
  }

  /// The first twelve characters, and whether something had not been committed.
  private static func commit(_ commit: String) -> String {
    PlainText.oneLine(String(commit.prefix(12))) + (commit.count > 12 && commit.hasSuffix("+") ? "+" : "")
  }

  private static func date(_ night: Int, _ history: StudyHistory) -> String {
    NightDate.day(history.nights[night].recordedAt)
  }

  /// The differences between two machines, in words.
  static func difference(_ one: Machine?, _ other: Machine?) -> String {
    guard let one, let other else { return "other machine" }
    let differences = [
      one.host == other.host ? nil : "host", one.cpu == other.cpu ? nil : "processor",
      one.cores == other.cores ? nil : "number of cores", one.workers == other.workers ? nil : "-j",
      one.program == other.program ? nil : "program",
    ]
    return "other \(differences.compactMap { $0 }.joined(separator: ", "))"
  }

  private static func notes(_ history: StudyHistory) -> [String] {
    let alpha = NumberText.percent(history.alpha)
    let tested = history.rows.reduce(0) { sum, row in
      sum + row.series.count { $0.points.count >= ChangePoints.fewestValues }
    }
    let byChance =
      tested > 1
      ? " (of the \(tested) series here, \(NumberText.fixed(history.alpha * Double(tested), 1)) on average)" : ""
    var notes = [
      "Each night's value is the mean ± standard deviation over its seeds. Since the first: the latest night's mean minus "
        + "the first one's.",
      "Changes: the date is that of the first night on the new level, with the means of the nights before and after. "
        + "They are found by cumulative sums and confirmed by shuffling the nights (Page 1954; Taylor 2000; Matteson & "
        + "James 2014, arXiv:1306.4933). A series in which nothing changes shows a change in \(alpha) of cases at most"
        + "\(byChance). A change takes \(ChangePoints.fewestValues) nights in all and two on each side.",
    ]
    if history.rows.contains(where: { $0.metric.isCost }) {
      notes.append(
        "Times, speeds and memory depend on the machine: only nights with the same host, processor, number of cores, -j "
          + "and program make one series. The columns show the series of the latest night.")
    }
    if history.rows.contains(where: { $0.nightsWithoutMachine > 0 }) {
      notes.append("Nights whose trials ran in several places, or it is not known where, are in no such series.")
    }
    return notes
  }
}

import Comparing
import Presentation
import Statistics

/// Each configuration at its own best value of an axis, as a table.
enum TuningSection {
  private static let mostRows = 100

  static func section(_ analysis: StudyAnalysis) -> Section? {
    guard let tuning = analysis.tuning else { return nil }
    let study = tuning.study
    let (metric, validation) = (study.metric, tuning.metric)
    let name = shortName(tuning.axis.path, among: analysis.record.axes.map(\.path))
    let isCompared = study.best != nil
    let isTested = isCompared && tuning.hasEqualBudgets
    var columns = [
      Table.Column(title: "Configuration"), Table.Column(title: "Chosen \(name)", alignment: .right),
      Table.Column(title: "Tried"), Table.Column(title: validation.title.capitalizedFirst, alignment: .right),
      Table.Column(title: metric.title.capitalizedFirst, alignment: .right),
      Table.Column(title: "\(study.confidenceText) interval", alignment: .right),
      Table.Column(title: "Finished", alignment: .right),
    ]
    if isCompared {
      columns += ["Difference to the best", "p"].map { Table.Column(title: $0, alignment: .right) }
    }
    let choices = Dictionary(tuning.choices.map { ($0.label, $0) }) { first, _ in first }
    let rows = study.ranked.prefix(mostRows).compactMap { row -> [Table.Cell]? in
      guard let choice = choices[row.record.configuration.label] else { return nil }
      let tried = choice.tried.map { $0.value + ($0.score == nil ? " (✕)" : "") }.joined(separator: ", ")
      var cells = [
        Table.Cell(choice.shortName),
        Table.Cell(PlainText.shortened(choice.value, to: 40) + (choice.isAtTheEdge ? " †" : "")),
        Table.Cell("\(choice.tried.count): \(PlainText.shortened(tried, to: 80))"),
        Table.Cell(validation.text(choice.validation)),
        Table.Cell(row.score.map(metric.text) ?? NumberText.none, isBold: isTested && study.isBold(row)),
        Table.Cell(row.interval.map(metric.text) ?? NumberText.none), Table.Cell(row.finishedText),
      ]
      if isTested {
        cells.append(Table.Cell(study.differenceText(row)))
        cells.append(Table.Cell(study.pText(row)))
      } else if isCompared {
        cells.append(Table.Cell(untestedDifference(row, study)))
        cells.append(Table.Cell(NumberText.none))
      }
      return cells
    }
    var notes = [
      "Each configuration at its own best \(name), chosen on the validation examples by the mean over seeds at the "
        + "\(study.pointText), one value for all seeds; scored on the test examples.",
      "The same trials chose and are scored: the luck of their seeds is in both, the more the more values were tried, and "
        + "neither interval nor p allows for it. For a clean score train the chosen values with fresh seeds.",
    ]
    if !tuning.hasEqualBudgets {
      notes.append(
        "Not all tried as many values, and the best of more values looks better by luck alone. So there is no p and no "
          + "interval of a difference: a test as if all had tried as many would too often find a difference where there is "
          + "none. The chart of the expected best compares them at the same number of values; for a test, let all try as "
          + "many.")
    }
    if study.ranked.count > mostRows {
      notes.append("\(study.ranked.count - mostRows) more are in results.json.")
    }
    if isTested { notes += RankingSection.comparisonNotes(study) }
    if tuning.choices.contains(where: \.isAtTheEdge) {
      notes.append("†: the smallest or the largest value that was tried; the best one may lie beyond.")
    }
    if tuning.choices.contains(where: { $0.tried.contains { $0.score == nil } }) {
      notes.append("✕: not eligible, because fewer seeds ran to their end there than at other values.")
    }
    if !tuning.withoutChoice.isEmpty {
      notes.append(
        "Nothing to choose, because no trial ran to its end: \(listed(tuning.withoutChoice, limit: 5, separator: "; "))."
      )
    }
    return Section(
      id: "tuned", title: "Each at its own best \(name)",
      blocks: [.table(Table(columns: columns, rows: rows)), .list(notes)])
  }

  /// The difference alone: an interval would be of configurations that had the same chances.
  private static func untestedDifference(_ row: ConfigurationAnalysis, _ study: RankedStudy) -> String {
    if row.index == study.best?.index { return "best" }
    return row.comparison.map { study.metric.difference($0.difference) } ?? NumberText.none
  }
}

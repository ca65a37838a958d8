import Architectures
import Comparing
import Experiments
import Presentation

/// What the grid asks for beside loss and accuracy.
enum ScoreSection {
  /// A row for each score and configuration, best first, with mean, spread and interval; `nil` where the grid asks for no
  /// score.
  ///
  /// - Parameter limit: rows at most.
  static func section(_ analysis: StudyAnalysis, limit: Int) -> Section? {
    let metrics = analysis.study.metrics
    guard !metrics.isEmpty else { return nil }
    // The test examples first: their numbers are what is compared.
    let splits = ScoredSplit.allCases.reversed().filter { split in
      metrics.contains { if case .score(split, _) = $0 { true } else { false } }
    }
    let columns =
      [Table.Column(title: "Score"), Table.Column(title: "Configuration")]
      + splits.flatMap { split in
        [
          Table.Column(title: "\(split.rawValue.capitalizedFirst) (%)", alignment: .right),
          Table.Column(title: "\(analysis.confidenceText) interval", alignment: .right, leaveOut: 4),
        ]
      }
    let shown = analysis.ranked.prefix(max(1, limit / analysis.record.metrics.count))
    let rows = analysis.record.metrics.flatMap { score in
      shown.enumerated().map { place, row in
        [Table.Cell(place == 0 ? score.title : ""), Table.Cell(row.label)]
          + splits.flatMap { split in cells(.score(split, score), of: row) }
      }
    }
    let hidden = analysis.configurations.count - shown.count
    let notes = hidden > 0 ? ["\(NumberText.count(hidden)) more configurations are in results.csv."] : []
    return Section(
      id: "scores", title: "Scores",
      blocks: [
        .table(Table(columns: columns, rows: rows)),
        .paragraph(
          "At the \(analysis.pointText): mean ± standard deviation over the seeds, with Student's t interval for the mean. "
            + "Nothing is ranked or tested by them."),
        .list(notes + analysis.record.metrics.map { "\($0.title.capitalizedFirst). \($0.documentation)" }),
      ])
  }

  private static func cells(_ metric: ComparedMetric, of row: ConfigurationAnalysis) -> [Table.Cell] {
    let measured = row.metrics[metric]
    return [
      Table.Cell(measured.map { metric.text($0.summary) } ?? NumberText.none),
      Table.Cell(measured?.interval.map { metric.text($0) } ?? NumberText.none),
    ]
  }
}

import Comparing
import Experiments
import Presentation

/// The report's `README.md`.
enum ReportMarkdown {
  /// Trials up to which the page lists every one.
  static let trialLimit = 200

  /// - Parameter charts: the charts that were drawn, in order.
  static func render(_ analysis: StudyAnalysis, charts: [Chart], chartError: String? = nil) -> String {
    var text = Markdown.render(ReportSections.beforeCharts(analysis))
    let (pictures, history) = (charts.filter { !$0.isOfHistory }, charts.filter(\.isOfHistory))
    if !pictures.isEmpty { text += Markdown.heading("Charts") + pictures.map(\.markdown).joined() }
    if let nights = analysis.history {
      text += Markdown.render([HistorySections.section(nights)]) + history.map(\.markdown).joined()
    }
    if let chartError { text += "> \(Markdown.escaped(chartError))\n\n" }
    text += Markdown.render([trials(analysis), ReadingSection.section(analysis)])
    if let writtenAt = analysis.options.writtenAt { text += "Written \(Markdown.escaped(writtenAt)).\n" }
    return Markdown.page(title: ReportSections.title(analysis), text)
  }

  /// One row per trial.
  private static func trials(_ analysis: StudyAnalysis) -> Section {
    let metric = analysis.metric
    let all = analysis.configurations.flatMap { row in row.trials.map { (row, $0) } }
    let columns =
      [Table.Column(title: "Configuration")]
      + [
        "Seed", "State", metric.title.capitalizedFirst, "Test loss", "Training loss", "Best (%)", "at iteration",
        "Time", "Images/s", "Trial",
      ]
      .map { Table.Column(title: $0, alignment: $0 == "State" || $0 == "Trial" ? .left : .right) }
    let rows = all.prefix(trialLimit).map { row, trial in
      let result = trial.record.result
      let texts = [
        row.label, "\(trial.record.seed)", trial.record.state.rawValue,
        trial.chosen.flatMap(metric.value).map(metric.text),
        trial.chosen?.test.map { NumberText.significant($0.loss) },
        trial.chosen.flatMap { row.record.configuration.known($0.trainLoss) }.map { NumberText.significant($0) },
        trial.best?.test?.accuracy.map { NumberText.fixed($0 * 100, 2) },
        trial.best.map { NumberText.count($0.iteration) },
        result?.wallSeconds.ifMeasured.map { NumberText.duration($0) },
        result?.imagesPerSecond.ifMeasured.map { NumberText.count($0) }, String(trial.record.key.prefix(10)),
      ]
      return texts.map { Table.Cell($0 ?? NumberText.none) }
    }
    var blocks: [Section.Block] = [.table(Table(columns: columns, rows: rows))]
    if all.count > rows.count {
      blocks.append(.paragraph("\(NumberText.count(all.count - rows.count)) more trials are in results.csv."))
    }
    return Section(id: "trials", title: "Trials", blocks: blocks)
  }
}

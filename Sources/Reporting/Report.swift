import Experiments
import Presentation

/// A study's report, in whichever format it is wanted.
///
/// The same record and options give the same bytes, but for ``ReportOptions/writtenAt``.
package struct Report: Printable, Sendable {
  private(set) var analysis: StudyAnalysis

  /// Works out, once for all formats, the numbers that the report shows of `record`.
  ///
  /// - Parameter tuning: each configuration at its own best value of an axis, as a further table.
  package init(_ record: StudyRecord, options: ReportOptions = ReportOptions(), tuning: Tuning? = nil) {
    analysis = StudyAnalysis(record, options: options, tuning: tuning)
  }

  /// The labels of the configurations whose loss curves are drawn: of many, the best and a sample of the rest.
  ///
  /// Loss curves are most of a store, so it pays to make a report without any, to read these alone, and to add them.
  package var labelsOfCurves: Set<String> {
    let choice = SeriesChoice(analysis)
    let rows = analysis.configurations
    let drawn = rows.count <= choice.most ? Array(rows.indices) : choice.named + choice.pale
    return Set(drawn.map { rows[$0].record.configuration.label })
  }

  /// Adds the batch losses of the study's trials, which only charts show.
  package mutating func addLossCurves(of record: StudyRecord) {
    analysis.lossCurves = record.lossCurves
    analysis.rateCurves = record.rateCurves
  }

  /// The whole report in any format. The page (`html`) is without charts here: ``write(into:)`` draws them.
  package var printout: Printout {
    Printout(
      title: ReportSections.title(analysis), sections: ReportSections.beforeCharts(analysis),
      table: ReportCSV.table(analysis.study), json: ReportJSON.value(analysis),
      own: [
        .text: { AlignedText.render(ReportSections.text(analysis)) },
        .md: { ReportMarkdown.render(analysis, charts: []) },
        .html: { ReportPage.render(analysis, charts: []) },
        .csv: { ReportCSV.render(analysis.study) },
        .json: { ReportJSON.render(analysis) },
      ])
  }

  /// The result as a sentence, the ranking and what must be known to believe it, as text.
  ///
  /// - Parameter limit: rows of the ranking at most.
  package func answer(limit: Int = 20) -> String { AlignedText.render(ReportSections.answer(analysis, limit: limit)) }

  /// The report as a GitHub workflow's page shows it, in at most so many bytes: without charts and trials, and with
  /// fewer configurations where all of them don't fit.
  package func stepSummary(maximumBytes: Int) -> String {
    let title = ReportSections.title(analysis)
    for limit in [100, 30, 5] {
      let text = Markdown.page(title: title, Markdown.render(ReportSections.beforeCharts(analysis, limit: limit)))
      if text.utf8.count <= maximumBytes { return text }
    }
    let text = Markdown.page(title: title, Markdown.paragraph(SummarySection.overview(analysis)))
    return text.utf8.count <= maximumBytes ? text : ""
  }

  /// Workflow commands that mark failed trials as errors, and those that diverged, which is a result, as warnings.
  package var workflowCommands: [String] {
    func messages(_ title: String, _ states: [TrialState]) -> [(title: String, text: String)] {
      analysis.configurations.flatMap { row in
        row.trials.map(\.record).filter { states.contains($0.state) }.map {
          (title, "\(row.record.configuration.label), seed \($0.seed): \($0.failureText)")
        }
      }
    }
    return WorkflowMessages.commands(.error, messages("Trial failed", [.failed, .stale]))
      + WorkflowMessages.commands(.warning, messages("Trial diverged", [.diverged]))
  }
}

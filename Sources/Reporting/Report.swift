import Experiments
import Presentation

/// A study's report, in whichever form it is wanted.
///
/// The same record and options give the same bytes, but for ``ReportOptions/writtenAt``.
public struct Report: Sendable {
  let analysis: StudyAnalysis

  /// Works out what `record` says.
  ///
  /// - Parameter tuning: What each configuration comes to at its own best value of an axis, as a table more.
  public init(_ record: StudyRecord, options: ReportOptions = ReportOptions(), tuning: Tuning? = nil) {
    analysis = StudyAnalysis(record, options: options, tuning: tuning)
  }

  /// The labels of the configurations whose loss curves are drawn: of many, the best and a sample of the rest.
  ///
  /// Loss curves are most of a store, so it pays to make a report without any and to read these alone.
  public var labelsOfCurves: Set<String> {
    let choice = SeriesChoice(analysis)
    let rows = analysis.configurations
    let drawn = rows.count <= choice.most ? Array(rows.indices) : choice.named + choice.pale
    return Set(drawn.map { rows[$0].record.configuration.label })
  }

  /// The whole report in one text. The page (`html`) is without charts here: ``write(into:)`` draws them.
  public func text(_ format: ReportFormat) -> String {
    switch format {
    case .text: TextForm.render(ReportContent.terminal(analysis))
    case .markdown: MarkdownForm.render(analysis, charts: [])
    case .csv: CSVForm.render(analysis)
    case .json: JSONForm.render(analysis)
    case .html: PageForm.render(analysis, charts: [])
    }
  }
}

/// The forms that a report comes in.
public enum ReportFormat: String, Sendable, CaseIterable {
  /// Aligned tables for a terminal.
  case text
  /// GitHub-flavoured Markdown.
  case markdown = "md"
  /// Numbers with a schema version.
  case json
  /// One row a trial.
  case csv
  /// One self-contained page.
  case html
}

/// What a report shows of a study.
public struct ReportOptions: Sendable, Hashable {
  /// Which evaluation of a trial its scores are taken from.
  public enum Point: Sendable, Hashable {
    /// The last one.
    case last
    /// The best one: on validation where there is one, otherwise on test, which the report then says.
    case best
    /// The one at this iteration; trials without it have no score.
    case iteration(Int)
  }

  /// Which evaluation the scores are taken from.
  public var at: Point
  /// A test accuracy in [0, 1]: the report then says when it was reached.
  public var target: Double?
  /// The labels of the configurations that are shown; none shows all. What is corrected is corrected over these.
  public var only: [String]
  /// The study's latest revision, where that is not the one that is shown.
  public var latestRevision: Int?
  /// The largest corrected p that is called a difference.
  public var alpha: Double
  /// The confidence of intervals.
  public var confidence: Double
  /// The gnuplot program, by name or path; `nil` draws no charts.
  public var gnuplot: String?
  /// The time of writing as the report shall show it; `nil` shows none.
  public var writtenAt: String?
  /// The nights that were recorded of the study: two or more are shown as its history.
  public var nights: [Night] = []

  /// Creates options.
  public init(
    at: Point = .last, target: Double? = nil, only: [String] = [], latestRevision: Int? = nil, alpha: Double = 0.05,
    confidence: Double = 0.95, gnuplot: String? = "gnuplot", writtenAt: String? = nil
  ) {
    (self.at, self.target, self.only, self.latestRevision) = (at, target, only, latestRevision)
    (self.alpha, self.confidence) = (alpha, confidence)
    (self.gnuplot, self.writtenAt) = (gnuplot, writtenAt)
  }
}

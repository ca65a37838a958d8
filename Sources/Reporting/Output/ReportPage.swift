import Comparing
import Experiments
import Mustache
import Presentation

/// The report's `index.html`: one file that works without network, by keyboard, light and dark, and on a telephone.
enum ReportPage {
  /// - Parameter charts: the charts that were drawn, in order.
  static func render(_ analysis: StudyAnalysis, charts: [Chart], chartError: String? = nil) -> String {
    let sections = ReportSections.beforeCharts(analysis)
    var content: [String: Any] = [
      "title": PlainText.oneLine(ReportSections.title(analysis)),
      "sections": sections.map(object),
      "last": object(ReadingSection.section(analysis)),
      "charts": charts.filter { !$0.isOfHistory }.compactMap(figure),
      "hasCharts": charts.contains { !$0.isOfHistory },
      "trials": trials(analysis).markupSafeText,
      "style": PageStyle.css, "script": PageScript.javaScript,
    ]
    if let history = analysis.history {
      let charts = charts.filter(\.isOfHistory).compactMap(figure)
      content["history"] = object(HistorySections.section(history)).merging(["figures": charts]) { $1 }
    }
    if let chartError { content["chartError"] = ["text": chartError] }
    if let writtenAt = analysis.options.writtenAt { content["writtenAt"] = ["text": writtenAt] }
    return template.render(content)
  }

  private static func object(_ section: Section) -> [String: Any] {
    ["id": section.id, "title": section.title, "html": section.blocks.map { HTML.render($0) }.joined()]
  }

  private static func figure(_ chart: Chart) -> [String: Any]? {
    guard let svg = chart.svg else { return nil }
    return ["id": chart.name, "caption": chart.caption, "svg": SVG.inlined(svg, id: chart.name, title: chart.title)]
  }

  /// The data of the table of trials: columns with the kind of their values, and one row per trial.
  private static func trials(_ analysis: StudyAnalysis) -> JSONValue {
    let paths = analysis.varyingPaths
    let metric = analysis.metric
    let settings = paths.count > 8 ? [] : paths
    let columns: [(String, String)] =
      [("Configuration", "text")] + settings.map { (shortName($0, among: paths), "text") }
      + [
        ("Seed", "count"), ("State", "text"),
        (metric.title.capitalizedFirst, metric.kind == .accuracy ? "percent" : "loss"),
        ("Test loss", "loss"), ("Training loss", "loss"), ("Best (%)", "percent"), ("at iteration", "count"),
        ("Time (s)", "seconds"), ("Images/s", "count"), ("Trial", "text"), ("Message", "text"),
      ]
    let rows = analysis.configurations.flatMap { row in
      let own = settings.map { path in JSONValue.optional(row.value(of: path).map(PlainText.oneLine)) }
      return row.trials.map { trial in
        let result = trial.record.result
        let failure = [.failed, .diverged, .stale].contains(trial.record.state)
        return JSONValue.array(
          [.string(row.label)] + own + [
            .number(JSONNumber(trial.record.seed)), .string(trial.record.state.rawValue),
            .optional(trial.chosen.flatMap(metric.value)), .optional(trial.chosen?.test?.loss),
            .optional(trial.chosen?.trainLoss), .optional(trial.best?.test?.accuracy),
            trial.best.map { .integer($0.iteration) } ?? .null, .optional(result?.wallSeconds),
            .optional(result.map { $0.imagesPerSecond.rounded() }), .string(String(trial.record.key.prefix(12))),
            failure
              ? .string(PlainText.shortened(trial.record.failureText, to: 300))
              : .optional(trial.record.error.map { PlainText.shortened($0, to: 300) }),
          ])
      }
    }
    return [
      "columns": .array(columns.map { ["title": .string($0.0), "kind": .string($0.1)] }),
      "rows": .array(rows),
    ]
  }

  private static let template: MustacheTemplate = {
    do {
      return try MustacheTemplate(string: PageTemplate.html)
    } catch {
      preconditionFailure("the page's own template does not parse: \(error)")
    }
  }()
}

import Comparing
import Experiments
import Mustache
import Presentation

/// The report's `index.html`: one file that works without network, by keyboard, light and dark, on paper and on a
/// telephone. Without scripts it shows all but the table of trials; with them, charts that answer.
enum ReportPage {
  /// Rows of the ranking on the first screen.
  private static let firstRows = 10

  /// - Parameters:
  ///   - charts: the charts that were drawn, in order.
  ///   - surroundings: what lies beside the page.
  static func render(
    _ analysis: StudyAnalysis, charts: [Chart], chartError: String? = nil, in surroundings: PageSurroundings = .nothing
  ) -> String {
    let curves = CurveCharts.all(analysis, SeriesChoice(analysis))
    let figures = charts.filter { !$0.isOfHistory }
    let isLive = Set(curves.map(\.name))
    // The chart on the first screen, which the script replaces by one with all curves.
    let main = figures.first { isLive.contains($0.name) }
    let style = PageStyle.css
    let script = PageSource.script
    var content: [String: Any] = [
      "title": PlainText.oneLine(ReportSections.title(analysis)),
      "policy": PagePolicy.text(script: script, style: style),
      "result": ResultSentence.text(analysis), "overview": SummarySection.overview(analysis),
      "annotations": html(SummarySection.annotations(analysis)),
      "standing": standing(analysis) ?? "",
      "hasMainChart": !curves.isEmpty || main != nil,
      "mainChart": main.flatMap { figure($0, surroundings) }.map { [$0] } ?? [],
      "before": ReportSections.settings(analysis).map(object),
      "sections": ReportSections.findings(analysis).map(object),
      "last": object(ReadingSection.section(analysis)),
      "charts": figures.filter { $0.name != main?.name }.compactMap {
        figure($0, surroundings, isReplaced: isLive.contains($0.name))
      },
      "hasCharts": figures.contains { $0.name != main?.name },
      "data": PageData.value(analysis, curves: curves, drawn: charts, surroundings).markupSafeText,
      "style": style, "script": script,
      "files": surroundings.links.map { ["name": $0] }, "hasFiles": !surroundings.links.isEmpty,
    ]
    if let history = analysis.history {
      let charts = charts.filter(\.isOfHistory).compactMap { figure($0, surroundings) }
      content["history"] = object(HistorySections.section(history)).merging(["figures": charts]) { $1 }
    }
    if let seconds = surroundings.renewalSeconds { content["renewal"] = ["seconds": seconds] }
    if let chartError { content["chartError"] = ["text": chartError] }
    if let writtenAt = analysis.options.writtenAt { content["writtenAt"] = ["text": writtenAt] }
    return template.render(content)
  }

  private static func object(_ section: Section) -> [String: Any] {
    ["id": section.id, "title": section.title, "html": html(section.blocks)]
  }

  private static func html(_ blocks: [Section.Block]) -> String { blocks.map { HTML.render($0) }.joined() }

  /// The best configurations with what tells them apart: the columns that a ranking can't do without.
  private static func standing(_ analysis: StudyAnalysis) -> String? {
    guard var table = RankingSection.table(analysis, limit: firstRows, withCosts: false) else { return nil }
    let kept = table.columns.indices.filter { table.columns[$0].leaveOut < 4 }
    table.columns = kept.map { table.columns[$0] }
    table.rows = table.rows.map { row in kept.map { row[$0] } }
    return HTML.table(table)
  }

  private static func figure(
    _ chart: Chart, _ surroundings: PageSurroundings, isReplaced: Bool = false
  ) -> [String: Any]? {
    guard let svg = chart.svg else { return nil }
    var content: [String: Any] = [
      "id": chart.name, "caption": chart.caption, "svg": SVG.inlined(svg, id: chart.name, title: chart.title),
    ]
    if isReplaced { content["isReplaced"] = true }
    if surroundings.hasFiles { content["file"] = ["name": chart.name] }
    return content
  }

  private static let template: MustacheTemplate = {
    do {
      return try MustacheTemplate(string: PageSource.template)
    } catch {
      preconditionFailure("the page's own template does not parse: \(error)")
    }
  }()
}

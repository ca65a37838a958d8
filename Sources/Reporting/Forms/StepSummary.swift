import Presentation

extension Report {
  /// The report as a GitHub workflow's page shows it, in at most so many bytes: without charts and trials, and with
  /// fewer configurations where all of them don't fit.
  public func stepSummary(maximumBytes: Int) -> String {
    let title = "# \(Markdown.escaped(ReportContent.title(analysis)))\n\n"
    for limit in [100, 30, 5] {
      let text =
        title
        + ReportContent.beforeCharts(analysis, limit: limit).map { section in
          "## \(Markdown.escaped(section.title))\n\n" + section.blocks.map { Markdown.render($0) + "\n" }.joined()
        }.joined()
      if text.utf8.count <= maximumBytes { return text }
    }
    let text = title + Markdown.escaped(ReportContent.overview(analysis)) + "\n"
    return text.utf8.count <= maximumBytes ? text : ""
  }
}

/// A format that commands print in: text, Markdown and HTML for people; JSON and CSV for programs.
package enum OutputFormat: String, Sendable, CaseIterable {
  /// Aligned tables for a terminal.
  case text
  /// Raw values under stable names.
  case json
  /// One row per thing, raw values under stable names.
  case csv
  /// GitHub-flavoured Markdown.
  case md
  /// A page by itself.
  case html

  /// A result in this format, with a line feed at its end.
  func text(of printout: Printout) -> String {
    if let own = printout.own[self] { return own() }
    return switch self {
    case .text: printout.rendered(by: AlignedText.self)
    case .md: printout.rendered(by: Markdown.self)
    case .html: printout.rendered(by: HTML.self)
    case .json: printout.json().prettyText + "\n"
    case .csv: printout.table.csv()
    }
  }
}

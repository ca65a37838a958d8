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

  /// The syntax of a format for people; `nil` for programs, which read values.
  private var renderer: (any Renderer.Type)? {
    switch self {
    case .text: AlignedText.self
    case .md: Markdown.self
    case .html: HTML.self
    case .json, .csv: nil
    }
  }

  /// A result in this format, with a line feed at its end.
  func text(of printout: Printout) -> String {
    if let own = printout.own[self] { return own() }
    if let renderer {
      switch printout.body {
      case .table(let table): return self == .text ? table().text() : renderer.table(table())
      case .sections(let title, let sections, _): return renderer.title(title()) + renderer.render(sections())
      }
    }
    return self == .csv ? printout.table.csv() : printout.json().prettyText + "\n"
  }
}

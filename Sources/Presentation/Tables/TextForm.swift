/// Aligned text for a terminal.
package enum TextForm {
  package static func render(_ sections: [Section]) -> String {
    sections.enumerated().map { index, section in
      let blocks = section.blocks.map(render).filter { !$0.isEmpty }.joined(separator: "\n")
      return index == 0 ? blocks : "\(section.title)\n\n\(blocks)"
    }.joined(separator: "\n")
  }

  private static func render(_ block: Section.Block) -> String {
    switch block {
    case .paragraph(let text): wrapped(PlainText.oneLine(text), first: "", rest: "") + "\n"
    case .list(let points): points.map { wrapped(PlainText.oneLine($0), first: "- ", rest: "  ") + "\n" }.joined()
    case .table(let table): table.text(indent: "  ", limit: .max)
    case .preformatted(let text):
      text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \(PlainText.oneLine(String($0)))\n" }
        .joined()
    }
  }

  /// Lines of at most 100 columns.
  private static func wrapped(_ text: String, first: String, rest: String) -> String {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.terminalColumns + 1 + word.terminalColumns > 100 {
        lines.append(line)
        (line, isEmpty) = (rest, true)
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return (lines + [line]).joined(separator: "\n")
  }
}

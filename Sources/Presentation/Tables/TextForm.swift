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
    case .table(let table): render(table)
    case .preformatted(let text):
      text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \(PlainText.oneLine(String($0)))\n" }
        .joined()
    }
  }

  private static func render(_ table: Table) -> String {
    let lines =
      [table.columns.map { PlainText.oneLine($0.title) }]
      + table.rows.map { row in row.map { PlainText.oneLine($0.text) + ($0.isBold ? " *" : "") } }
    let widths = table.columns.indices.map { column in lines.map { $0[column].terminalColumns }.max() ?? 0 }
    func text(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let fill = String(repeating: " ", count: widths[column] - cells[column].terminalColumns)
        return table.columns[column].alignment == .left ? cells[column] + fill : fill + cells[column]
      }
      return String("  \(padded.joined(separator: "  "))".reversed().drop { $0 == " " }.reversed()) + "\n"
    }
    let rule = text(widths.map { String(repeating: "─", count: $0) })
    let hasTitles = table.columns.contains { !$0.title.isEmpty }
    return (hasTitles ? text(lines[0]) + rule : "") + lines.dropFirst().map(text).joined()
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

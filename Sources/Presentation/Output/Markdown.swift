/// GitHub-flavoured Markdown in which names are never markup.
package enum Markdown: Renderer {
  /// `text` such that it renders as itself, on one line, in a table or outside.
  ///
  /// An empty comment parts what would become a mention, a reference or a link by itself.
  package static func escaped(_ text: String) -> String {
    var result = ""
    let characters = Array(PlainText.oneLine(text))
    for (index, character) in characters.enumerated() {
      let next = index + 1 < characters.count ? characters[index + 1] : " "
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "$": result += "&#36;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "!": result += "\\\(character)"
      case "@", "#": result += "\(character == "#" ? "\\#" : "@")<!-- -->"
      case ":" where next != " ": result += ":<!-- -->"
      case "." where result.suffix(3).lowercased() == "www": result += ".<!-- -->"
      default: result.append(character)
      }
    }
    return result
  }

  package static func page(title: String?, _ contents: String) -> String {
    (title.map { "# \(escaped($0))\n\n" } ?? "") + contents
  }

  package static func heading(_ text: String) -> String { "## \(escaped(text))\n\n" }

  package static func paragraph(_ text: String) -> String { escaped(text) + "\n" }

  package static func list(_ points: [String]) -> String { points.map { "- \(escaped($0))\n" }.joined() }

  package static func table(_ table: Table) -> String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
    let rules = table.columns.map { column in
      switch column.alignment {
      case .left: ":---"
      case .right: "---:"
      case .center: ":---:"
      }
    }
    return line(table.columns.map { escaped($0.title) }) + line(rules)
      + table.rows.map { row in
        line(row.map { $0.isBold ? "**\(escaped($0.text))**" : escaped($0.text) })
      }.joined()
  }

  /// A code block whose fence is longer than any in the text.
  package static func preformatted(_ text: String) -> String {
    var longest = 2
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)text\n\(text)\n\(fence)\n"
  }
}

extension Table {
  /// The table as GitHub-flavoured Markdown.
  package var markdown: String { Markdown.table(self) }
}

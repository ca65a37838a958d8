/// Org mode, in which names are never markup.
package enum Org: Renderer {
  /// `text` on one line; an invisible space parts what would become markup or a new column.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in PlainText.oneLine(text) {
      switch character {
      case "|": result += "\\vert{}"
      case "*", "/", "_", "=", "~", "+", "[", "<", "#": result += "\u{200B}\(character)\u{200B}"
      default: result.append(character)
      }
    }
    return result
  }

  package static func page(title: String?, _ contents: String) -> String {
    (title.map { "#+TITLE: \(escaped($0))\n\n" } ?? "") + contents
  }

  package static func heading(_ text: String) -> String { "* \(escaped(text))\n\n" }

  package static func paragraph(_ text: String) -> String { escaped(text) + "\n" }

  package static func list(_ points: [String]) -> String { points.map { "- \(escaped($0))\n" }.joined() }

  package static func preformatted(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { ": \(PlainText.oneLine(String($0)))\n" }
      .joined()
  }

  package static func table(_ table: Table) -> String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
    return line(table.columns.map { escaped($0.title) })
      + "|\(table.columns.map { _ in "-" }.joined(separator: "+"))|\n"
      + table.rows.map { row in line(row.map { escaped($0.text) }) }.joined()
  }
}

/// HTML in which names are never markup.
package enum HTML: Renderer {
  /// `text` for element content and quoted attributes.
  package static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for character in PlainText.oneLine(text) {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  package static func page(title: String?, _ contents: String) -> String {
    let head = title.map { "<title>\(escaped($0))</title>\n<h1>\(escaped($0))</h1>\n" } ?? ""
    return "<!doctype html>\n<meta charset=\"utf-8\">\n\(head)\(contents)"
  }

  package static func heading(_ text: String) -> String { "<h2>\(escaped(text))</h2>\n" }

  package static func paragraph(_ text: String) -> String { "<p>\(escaped(text))</p>\n" }

  package static func list(_ points: [String]) -> String {
    "<ul>\n\(points.map { "<li>\(escaped($0))</li>\n" }.joined())</ul>\n"
  }

  package static func preformatted(_ text: String) -> String {
    "<pre tabindex=\"0\">\(lines(text).map(escaped).joined(separator: "\n"))</pre>\n"
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  package static func table(_ table: Table) -> String {
    func style(_ index: Int) -> String {
      switch table.columns[index].alignment {
      case .left: ""
      case .right: " class=\"right\""
      case .center: " class=\"center\""
      }
    }
    let head = table.columns.indices.map { "<th scope=\"col\"\(style($0))>\(escaped(table.columns[$0].title))</th>" }
    let rows = table.rows.map { row in
      let cells = row.indices.map { index in
        let text = escaped(row[index].text)
        let content = row[index].isBold ? "<strong>\(text)</strong>" : text
        return index == 0 && table.columns[0].title.isEmpty
          ? "<th scope=\"row\">\(content)</th>" : "<td\(style(index))>\(content)</td>"
      }
      return "<tr>\(cells.joined())</tr>\n"
    }
    let hasTitles = table.columns.contains { !$0.title.isEmpty }
    return """
      <div class="scroll" tabindex="0"><table>
      \(hasTitles ? "<thead><tr>\(head.joined())</tr></thead>" : "")
      <tbody>
      \(rows.joined())</tbody>
      </table></div>

      """
  }
}

/// AsciiDoc in which names are never markup.
package enum AsciiDoc: Renderer {
  /// `text` such that it renders as itself, on one line, in a table or outside: whatever may be markup is a character
  /// reference.
  package static func escaped(_ text: String) -> String {
    var result = ""
    let scalars = Array(PlainText.oneLine(text).unicodeScalars)
    func isWord(_ index: Int) -> Bool {
      guard scalars.indices.contains(index) else { return false }
      return scalars[index].properties.isAlphabetic || ("0"..."9").contains(scalars[index])
    }
    for (index, scalar) in scalars.enumerated() {
      let isPlain =
        switch scalar {
        case " ": index > 0 && index + 1 < scalars.count && scalars[index - 1] != " "
        case ",", "%": true
        case ".": isWord(index - 1) && (isWord(index + 1) || index + 1 == scalars.count)
        default: !scalar.isASCII || isWord(index)
        }
      result += isPlain ? String(scalar) : "&#\(scalar.value);"
    }
    return result
  }

  package static func page(title: String?, _ contents: String) -> String {
    (title.map { "= \(escaped($0))\n\n" } ?? "") + contents
  }

  package static func heading(_ text: String) -> String { "== \(escaped(text))\n\n" }

  package static func paragraph(_ text: String) -> String { escaped(text) + "\n" }

  package static func list(_ points: [String]) -> String { points.map { "* \(escaped($0))\n" }.joined() }

  package static func table(_ table: Table) -> String {
    let columns = table.columns.map { column in
      switch column.alignment {
      case .left: "<"
      case .right: ">"
      case .center: "^"
      }
    }
    // Each cell has a line of its own: what stands before a bar on the same line could be read as the cell's style.
    func line(_ cells: [String]) -> String { cells.map { "|\($0)\n" }.joined() }
    return "[cols=\"\(columns.joined(separator: ","))\",options=\"header\"]\n|===\n"
      + line(table.columns.map { escaped($0.title) })
      + table.rows.map { row in
        "\n" + line(row.map { $0.isBold ? "**\(escaped($0.text))**" : escaped($0.text) })
      }.joined() + "|===\n"
  }

  /// A literal block whose fence is longer than any run of dots in the text.
  package static func preformatted(_ text: String) -> String {
    var (longest, run) = (3, 0)
    for character in text {
      run = character == "." ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: ".", count: longest + 1)
    return "\(fence)\n\(text)\n\(fence)\n"
  }
}

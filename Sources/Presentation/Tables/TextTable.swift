/// Rows and columns of text, as terminals, spreadsheets and Markdown show them.
package struct TextTable: Sendable, Hashable {
  /// A column's heading and side.
  package struct Column: Sendable, Hashable {
    /// The heading.
    package var title: String
    /// Whether the column holds numbers, which stand at its right side.
    package var isNumeric: Bool

    /// Creates a column.
    package init(_ title: String, isNumeric: Bool = false) { (self.title, self.isNumeric) = (title, isNumeric) }
  }

  /// The columns.
  package var columns: [Column]
  /// The rows; each has a cell a column.
  package var rows: [[String]]

  /// Creates a table.
  package init(_ columns: [Column], rows: [[String]] = []) { (self.columns, self.rows) = (columns, rows) }

  /// The table in columns of equal width, two spaces apart, with a rule under the headings; ends with a line feed.
  ///
  /// - Parameter indent: what each line begins with.
  package func text(indent: String = "") -> String {
    let cells = rows.map { $0.map(escaped) }
    let widths = columns.indices.map { column in
      cells.reduce(columns[column].title.terminalColumns) { max($0, $1[column].terminalColumns) }
    }
    func line(_ row: [String]) -> String {
      var text = indent
      for (column, cell) in row.enumerated() {
        if column > 0 { text += "  " }
        let space = String(repeating: " ", count: widths[column] - cell.terminalColumns)
        text += columns[column].isNumeric ? space + cell : cell + space
      }
      while text.hasSuffix(" ") { text.removeLast() }
      return text + "\n"
    }
    let rule = indent + widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n"
    return line(columns.map(\.title)) + rule + cells.map(line).joined()
  }

  /// The table as comma-separated values (RFC 4180), with a line feed behind each row.
  package var csv: String {
    func cell(_ text: String) -> String {
      let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      return isPlain
        ? text : "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
    return ([columns.map(\.title)] + rows).map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }

  /// The table as GitHub-flavoured Markdown; cells are text, whatever they hold.
  package var markdown: String {
    func cell(_ text: String) -> String {
      var safe = ""
      for character in escaped(text) {
        if "\\`*_[]<|&~$#@".contains(character) {
          safe += character == "<" ? "&lt;" : character == "&" ? "&amp;" : "\\\(character)"
        } else {
          safe.append(character)
        }
      }
      return safe
    }
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line(columns.map { cell($0.title) }) + line(columns.map { $0.isNumeric ? "---:" : "---" })
      + rows.map { row in
        line(zip(row, columns).map { $1.isNumeric ? $0 : cell($0) })
      }.joined()
  }
}

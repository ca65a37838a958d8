extension Table {
  /// The table in columns of equal width, two spaces apart, with a rule under the headings; ends with a line feed. Without
  /// rows it says that there are none.
  ///
  /// Where ``TextWidth`` says how many columns there are, the table fits them: long texts are broken, then the columns
  /// that may be left out are, then the others stand in groups one below the other, each with the first column.
  ///
  /// - Parameters:
  ///   - indent: what each line begins with.
  ///   - limit: columns that a cell takes at most where the width is not known; longer ones lose their middle.
  package func text(indent: String = "", limit: Int = 100) -> String {
    filledText(indent: indent, limit: limit) + (rows.isEmpty ? "\(indent)none\n" : "")
  }

  private func filledText(indent: String, limit: Int) -> String {
    guard let width = TextWidth.columns else {
      return TextGrid(self, indent: indent) { PlainText.shortened($0, to: limit) }.text()
    }
    return fitted(to: max(width, 20), indent: indent)
  }

  private func fitted(to width: Int, indent: String) -> String {
    var table = self
    func leftOut() -> [String] {
      let kept = Set(table.columns.map(\.name))
      return columns.filter { !kept.contains($0.name) }.map(\.title)
    }
    while true {
      let grid = TextGrid(table, indent: indent, PlainText.oneLine)
      // Texts are broken a little rather than that a column is lost, and much rather than that none is left to lose.
      if let text = grid.text(within: width, narrowest: 24) { return text + Self.note(leftOut(), indent, width) }
      let last = table.columns.map(\.leaveOut).max() ?? 0
      guard last > 0, let place = table.columns.lastIndex(where: { $0.leaveOut == last }) else {
        let text = grid.text(within: width, narrowest: 12) ?? table.inGroups(within: width, indent: indent)
        return text + Self.note(leftOut(), indent, width)
      }
      table.columns.remove(at: place)
      for row in table.rows.indices { table.rows[row].remove(at: place) }
    }
  }

  private static func note(_ leftOut: [String], _ indent: String, _ width: Int) -> String {
    guard !leftOut.isEmpty else { return "" }
    return WrappedText.text("(no room for \(joined(leftOut)))", first: indent, rest: indent, width: width) + "\n"
  }

  /// The first column with as many others as fit beside it, then with the next ones; one below the other where not even
  /// one fits.
  private func inGroups(within width: Int, indent: String) -> String {
    var texts: [String] = []
    var place = 1
    while place < columns.count {
      var text: String?
      var end = place + 1
      while end <= columns.count, let next = part(place..<end).text(within: width, indent: indent) {
        text = next
        end += 1
      }
      guard let text else { return stacked(within: width, indent: indent) }
      texts.append(text)
      place = end - 1
    }
    return columns.count < 2 ? stacked(within: width, indent: indent) : texts.joined(separator: "\n")
  }

  /// The first column and some others.
  private func part(_ range: Range<Int>) -> Table {
    func chosen<Element>(_ all: [Element]) -> [Element] { [all[0]] + all[range] }
    return Table(columns: chosen(columns), rows: rows.map(chosen))
  }

  private func text(within width: Int, indent: String) -> String? {
    TextGrid(self, indent: indent, PlainText.oneLine).text(within: width, narrowest: 12)
  }

  /// Each row as a block of lines.
  private func stacked(within width: Int, indent: String) -> String {
    rows.map { row in
      zip(columns, row).enumerated().filter { $0.offset == 0 || !$0.element.1.text.isEmpty }.map { index, pair in
        let text = PlainText.oneLine(pair.1.text) + (pair.1.isBold ? " *" : "")
        let title = index == 0 || pair.0.title.isEmpty ? "" : "\(PlainText.oneLine(pair.0.title)): "
        let start = index == 0 ? indent : "\(indent)  "
        return WrappedText.text(title + text, first: start, rest: "\(start)  ", width: width) + "\n"
      }.joined()
    }.joined(separator: "\n")
  }
}

/// A table's texts with the widths of their columns.
private struct TextGrid {
  private let columns: [Table.Column]
  private let indent: String
  /// The headings and then the rows.
  private let lines: [[String]]
  private let widths: [Int]

  /// - Parameter clean: makes a cell's text fit for a line.
  init(_ table: Table, indent: String, _ clean: (String) -> String) {
    (columns, self.indent) = (table.columns, indent)
    lines =
      [table.columns.map { PlainText.oneLine($0.title) }]
      + table.rows.map { row in row.map { clean($0.text) + ($0.isBold ? " *" : "") } }
    let lines = lines
    widths = columns.indices.map { column in lines.map { $0[column].terminalColumns }.max() ?? 0 }
  }

  /// The text as wide as it is.
  func text() -> String { text(widths) }

  /// Numbers at the right side, with their intervals, are no wider than this, and are not broken.
  private static let widestNumber = 26

  /// The text in so many columns, with long texts broken; `nil` where that takes columns narrower than `narrowest`.
  func text(within width: Int, narrowest: Int) -> String? {
    var widths = widths
    var excess = indent.terminalColumns + widths.reduce(0, +) + 2 * max(0, widths.count - 1) - width
    while excess > 0 {
      // The widest text gives first, down to the next widest.
      let texts = columns.indices.filter {
        widths[$0] > (columns[$0].alignment == .left ? narrowest : max(narrowest, Self.widestNumber))
      }
      guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { return nil }
      let next = texts.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      let least = columns[widest].alignment == .left ? narrowest : max(narrowest, Self.widestNumber)
      let given = min(excess, max(1, widths[widest] - max(next, least)))
      widths[widest] -= given
      excess -= given
    }
    return text(widths)
  }

  private func text(_ widths: [Int]) -> String {
    let rule = line(widths.map { String(repeating: "─", count: $0) }, widths)
    let hasTitles = columns.contains { !$0.title.isEmpty }
    return (hasTitles ? line(lines[0], widths) + rule : "") + lines.dropFirst().map { line($0, widths) }.joined()
  }

  /// One line, or several where a text is broken.
  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let broken = zip(cells, widths).map { cell, width in
      cell.terminalColumns <= width ? [cell] : WrappedText.lines(of: cell, width: width)
    }
    return (0..<(broken.map(\.count).max() ?? 0)).map { place in
      let padded = columns.indices.map { column -> String in
        let cell = place < broken[column].count ? broken[column][place] : ""
        let fill = String(repeating: " ", count: max(0, widths[column] - cell.terminalColumns))
        return columns[column].alignment == .left ? cell + fill : fill + cell
      }
      return (indent + padded.joined(separator: "  ")).withoutSpacesAtEnd + "\n"
    }.joined()
  }
}

/// A table before it is anyone's syntax: plain text in every cell.
package struct Table: Sendable {
  /// Where a column's text stands.
  package enum Alignment: Sendable { case left, right, center }

  /// A column's heading and alignment.
  package struct Column: Sendable {
    package var title: String
    package var alignment: Alignment

    package init(title: String, alignment: Alignment = .left) { (self.title, self.alignment) = (title, alignment) }
  }

  /// A cell's text, which is data and never markup.
  package struct Cell: Sendable, ExpressibleByStringInterpolation {
    package var text: String
    package var isBold: Bool

    package init(_ text: String, isBold: Bool = false) { (self.text, self.isBold) = (text, isBold) }
    package init(stringLiteral text: String) { self.init(text) }
  }

  package var columns: [Column]
  package var rows: [[Cell]]

  package init(columns: [Column], rows: [[Cell]]) { (self.columns, self.rows) = (columns, rows) }
}

/// A part of a report before it is anyone's syntax.
package struct Section: Sendable {
  /// Something in a section.
  package enum Block: Sendable {
    /// Running text.
    case paragraph(String)
    /// Points of a list.
    case list([String])
    /// A table.
    case table(Table)
    /// Text as it is, line by line.
    case preformatted(String)
  }

  package var id: String
  package var title: String
  package var blocks: [Block]

  package init(id: String, title: String, blocks: [Block]) { (self.id, self.title, self.blocks) = (id, title, blocks) }
}

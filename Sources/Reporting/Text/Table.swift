/// A table before it is anyone's syntax: plain text in every cell.
struct Table: Sendable {
  /// Where a column's text stands.
  enum Alignment: Sendable { case left, right, center }

  /// A column's heading and alignment.
  struct Column: Sendable {
    var title: String
    var alignment: Alignment = .left
  }

  /// A cell's text, which is data and never markup.
  struct Cell: Sendable, ExpressibleByStringInterpolation {
    var text: String
    var isBold = false

    init(_ text: String, isBold: Bool = false) { (self.text, self.isBold) = (text, isBold) }
    init(stringLiteral text: String) { self.init(text) }
  }

  var columns: [Column]
  var rows: [[Cell]]
}

/// A part of a report before it is anyone's syntax.
struct Section: Sendable {
  /// Something in a section.
  enum Block: Sendable {
    /// Running text.
    case paragraph(String)
    /// Points of a list.
    case list([String])
    /// A table.
    case table(Table)
    /// Text as it is, line by line.
    case preformatted(String)
  }

  var id: String
  var title: String
  var blocks: [Block]
}

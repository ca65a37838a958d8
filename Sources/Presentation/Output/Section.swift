/// A part of a report before it is in any syntax.
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

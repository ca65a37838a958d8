/// A syntax that sections are written in for people: the small pieces that it is made of.
package protocol Renderer {
  /// The whole: its title, where there is one and the syntax has a place for it, and its contents.
  static func page(title: String?, _ contents: String) -> String
  /// A table that is the whole.
  static func page(_ table: Table) -> String
  /// The title of a section.
  static func heading(_ text: String) -> String
  /// Running text.
  static func paragraph(_ text: String) -> String
  /// The points of a list.
  static func list(_ points: [String]) -> String
  /// A table.
  static func table(_ table: Table) -> String
  /// Text as it is, line by line.
  static func preformatted(_ text: String) -> String
  /// Sections one below the other.
  static func render(_ sections: [Section]) -> String
}

extension Renderer {
  package static func page(_ content: Table) -> String { page(title: nil, table(content)) }

  /// A part of a section.
  package static func render(_ block: Section.Block) -> String {
    switch block {
    case .paragraph(let text): paragraph(text)
    case .list(let points): list(points)
    case .table(let content): table(content)
    case .preformatted(let text): preformatted(text)
    }
  }

  /// Each section below its heading, with an empty line below each of its parts.
  package static func render(_ sections: [Section]) -> String {
    sections.map { heading($0.title) + $0.blocks.map { render($0) + "\n" }.joined() }.joined()
  }
}

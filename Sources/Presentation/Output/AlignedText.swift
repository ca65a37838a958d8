/// Aligned text for a terminal, in which the first section needs no heading.
package enum AlignedText: Renderer {
  package static func render(_ sections: [Section]) -> String {
    sections.enumerated().map { index, section in
      let blocks = section.blocks.map(render).filter { !$0.isEmpty }.joined(separator: "\n")
      return index == 0 ? blocks : heading(section.title) + blocks
    }.joined(separator: "\n")
  }

  package static func page(title: String?, _ contents: String) -> String { contents }

  package static func page(_ table: Table) -> String { table.text() }

  package static func heading(_ text: String) -> String { "\(text)\n\n" }

  package static func paragraph(_ text: String) -> String {
    WrappedText.text(PlainText.oneLine(text), first: "", rest: "") + "\n"
  }

  package static func list(_ points: [String]) -> String {
    points.map { WrappedText.text(PlainText.oneLine($0), first: "- ", rest: "  ") + "\n" }.joined()
  }

  package static func table(_ table: Table) -> String { table.text(indent: "  ", limit: .max) }

  package static func preformatted(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \(PlainText.oneLine(String($0)))\n" }
      .joined()
  }
}

import Presentation

/// What people wrote about a study that changes none of its trials: `tags` and `notes` of its grid.
package struct Annotations: Hashable, Sendable {
  /// Short words to find the study by, in the grid's order.
  package var tags: [String] = []
  /// Free text, of one line or many; may be empty.
  package var notes = ""

  /// Nothing was written.
  package init() {}

  /// Takes what a stored grid says. A text that is not a grid says nothing.
  package init(gridText: String) {
    // Most grids have neither, and a grid may be long.
    guard gridText.contains("\"tags\"") || gridText.contains("\"notes\"") else { return }
    var reader = JSONReader(Array(gridText.utf8), allowsComments: true)
    guard let root = try? reader.read() else { return }
    tags = (root["tags"]?.value.elements ?? []).compactMap(\.string)
    notes = root["notes"]?.value.string ?? ""
  }

  /// Both for programs.
  package var members: [JSONValue.Member] {
    [.init("tags", .array(tags.map { .string($0) })), .init("notes", .string(notes))]
  }
}

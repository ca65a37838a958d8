import Presentation

/// An option of the command line that goes over the grid: `--set optimizer.lr=0.1`.
package struct GridOverride: Hashable, Sendable {
  /// The dotted path.
  package var path: String
  /// The value: JSON, or a plain text such as `max`.
  package var value: String

  /// Creates an override.
  package init(path: String, value: String) { (self.path, self.value) = (path, value) }

  /// Reads `path=value`; `nil` where there is no equals sign or no path.
  package init?(_ text: String) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
    self.init(path: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
  }

  /// Path and value as they are given on the command line.
  package var text: String { "\(path)=\(value)" }

  /// Keys of a grid that an override replaces as a whole.
  static let wholeKeys = ["name", "title", "tags", "notes", "metrics", "seeds"]

  /// The value as JSON where it is that, otherwise as a string.
  func node(source: Int32) -> JSONNode {
    var reader = JSONReader(Array(value.utf8), source: source)
    if let node = try? reader.read() { return node }
    return JSONNode(position: SourcePosition(source: source, line: 1, column: 1), content: .string(value))
  }
}

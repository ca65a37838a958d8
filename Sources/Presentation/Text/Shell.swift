/// The command language of a shell (POSIX.1-2024, 2.2.2).
package enum Shell {
  /// A word as a shell takes it literally.
  package static func quoted(_ text: String) -> String {
    let safe =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_./".unicodeScalars.contains($0))
      }
    return safe ? text : "'" + PlainText.oneLine(text).replacing("'", with: "'\\''") + "'"
  }

  /// A command that does what it did when it was typed.
  package static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}

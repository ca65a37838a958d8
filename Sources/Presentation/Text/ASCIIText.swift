/// Text for a terminal whose locale knows no more than ASCII.
package enum ASCIIText {
  /// Whether a locale's name says that text is UTF-8: `de_DE.UTF-8`, `C.utf8`.
  package static func isUTF8(locale: String) -> Bool {
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }

  /// The text with the nearest characters of ASCII, in as many columns, so that tables stay aligned; others are `?`.
  package static func fitted(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    let text = text.replacing(" ± ", with: "+/-")
    for character in text {
      if character.isASCII {
        result.append(character)
      } else if let like = like[character] {
        result.append(like)
      } else {
        result += String(repeating: "?", count: character.terminalColumns)
      }
    }
    return result
  }

  private static let like: [Character: Character] = [
    "·": "/", "−": "-", "–": "-", "—": "-", "…": "~", "─": "-", "━": "=", "┄": ".", "×": "x", "✓": "+", "✗": "x",
    "✕": "x", "≈": "~", "→": ">", "←": "<", "±": "~", "≥": ">", "≤": "<", "†": "!", "²": "2", "╲": "/", "’": "'",
    "“": "\"", "”": "\"", "\u{A0}": " ",
  ]
}

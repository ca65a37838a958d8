/// A text of the user's with control characters as escapes, shortened past 100 characters: safe to stand in a line.
/// Quotes and backslashes stay as they are.
package func escaped(_ text: String) -> String {
  let isPlain = text.utf8.count <= 100 && text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  return isPlain ? text : visible(shortened(text, to: 100))
}

/// A user's text in double quotes and with control characters as escapes, shortened past a limit: safe to stand
/// in a message on a terminal.
package func quoted(_ text: String, limit: Int = 60) -> String {
  var bytes: [UInt8] = []
  writeJSONString(shortened(text, to: limit), to: &bytes)
  return visible(String(decoding: bytes, as: UTF8.self))
}

private func shortened(_ text: String, to limit: Int) -> String {
  let scalars = text.unicodeScalars
  return scalars.count > limit ? String(String.UnicodeScalarView(scalars.prefix(limit - 1))) + "…" : text
}

/// The text with what a terminal acts on or hides as escapes.
private func visible(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { $0.properties.isInvisible }) else { return text }
  return text.unicodeScalars.map { scalar in
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where scalar.properties.isInvisible: "\\u{\(String(scalar.value, radix: 16))}"
    default: String(scalar)
    }
  }.joined()
}

extension Unicode.Scalar.Properties {
  /// Whether a terminal acts on the character (C1 controls) or hides it (marks of direction, zero widths).
  fileprivate var isInvisible: Bool {
    switch generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

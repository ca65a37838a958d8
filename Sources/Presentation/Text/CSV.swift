/// Comma-separated values after RFC 4180, safe to open in a spreadsheet.
package enum CSV {
  /// A field of a user's text.
  ///
  /// Text that a spreadsheet would take for a formula, and that is not a number, gets an apostrophe in front, as OWASP
  /// advises.
  package static func text(_ value: String) -> String {
    let guarded = isFormula(value) ? "'\(value)" : value
    let needsQuotes = guarded.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"\(guarded.replacing("\"", with: "\"\""))\"" : guarded
  }

  /// A field of any value: numbers as they are, nothing for `null`, JSON for lists and objects.
  package static func field(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .number(let number): number.text
    case .bool(let value): "\(value)"
    case .string(let string): text(string)
    case .array, .object: text(value.compactText)
    }
  }

  /// Whether a spreadsheet may take the text for a formula: some pass over blanks and line ends before the sign, and a mark
  /// that stands on the sign leaves it a sign.
  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    let start = text.unicodeScalars.first { !isPassedOver($0) }
    let isSign = start.map { "=+-@".unicodeScalars.contains($0) } ?? false
    return (isSign || first == "\t" || first == "\r") && !isNumber(text)
  }

  private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
      || scalar.properties.generalCategory == .format
  }

  private static func isNumber(_ text: String) -> Bool {
    text.wholeMatch(of: /[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil || text == NumberText.exact(-.infinity)
  }
}

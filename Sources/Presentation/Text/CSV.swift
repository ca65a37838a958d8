/// Comma-separated values after RFC 4180, safe to open in a spreadsheet.
package enum CSV {
  /// A field of people's own text.
  ///
  /// Text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises.
  package static func text(_ value: String) -> String {
    let isFormula = value.first.map { "=+-@\t\r".contains($0) } ?? false
    let guarded = isFormula ? "'\(value)" : value
    let needsQuotes = guarded.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"\(guarded.replacing("\"", with: "\"\""))\"" : guarded
  }

  /// A number's field, empty where there is none.
  package static func number(_ value: Double?) -> String { value.map(NumberText.exact) ?? "" }
}

/// Text for a terminal: cut and filled to columns, and shares as people read them.
package enum TerminalText {
  /// `text` in exactly `width` columns, cut with `…` or filled with spaces.
  package static func fitted(_ text: String, _ width: Int) -> String {
    guard text.terminalColumns > width else { return text + spaces(width - text.terminalColumns) }
    let kept = text.prefix(terminalColumns: max(width - 1, 0))
    return kept + "…" + spaces(width - kept.terminalColumns - 1)
  }

  /// `text` at the right edge of `width` columns.
  package static func right(_ text: String, _ width: Int) -> String { spaces(width - text.terminalColumns) + text }

  /// `96.93 %` of a share in [0, 1].
  package static func percent(_ share: Double) -> String { "\(NumberText.fixed(share * 100, 2)) %" }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}

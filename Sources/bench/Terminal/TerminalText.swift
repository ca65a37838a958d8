import Foundation
import Presentation

/// Text for a terminal: cut and filled to columns, numbers and times as people read them.
enum TerminalText {
  /// `text` in exactly `width` columns, cut with `…` or filled with spaces.
  static func fitted(_ text: String, _ width: Int) -> String {
    guard text.terminalColumns > width else { return text + spaces(width - text.terminalColumns) }
    let kept = text.prefix(terminalColumns: max(width - 1, 0))
    return kept + "…" + spaces(width - kept.terminalColumns - 1)
  }

  /// `text` at the right edge of `width` columns.
  static func right(_ text: String, _ width: Int) -> String { spaces(width - text.terminalColumns) + text }

  /// `3:07` or `1:02:45`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0
      ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
  }

  /// `96.93 %` of a share in [0, 1].
  static func percent(_ share: Double) -> String { String(format: "%.2f %%", share * 100) }

  private static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

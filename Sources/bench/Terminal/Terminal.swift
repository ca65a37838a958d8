import Foundation
import Presentation

/// The terminal behind standard error.
enum Terminal {
  /// Whether standard error is a terminal that can renew lines.
  static var isLive: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Columns; 80 where it can't be told.
  static var width: Int { size.map { Int($0.ws_col) } ?? 80 }

  /// Rows; 24 where it can't be told.
  static var height: Int { size.map { Int($0.ws_row) } ?? 24 }

  private static var size: winsize? {
    var size = winsize()
    let isKnown = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
    return isKnown ? size : nil
  }

  /// Writes text whose names are clean already, with codes of our own, to standard error.
  static func write(_ text: String) { writeRaw(WorkflowSummary.isInWorkflow ? WorkflowLog.defused(text) : text) }

  /// Text that can't be written is dropped: progress must not end a night's work because the terminal is gone.
  private static func writeRaw(_ text: String) {
    var rest = ArraySlice(text.utf8)
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Writes a line to standard error, or several, whatever names they quote.
  static func say(_ text: String) { write(PlainText.lines(text) + "\n") }

  /// Gives commands of our own to the workflow that reads standard error.
  static func command(_ commands: [String]) { commands.forEach { writeRaw($0 + "\n") } }
}

/// Colours, or none.
struct Palette: Sendable {
  /// Whether anything is coloured.
  let isColoured: Bool

  func good(_ text: String) -> String { coloured(text, 32) }
  func warn(_ text: String) -> String { coloured(text, 33) }
  func bad(_ text: String) -> String { coloured(text, 31) }
  func accent(_ text: String) -> String { coloured(text, 36) }
  func faint(_ text: String) -> String { coloured(text, 90) }

  private func coloured(_ text: String, _ code: Int) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

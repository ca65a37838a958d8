import Foundation
import Harness
import Presentation

/// The terminal behind standard error.
enum Terminal {
  /// Whether standard error is a terminal that can renew lines.
  static var isLive: Bool { isTerminal(STDERR_FILENO) }

  /// Whether a stream is a terminal that knows colours and can renew lines.
  static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// The code for the line's beginning, with the line emptied.
  static let clearLine = "\r\u{1B}[K"

  /// The code for the upper left corner, with the screen emptied.
  static let home = "\u{1B}[H\u{1B}[2J"

  /// Columns; 80 where it can't be told.
  static var width: Int { width(of: STDERR_FILENO) }

  /// Rows; 24 where it can't be told.
  static var height: Int { height(of: STDERR_FILENO) }

  /// The columns of the terminal behind a stream; 80 where it can't be told.
  static func width(of descriptor: Int32) -> Int { size(of: descriptor).map { Int($0.ws_col) } ?? 80 }

  /// The rows of the terminal behind a stream; 24 where it can't be told.
  static func height(of descriptor: Int32) -> Int { size(of: descriptor).map { Int($0.ws_row) } ?? 24 }

  private static func size(of descriptor: Int32) -> winsize? {
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
    return isKnown ? size : nil
  }

  /// Text as the terminal behind a stream can show it: in ASCII where its locale knows no more. Files and pipes take all.
  static func shown(_ text: String, on descriptor: Int32) -> String {
    isatty(descriptor) == 1 && !isUTF8 ? ASCIIText.fitted(text) : text
  }

  /// Whether the locale is one of UTF-8, by the variables that name it, the strongest first.
  private static let isUTF8: Bool = {
    let environment = ProcessInfo.processInfo.environment
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
    return ASCIIText.isUTF8(locale: names.first { !$0.isEmpty } ?? "C")
  }()

  /// Writes text whose names are clean already, with codes of our own, to standard error.
  static func write(_ text: String) {
    let text = shown(text, on: STDERR_FILENO)
    writeRaw(Workflow.isAtWork ? WorkflowLog.defused(text) : text)
  }

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

  /// Asks a question that is answered with y or n; anything else counts as n.
  ///
  /// - Returns: `nil` where nobody can be asked.
  static func confirms(_ question: String) -> Bool? {
    guard isatty(STDIN_FILENO) == 1 else { return nil }
    fflush(nil)
    write("\(question) [y/N] ")
    return ["y", "yes"].contains((readLine() ?? "").trimmingCharacters(in: .whitespaces).lowercased())
  }

  /// Gives commands of our own to the workflow that reads standard error.
  static func command(_ commands: [String]) { commands.forEach { writeRaw($0 + "\n") } }
}

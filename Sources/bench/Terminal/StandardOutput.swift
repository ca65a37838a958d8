import Files
import Foundation
import Harness
import Presentation
import Reporting

/// Prints a result to standard output; what a terminal can't show at once goes through a pager.
func print(_ result: some Printable, as format: OutputFormat) {
  let text = StandardOutput.fitted { result.text(format) }
  let fit =
    switch format {
    case .json: StandardOutput.fit(json: text)
    case .csv: StandardOutput.fit(data: text)
    case .text, .md, .html: StandardOutput.fit(text)
    }
  if format == .text || format == .md, Pager.show(fit) { return }
  Swift.print(fit, terminator: "")
}

/// Prints text of our own to standard output, whatever names it quotes. Stands for the library's function in all
/// commands.
func print(_ text: String, terminator: String = "\n") {
  Swift.print(StandardOutput.fit(text), terminator: terminator)
}

extension Workflow {
  /// Shows a report on the workflow's page, and marks its failed trials; does nothing outside a workflow.
  static func show(_ report: Report) throws {
    try append { report.stepSummary(maximumBytes: $0) }
    if isAtWork { Terminal.command(report.workflowCommands) }
  }
}

/// Standard output, checked to be whole when the program ends.
enum StandardOutput {
  /// Sees to it that output which could not be written is an error of the program, as git and the coreutils have it.
  static func watch() { on_exit({ code, _ in StandardOutput.end(code) }, nil) }

  /// Whether people read it as it comes.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Rows of a ranking that leave room for the sentence above it and the notes below.
  static var answerRows: Int { max(5, min(40, Terminal.height(of: STDOUT_FILENO) - 16)) }

  /// A text made for the width of the terminal, where there is one.
  static func fitted<Text>(_ text: () throws -> Text) rethrows -> Text {
    try TextWidth.$columns.withValue(isTerminal ? Terminal.width(of: STDOUT_FILENO) : nil, operation: text)
  }

  /// Text for people as it may be printed: without codes that a terminal would follow, and without commands to a
  /// workflow's runner.
  static func fit(_ text: String) -> String { defused(Terminal.shown(PlainText.lines(text), on: STDOUT_FILENO)) }

  /// Data for programs as it may be printed: unchanged, unless a terminal or a workflow's log would read it.
  static func fit(data: String) -> String { defused(isTerminal ? PlainText.lines(data) : data) }

  /// JSON as it may be printed: the same value in any case, unless a terminal would read it.
  static func fit(json: String) -> String {
    let text = isTerminal ? PlainText.lines(json) : json
    return Workflow.isAtWork ? WorkflowLog.defused(json: text) : text
  }

  /// Colours of our own in text whose names are clean already.
  static func print(styled text: String) { Swift.print(defused(text), terminator: "") }

  /// A file is read by no runner.
  private static func defused(_ text: String) -> String {
    Workflow.isAtWork && !isFile ? WorkflowLog.defused(text) : text
  }

  private static var isFile: Bool {
    var status = stat()
    return fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Writes a part of something long at once, so that the first part that can't be written ends it.
  static func write(_ text: String) throws {
    var rest = ArraySlice(text.utf8)
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw OperationalError("standard output can't be written: \(SystemReason.of())")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Writes the rest of `print`'s buffer.
  ///
  /// `print` keeps what it is given in a buffer and says nothing of a full disk. A reader that went away, `head` say, has
  /// all that it wanted.
  private static func end(_ code: Int32) {
    guard let stream else { return }
    errno = 0
    let isFlushed = fflush(stream) == 0
    let reason = errno
    guard !isFlushed || ferror(stream) != 0, reason != EPIPE, !hasNoReader else { return }
    // Of a buffer that was written earlier the stream remembers that it failed, and not why.
    let text = isFlushed ? "a disk is full, or a limit was met" : SystemReason.of(code: reason)
    Terminal.say("bench: standard output can't be written: \(text). What is there is not whole.")
    if code == 0 { _exit(ExitStatus.operational.rawValue) }
  }

  /// Whether it is a pipe that nobody reads any more.
  private static var hasNoReader: Bool {
    var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    return poll(&descriptor, 1, 0) == 1 && descriptor.revents & Int16(POLLERR) != 0
  }

  /// C's `stdout`, a variable that Swift 6 lets nobody name because anyone might change it.
  private static var stream: UnsafeMutablePointer<FILE>? {
    dlsym(nil, "stdout")?.assumingMemoryBound(to: UnsafeMutablePointer<FILE>?.self).pointee
  }
}

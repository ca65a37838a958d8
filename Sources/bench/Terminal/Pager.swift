import Foundation

/// The program that shows long output page by page, as git has it: `PAGER`, or `less`; on a terminal only.
enum Pager {
  /// The option that does without, anywhere on the command line.
  static let option = "--no-pager"
  /// Whether the option was given.
  static let isOff = withoutOption(CommandLine.arguments).count < CommandLine.arguments.count

  /// The words of a command line without the option; behind `--` it would be a name.
  static func withoutOption(_ words: [String]) -> [String] {
    let end = words.firstIndex(of: "--") ?? words.endIndex
    return words[..<end].filter { $0 != option } + words[end...]
  }

  /// Shows a text that is longer than the terminal.
  ///
  /// - Returns: whether it was shown; otherwise it is short, nobody can turn its pages, or there is no such program.
  static func show(_ text: String) -> Bool {
    guard !isOff, isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1, Terminal.isTerminal(STDOUT_FILENO),
      text.utf8.count(where: { $0 == 0x0A }) >= Terminal.height(of: STDOUT_FILENO)
    else { return false }
    let environment = ProcessInfo.processInfo.environment
    let program = environment["PAGER"] ?? "less"
    guard !program.isEmpty, program != "cat" else { return false }
    // Ends at once where all fits, takes colours as they are, and leaves what was shown on the screen.
    setenv("LESS", "FRX", 0)
    fflush(nil)
    guard let pipe = popen(program, "w") else { return false }
    // Ctrl-C and the end of reading are the pager's business.
    let before = [SIGINT, SIGPIPE].map { ($0, signal($0, SIG_IGN)) }
    fputs(text, pipe)
    let status = pclose(pipe)
    for (number, handler) in before { signal(number, handler) }
    // The shell's codes for a program that it did not find or may not start; nothing was shown.
    return ![126, 127].contains(status >> 8 & 0xFF)
  }
}

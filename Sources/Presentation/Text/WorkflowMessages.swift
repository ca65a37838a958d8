/// Lines that a GitHub workflow shows beside its log.
package enum WorkflowMessages {
  /// The severity of a message.
  package enum Level: String { case error, warning }

  /// Workflow commands, one per line; at most ten of a level, which is as many as GitHub shows of a step.
  package static func commands(_ level: Level, _ messages: [(title: String, text: String)]) -> [String] {
    let shown =
      messages.count > 10 ? messages.prefix(9) + [("More", "\(messages.count - 9) more; see the summary")] : messages
    return shown.map { "::\(level) title=\($0)::\(escaped(PlainText.shortened($1, to: 500)))" }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }
}

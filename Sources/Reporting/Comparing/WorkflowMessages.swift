/// What a GitHub workflow shows of a comparison beside its log.
extension StudyComparison {
  /// Workflow commands, one a line, that mark what regressed and what was lost as errors; at most ten, which is as many
  /// as GitHub shows of a step.
  public var workflowCommands: [String] {
    let labels = ComparisonContent.labels(self)
    let regressed = rows.indices.filter { rows[$0].verdict == .regressed }.map { index in
      ("Regression", "\(labels[index]): \(ComparisonContent.sentence(rows[index]))")
    }
    let missing = lost.map {
      ("Trial lost", "\(PlainText.shortened($0.label, to: 60)), seed \($0.seed): \($0.problem)")
    }
    let messages = regressed + missing
    let shown =
      messages.count > 10 ? messages.prefix(9) + [("More", "\(messages.count - 9) more; see the summary")] : messages
    return shown.map { title, message in
      "::error title=\(title)::\(Self.escaped(PlainText.shortened(message, to: 500)))"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }
}

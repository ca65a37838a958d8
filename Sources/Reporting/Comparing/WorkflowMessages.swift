import Experiments
import Presentation

/// Lines that a GitHub workflow shows beside its log.
enum WorkflowMessages {
  /// How grave a message is.
  enum Level: String { case error, warning }

  /// Workflow commands, one a line; at most ten a level, which is as many as GitHub shows of a step.
  static func commands(_ level: Level, _ messages: [(title: String, text: String)]) -> [String] {
    let shown =
      messages.count > 10 ? messages.prefix(9) + [("More", "\(messages.count - 9) more; see the summary")] : messages
    return shown.map { "::\(level) title=\($0)::\(escaped(PlainText.shortened($1, to: 500)))" }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }
}

extension StudyComparison {
  /// Workflow commands that mark what is worse, what is lost and what is not decided beyond the tolerance as errors, and
  /// changed bits without a changed version as a warning.
  public var workflowCommands: [String] {
    let regressed = [("", rows), (" since the anchor", anchorRows)].flatMap { since, rows in
      zip(ComparisonContent.labels(rows), rows).compactMap { label, row -> (title: String, text: String)? in
        let isWorse = row.verdict == .worse || row.verdict == .collapsed
        guard isWorse || row.isSuspect else { return nil }
        return ((isWorse ? "Regression" : "Not decided") + since, "\(label): \(ComparisonContent.sentence(row))")
      }
    }
    let missing = lost.map {
      (title: "Trial lost", text: "\(PlainText.shortened($0.label, to: 60)), seed \($0.seed): \($0.problem)")
    }
    let changed =
      bits.changed == 0
      ? []
      : [
        (
          title: "Changed bits",
          text: "\(bits.changed) trials differ though the version of the engine's numbers is the same"
        )
      ]
    return WorkflowMessages.commands(.error, regressed + missing) + WorkflowMessages.commands(.warning, changed)
  }
}

extension Report {
  /// Workflow commands that mark failed trials as errors, and those that diverged, which is a result, as warnings.
  public var workflowCommands: [String] {
    func messages(_ title: String, _ states: [TrialState]) -> [(title: String, text: String)] {
      analysis.configurations.flatMap { row in
        row.trials.map(\.record).filter { states.contains($0.state) }.map {
          (title, "\(row.label), seed \($0.seed): \(ReportContent.failureText($0))")
        }
      }
    }
    return WorkflowMessages.commands(.error, messages("Trial failed", [.failed, .stale]))
      + WorkflowMessages.commands(.warning, messages("Trial diverged", [.diverged]))
  }
}

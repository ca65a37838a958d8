import Presentation

extension StudyComparison {
  /// Workflow commands that mark what is worse, what is lost and what is not decided beyond the tolerance as errors, and
  /// changed bits without a changed version as a warning.
  public var workflowCommands: [String] {
    let regressed = [("", rows), (" since the anchor", anchorRows)].flatMap { since, rows in
      zip(ComparisonSections.labels(rows), rows).compactMap { label, row -> (title: String, text: String)? in
        let isWorse = row.verdict == .worse || row.verdict == .collapsed
        guard isWorse || row.isSuspect else { return nil }
        return ((isWorse ? "Regression" : "Not decided") + since, "\(label): \(ComparisonSections.sentence(row))")
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

import Presentation

extension StudyComparison {
  /// GitHub refuses a comment of more than 65,536 characters.
  private static let mostBytes = 60_000

  /// The comparison as a comment of a pull request: the outcome first, then a short table.
  ///
  /// The first line is hidden, and the same for every comparison of the study with the baseline: by it the comment is
  /// found again and renewed, rather than that each run adds one.
  ///
  /// - Parameters:
  ///   - name: what the user calls the baseline: a name, or a path.
  ///   - run: the address of the run that made it, where there is one.
  package func comment(baseline name: String, run: String? = nil) -> String {
    let words = name.split(separator: "/").map { FolderName.safe(String($0)) }.joined(separator: "/")
    let marker = "<!-- bench compare \(FolderName.safe(baseline.study)) \(words) -->\n"
    let link = run.map { "\n[The run](\($0)) has the whole comparison.\n" } ?? ""
    for limit in [10, 3, 0] {
      let text = marker + body(limit: limit) + link
      if text.utf8.count <= Self.mostBytes { return text }
    }
    return marker + "**\(Markdown.escaped(PlainText.shortened(headline, to: 300)))**\n" + link
  }

  private func body(limit: Int) -> String {
    let answer = "**\(Markdown.escaped(headline))**\n"
    let sections = ComparisonSections.sections(self, limit: limit).filter {
      ["results", "anchor", "lost"].contains($0.id)
    }
    let parts = sections.filter { !$0.blocks.isEmpty }.map { section in
      (section.id == "results" ? "" : "\(Markdown.escaped(section.title)):\n\n")
        + section.blocks.map(Markdown.render).joined(separator: "\n")
    }
    return ([answer] + parts).joined(separator: "\n")
  }
}

import Presentation
import Statistics

/// The forms that a comparison comes in.
extension StudyComparison {
  /// Raised whenever a key of ``json`` changes its name or meaning; new keys do not raise it.
  public static let schemaVersion = 2

  /// One line on the whole.
  public var headline: String { ComparisonContent.headline(self) }

  /// Aligned tables for a terminal.
  public var text: String { TextForm.render(ComparisonContent.sections(self).filter { !$0.blocks.isEmpty }) }

  /// GitHub-flavoured Markdown.
  public var markdown: String { markdown(limit: 200) }

  /// The Markdown in at most so many bytes: with fewer rows where all of them don't fit.
  public func markdown(maximumBytes: Int) -> String {
    for limit in [200, 50, 10, 0] {
      let text = markdown(limit: limit)
      if text.utf8.count <= maximumBytes { return text }
    }
    let text = "## \(Markdown.escaped(headline))\n"
    return text.utf8.count <= maximumBytes ? text : ""
  }

  private func markdown(limit: Int) -> String {
    var text = "# \(Markdown.escaped("Comparison with \(PlainText.shortened(baseline.study, to: 80))"))\n\n"
    for section in ComparisonContent.sections(self, limit: limit) where !section.blocks.isEmpty {
      text += "## \(section.title)\n\n" + section.blocks.map { Markdown.render($0) + "\n" }.joined()
    }
    return text
  }

  /// All of it as numbers.
  public var json: String {
    ([
      "schema": .string("bench.comparison"), "schema_version": .integer(Self.schemaVersion),
      "outcome": .string(outcome.rawValue), "headline": .string(headline),
      "alpha": .double(policy.alpha), "strict": .bool(policy.isStrict),
      "tolerances": .object(policy.limits.map { .init($0.metric.rawValue, Self.tolerance($0.tolerance)) }),
      "family": .integer(familySize),
      "baseline": Self.side(baseline), "candidate": Self.side(candidate),
      "anchor": anchor.map(Self.side) ?? .null,
      "equal_traces": .integer(bits.equal), "changed_traces": .integer(bits.changed),
      "common_traces": .integer(bits.all), "same_runs": .integer(sameRuns),
      "results": .array(rows.map(Self.row)), "since_anchor": .array(anchorRows.map(Self.row)),
      "lost": .array(
        lost.map {
          [
            "label": .string($0.label), "seed": .number(JSONNumber($0.seed)), "problem": .string($0.problem),
          ]
        }),
      "new": .array(newLabels.map { .string($0) }),
    ] as JSONValue).documentText
  }

  private static func tolerance(_ tolerance: ComparisonPolicy.Tolerance) -> JSONValue {
    switch tolerance {
    case .absolute(let value): ["absolute": .double(value)]
    case .relative(let share): ["relative": .double(share)]
    }
  }

  private static func side(_ results: StudyResults) -> JSONValue {
    [
      "study": .string(results.study), "revision": .integer(results.revision),
      "commit": .optional(results.commit),
    ]
  }

  private static func row(_ row: Row) -> JSONValue {
    [
      "label": .string(row.label), "configuration": .string(row.hash), "metric": .string(row.metric.rawValue),
      "family": .string(row.metric.isCost ? "cost" : "quality"), "verdict": .string(row.verdict.rawValue),
      "reason": .optional(row.reason),
      "equal_traces": .bool(row.tracesAreEqual), "baseline_mean": .optional(row.baselineMean),
      "candidate_mean": .optional(row.candidateMean), "difference": .optional(row.difference),
      "interval": row.interval.map { .array([.double($0.lower), .double($0.upper)]) } ?? .null,
      "tolerance": .optional(row.tolerance), "seeds": .array(row.seeds.map { .number(JSONNumber($0)) }),
      "differences": .array(row.differences.map { .double($0) }),
      "baseline_seeds": .integer(row.baselineSeeds),
      "collapsed_seeds": .array(row.collapsedSeeds.map { .number(JSONNumber($0)) }),
      "collapse_limit": .optional(row.collapseLimit), "excluded_seeds": .integer(row.excludedSeeds),
    ]
  }
}

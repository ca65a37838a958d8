import Presentation
import Statistics

extension StudyComparison: Printable {
  /// Raised whenever a key of ``json`` changes its name or meaning; new keys do not raise it.
  package static let schemaVersion = 2

  /// One line on the whole.
  package var headline: String { ComparisonSections.headline(self) }

  /// The comparison in any format that commands print.
  package var printout: Printout {
    Printout(
      title: title, sections: sections(), table: table, json: value,
      own: [
        .json: { json },
        .text: { AlignedText.render(ComparisonSections.text(self).filter { !$0.blocks.isEmpty }) },
      ])
  }

  /// The Markdown in at most so many bytes: with fewer rows where all of them don't fit.
  package func markdown(maximumBytes: Int) -> String {
    for limit in [200, 50, 10, 0] {
      let text = Markdown.page(title: title, Markdown.render(sections(limit: limit)))
      if text.utf8.count <= maximumBytes { return text }
    }
    let text = "## \(Markdown.escaped(headline))\n"
    return text.utf8.count <= maximumBytes ? text : ""
  }

  /// Workflow commands that mark what is worse, what is lost and what is not decided beyond the tolerance as errors, and
  /// changed bits without a changed version as a warning.
  package var workflowCommands: [String] {
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

  private var title: String { "Comparison with \(PlainText.shortened(baseline.study, to: 80))" }

  private func sections(limit: Int = 200) -> [Section] {
    ComparisonSections.sections(self, limit: limit).filter { !$0.blocks.isEmpty }
  }

  /// All of it as numbers, as a file keeps it.
  package var json: String { value.documentText }

  private var value: JSONValue {
    [
      "schema": .string("bench.comparison"), "schema_version": .integer(Self.schemaVersion),
      "outcome": .string(outcome.rawValue), "headline": .string(headline),
      "alpha": .double(policy.alpha), "strict": .bool(policy.isStrict),
      "tolerances": .object(policy.limits.map { .init($0.metric.rawValue, Self.tolerance($0.tolerance)) }),
      "family": .integer(familySize),
      "baseline": Self.side(baseline), "candidate": Self.side(candidate),
      "anchor": anchor.map(Self.side) ?? .null,
      "equal_traces": .integer(bits.equal), "changed_traces": .integer(bits.changed),
      "changed_blas": .array(
        bits.libraries.sorted { ($0.before, $0.after) < ($1.before, $1.after) }.map {
          ["before": .string($0.before), "after": .string($0.after)]
        }),
      "common_traces": .integer(bits.all), "same_runs": .integer(sameRuns),
      "results": .array(rows.map(Self.row)), "since_anchor": .array(anchorRows.map(Self.row)),
      "lost": .array(
        lost.map {
          [
            "label": .string($0.label), "seed": .number(JSONNumber($0.seed)), "problem": .string($0.problem),
          ]
        }),
      "new": .array(newLabels.map { .string($0) }),
    ]
  }

  /// One row for each result, those since the anchor behind the others, and one for each lost trial, whose verdict is
  /// `lost`: raw values under the names that ``json`` has for them, the bounds of the interval apart.
  private var table: Table {
    var table = Table(
      [
        "compared_with", "label", "configuration", "metric", "family", "verdict", "reason", "equal_traces",
        "baseline_mean", "candidate_mean", "difference", "interval_lower", "interval_upper", "tolerance", "seeds",
        "differences",
        "baseline_seeds", "excluded_seeds", "collapsed_seeds", "collapse_limit",
      ].map { Table.Column($0) })
    func add(_ side: String, _ row: ComparisonRow) {
      let value = Self.row(row)
      table.rows.append(
        table.columns.map { column in
          switch column.name {
          case "compared_with": Table.Cell(value: .string(side))
          case "interval_lower": Table.Cell(value: .optional(row.interval?.lower))
          case "interval_upper": Table.Cell(value: .optional(row.interval?.upper))
          default: Table.Cell(value: value[column.name] ?? .null)
          }
        })
    }
    for row in rows { add("baseline", row) }
    for row in anchorRows { add("anchor", row) }
    for trial in lost {
      let known: [String: JSONValue] = [
        "compared_with": "baseline", "label": .string(trial.label), "verdict": "lost",
        "reason": .string("seed \(trial.seed): \(trial.problem)"),
      ]
      table.rows.append(table.columns.map { Table.Cell(value: known[$0.name] ?? .null) })
    }
    return table
  }

  private static func tolerance(_ tolerance: ComparisonPolicy.Tolerance) -> JSONValue {
    switch tolerance {
    case .absolute(let value): ["absolute": .double(value)]
    case .relative(let share): ["relative": .double(share)]
    }
  }

  private static func side(_ results: StudyResults) -> JSONValue {
    let members: [JSONValue.Member] = [
      .init("study", .string(results.study)), .init("revision", .integer(results.revision)),
      .init("commit", .optional(results.commit)),
    ]
    return .object(members + (results.isImported ? [.init("imported", true)] : []))
  }

  private static func row(_ row: ComparisonRow) -> JSONValue {
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

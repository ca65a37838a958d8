import Presentation
import Statistics

/// A comparison in words, section by section, before it is in any syntax.
enum ComparisonSections {
  /// As text: the answer and what it is about first, then the sides.
  static func text(_ comparison: StudyComparison) -> [Section] {
    let sections = sections(comparison)
    guard let outcome = sections.first, let results = sections.dropFirst().first, results.id == "results" else {
      return sections
    }
    let answer = Section(id: "answer", title: "", blocks: outcome.blocks.prefix(1) + results.blocks)
    let sides = Section(id: "outcome", title: "What is compared", blocks: Array(outcome.blocks.dropFirst()))
    return [answer, sides] + sections.dropFirst(2)
  }

  /// - Parameter limit: rows shown at most; the gravest come first.
  static func sections(_ comparison: StudyComparison, limit: Int = 200) -> [Section] {
    [
      Section(
        id: "outcome", title: "Outcome", blocks: [.paragraph(headline(comparison)), .list(overview(comparison))]),
      table(comparison.rows, of: comparison, id: "results", title: "Results", limit: limit),
      table(comparison.anchorRows, of: comparison, id: "anchor", title: "Since the anchor", limit: limit),
      lost(comparison, limit: limit), ComparisonNotes.section(comparison),
    ].compactMap { $0 }
  }

  // MARK: The whole in a line

  /// One line on the whole: `Regression: 1 worse, 11 within tolerance. Worst: Model C, test accuracy −0.92 points.`
  static func headline(_ comparison: StudyComparison) -> String {
    let rows = comparison.rows
    let quality = rows.filter { !$0.metric.isCost }
    let word =
      switch comparison.outcome {
      case .regression where !rows.contains { $0.verdict == .worse || $0.verdict == .collapsed }:
        "Regression since the anchor"
      case .regression: "Regression"
      case .trialsLost: "Trials are missing, failed or diverged"
      case .undecided where quality.allSatisfy { $0.verdict == .notComparable }: "Nothing is comparable"
      case .undecided: "Not decided"
      case .fine where quality.allSatisfy { $0.verdict == .equal }: "Equal to the last bit"
      case .fine where quality.allSatisfy { [.notTested, .notComparable].contains($0.verdict) }:
        "Too few seeds to test anything"
      case .fine where quality.contains { [.notDecided, .notTested, .notComparable].contains($0.verdict) }:
        "No regression shown"
      case .fine where quality.contains { $0.verdict == .better }:
        quality.contains { $0.verdict == .worseWithinTolerance } ? "No regression" : "Improvement"
      case .fine: "No regression"
      }
    let isOfAnchor = word == "Regression since the anchor"
    let counted = isOfAnchor ? comparison.anchorRows : rows
    let counts = order.compactMap { verdict -> String? in
      let count = counted.count { $0.verdict == verdict }
      return count > 0 ? "\(NumberText.count(count)) \(words(verdict))" : nil
    }
    let lost =
      comparison.lost.isEmpty ? [] : ["\(NumberText.count(comparison.lost.count)) of the baseline's trials lost"]
    return "\(word): \((counts + lost).joined(separator: "; "))." + (worst(comparison).map { " \($0)" } ?? "")
  }

  /// The gravest row among those that show or may hide a loss.
  private static func worst(_ comparison: StudyComparison) -> String? {
    let open: [Verdict] = [.collapsed, .worse, .notDecided, .notTested]
    func gravest(_ rows: [ComparisonRow]) -> ComparisonRow? {
      rows.filter { open.contains($0.verdict) && ($0.loss ?? 0) > 0 }.max {
        let ranks = [rank($0), rank($1)]
        return ranks[0] == ranks[1] ? excess($0) < excess($1) : ranks[0] > ranks[1]
      }
    }
    let (now, anchor) = (gravest(comparison.rows), gravest(comparison.anchorRows))
    let isOlder = now.map { rank($0) > (anchor.map(rank) ?? .max) } ?? true
    guard let row = isOlder ? anchor ?? now : now, let difference = row.difference else { return nil }
    let since = isOlder && anchor != nil ? " since the anchor" : ""
    let name = names([row], of: comparison)[0]
    return "Worst: \(name), \(row.metric.name) \(row.metric.difference(difference))"
      + "\(row.metric.differenceUnit)\(since)."
  }

  private static func rank(_ row: ComparisonRow) -> Int { order.firstIndex(of: row.verdict) ?? order.count }

  /// The loss in tolerances.
  private static func excess(_ row: ComparisonRow) -> Double { (row.loss ?? 0) / max(row.tolerance ?? 0, 1e-12) }

  /// As a table shows it.
  static func words(_ verdict: Verdict) -> String {
    switch verdict {
    case .collapsed: "collapsed"
    case .worse: "worse"
    case .worseWithinTolerance: "worse, within tolerance"
    case .withinTolerance: "within tolerance"
    case .better: "better"
    case .equal: "equal to the last bit"
    case .notDecided: "not decided"
    case .notTested: "not tested"
    case .notComparable: "not comparable"
    }
  }

  /// The gravest first.
  private static let order: [Verdict] = [
    .collapsed, .worse, .notDecided, .notTested, .notComparable, .worseWithinTolerance, .withinTolerance, .better,
    .equal,
  ]

  private static func overview(_ comparison: StudyComparison) -> [String] {
    func side(_ results: StudyResults) -> String {
      let name = PlainText.shortened(results.study, to: 60)
      let commit = results.commit.map { ", commit \($0.prefix(12))\($0.hasSuffix("+") ? " with changes" : "")" } ?? ""
      let origin =
        results.isImported ? ", imported, trained elsewhere: its configurations are known by their labels alone" : ""
      return "\(name), revision \(results.revision)\(commit)\(origin)"
    }
    var points = ["Baseline: \(side(comparison.baseline))", "Candidate: \(side(comparison.candidate))"]
    if let anchor = comparison.anchor {
      points.append("Anchor, the first baseline of this name: \(side(anchor))")
    }
    if comparison.anchor != nil, comparison.anchorRows.isEmpty {
      points.append(
        "The anchor has no configuration and data in common with the candidate, so it shows nothing; bench baseline save "
          + "NAME --new-anchor sets it anew")
    }
    if let bits = bits(comparison) { points.append(bits) }
    if comparison.sameRuns > 0 {
      points.append(
        "\(NumberText.count(comparison.sameRuns)) trials are the same runs on both sides, and are left out: nothing can "
          + "be learned from them")
    }
    if !comparison.newLabels.isEmpty {
      let names = listed(comparison.newLabels.map(PlainText.oneLine), limit: 5, separator: "; ")
      points.append("Only in the candidate, so not compared: \(names)")
    }
    return points
  }

  /// The counts of equal traces: the strongest evidence that there is.
  private static func bits(_ comparison: StudyComparison) -> String? {
    let bits = comparison.bits
    let (changed, all) = (bits.changed, bits.all)
    guard all > 0 else { return nil }
    let count = "\(NumberText.count(bits.equal)) of \(NumberText.count(all)) common trials are equal to the last bit"
    if changed > 0 {
      return
        "\(count). Finding: \(NumberText.count(changed)) \(changed == 1 ? "is" : "are") not, although configuration, "
        + "seed, data and the version of the engine's numbers are the same; "
        + (reason(bits) ?? "the engine, the processor or its BLAS changed what it computes")
    }
    if bits.equal == all { return count }
    if comparison.baseline.isImported != comparison.candidate.isImported {
      return "\(count); one side was trained by another program"
    }
    return bits.withoutKey == 0
      ? "\(count); the others were trained on other data or by another version of the engine's numbers"
      : "\(count); of the others it is not known whether they should be"
  }

  /// The matrix libraries, where they are not the same.
  private static func reason(_ bits: EqualTraces) -> String? {
    let changes = bits.libraries.sorted { ($0.before, $0.after) < ($1.before, $1.after) }
    guard let first = changes.first else { return nil }
    return "the BLAS is another, and rounds differently: \(PlainText.oneLine(first.before)) before, "
      + "\(PlainText.oneLine(first.after)) now" + (changes.count > 1 ? ", and \(changes.count - 1) more changes" : "")
  }

  // MARK: Tables

  private static func table(
    _ all: [ComparisonRow], of comparison: StudyComparison, id: String, title: String, limit: Int
  ) -> Section? {
    guard !all.isEmpty else { return nil }
    let names = names(all, of: comparison)
    let sorted = all.indices.sorted { first, second in
      let ranks = [first, second].map { rank(all[$0]) }
      return ranks[0] == ranks[1] ? first < second : ranks[0] < ranks[1]
    }
    // The number behind a title: which columns a narrow terminal leaves out first.
    let columns = [
      ("Configuration", 0), ("Metric", 3), ("Verdict", 0), ("Baseline", 2), ("Candidate", 1), ("Difference", 0),
      ("Tolerance", 4), ("Seeds", 5),
    ].enumerated().map { Table.Column(title: $1.0, alignment: $0 < 3 ? .left : .right, leaveOut: $1.1) }
    let rows = sorted.prefix(limit).map { index in
      let row = all[index]
      let isMarked = [.collapsed, .worse, .better].contains(row.verdict) || row.isSuspect
      return [
        Table.Cell(names[index]), Table.Cell(row.metric.title),
        Table.Cell(verdictText(row), isBold: isMarked),
        Table.Cell(row.baselineMean.map(row.metric.text) ?? NumberText.none),
        Table.Cell(row.candidateMean.map(row.metric.text) ?? NumberText.none), Table.Cell(differenceText(row)),
        Table.Cell(row.tolerance.map { row.metric.difference($0).replacing("+", with: "") } ?? NumberText.none),
        Table.Cell(seedsText(row)),
      ]
    }
    var blocks: [Section.Block] = [.table(Table(columns: columns, rows: rows))]
    if rows.count < sorted.count {
      blocks.append(.paragraph("\(NumberText.count(sorted.count - rows.count)) more rows are not shown."))
    }
    return Section(id: id, title: title, blocks: blocks)
  }

  /// The configurations' names as the candidate's report has them; their labels where a side has others or none.
  static func names(_ rows: [ComparisonRow], of comparison: StudyComparison) -> [String] {
    let names = [comparison.candidate.names, comparison.baseline.names].first { names in
      rows.allSatisfy { names[$0.hash] != nil }
    }
    return names.map { names in rows.map { names[$0.hash] ?? "" } } ?? labels(rows)
  }

  /// The labels, cut where they are long: distinct ones stay distinct, the same one on several rows stays the same.
  static func labels(_ rows: [ComparisonRow]) -> [String] {
    var order: [String] = []
    var labels: [String: String] = [:]
    for row in rows where labels.updateValue(row.label, forKey: row.hash) == nil { order.append(row.hash) }
    let short = PlainText.distinct(order.map { labels[$0] ?? "" }, limit: 60)
    let shown = Dictionary(uniqueKeysWithValues: zip(order, short))
    return rows.map { shown[$0.hash] ?? "" }
  }

  static func verdictText(_ row: ComparisonRow) -> String {
    if let reason = row.reason { return "\(words(row.verdict)): \(reason)" }
    switch row.verdict {
    case .collapsed: return "collapsed: \(collapsedSeedsText(row))"
    case .worse where !row.collapsedSeeds.isEmpty && row.collapsedSeeds.count < row.seeds.count:
      return "worse; \(collapsedSeedsText(row)) collapsed"
    case .notTested: return "not tested: \(QualityFamily.fewestSeeds) common seeds at least"
    case .notDecided where (row.lossInterval?.lower ?? 0) > 0:
      return "not decided: worse, perhaps beyond the tolerance"
    default: return words(row.verdict)
    }
  }

  /// `seed 3`, or `seeds 0, 1, 2, 3 and 2 more`
  private static func collapsedSeedsText(_ row: ComparisonRow) -> String {
    let seeds = row.collapsedSeeds
    return "\(seeds.count == 1 ? "seed" : "seeds") \(listed(seeds.map { "\($0)" }, limit: 4))"
  }

  /// `test accuracy worse: 96.93 before, 95.90 now, −1.03 points [−1.20, −0.86], 6 seeds`
  static func sentence(_ row: ComparisonRow) -> String {
    let start = "\(row.metric.name) \(verdictText(row))"
    guard let before = row.baselineMean, let after = row.candidateMean else { return start }
    let seeds = row.differences.count == 1 && row.baselineSeeds < 2 ? "1 seed" : "\(seedsText(row)) seeds"
    return
      "\(start): \(row.metric.text(before)) before, \(row.metric.text(after)) now, \(differenceText(row)), \(seeds)"
  }

  static func differenceText(_ row: ComparisonRow) -> String {
    guard let difference = row.difference else { return NumberText.none }
    let interval = row.interval.map { " [\(row.metric.difference($0.lower)), \(row.metric.difference($0.upper))]" }
    return row.metric.difference(difference) + (interval ?? "")
  }

  /// `6`, or `3 of 6` where not all of the baseline's seeds are compared.
  static func seedsText(_ row: ComparisonRow) -> String {
    let count = row.differences.count
    return count < row.baselineSeeds ? "\(count) of \(row.baselineSeeds)" : "\(count)"
  }

  private static func lost(_ comparison: StudyComparison, limit: Int) -> Section? {
    guard !comparison.lost.isEmpty else { return nil }
    let rows = comparison.lost.prefix(limit).map { trial in
      [
        Table.Cell(PlainText.oneLine(trial.label)), Table.Cell("\(trial.seed)"),
        Table.Cell(PlainText.shortened(trial.problem, to: 200)),
      ]
    }
    let columns = [
      Table.Column(title: "Configuration"), Table.Column(title: "Seed", alignment: .right),
      Table.Column(title: "In the candidate"),
    ]
    var blocks: [Section.Block] = [.table(Table(columns: columns, rows: rows))]
    if comparison.lost.count > rows.count {
      blocks.append(.paragraph("\(NumberText.count(comparison.lost.count - rows.count)) more are lost."))
    }
    return Section(id: "lost", title: "Trials of the baseline that are missing or failed", blocks: blocks)
  }
}

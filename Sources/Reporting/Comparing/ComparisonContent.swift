import Statistics

/// What a comparison says, section by section, before it is anyone's syntax.
enum ComparisonContent {
  /// - Parameter limit: rows shown at most; the gravest come first.
  static func sections(_ comparison: StudyComparison, limit: Int = 200) -> [Section] {
    [
      Section(
        id: "outcome", title: "Outcome", blocks: [.paragraph(headline(comparison)), .list(overview(comparison))]),
      table(comparison, limit: limit), lost(comparison, limit: limit), reading(comparison),
    ].compactMap { $0 }
  }

  /// One line on the whole: `Regression: 1 of 12 results regressed, 11 the same.`
  static func headline(_ comparison: StudyComparison) -> String {
    let word =
      switch comparison.outcome {
      case .regression: "Regression"
      case .trialsLost: "Trials are missing"
      case .undecided: "Undecided"
      case .fine where comparison.count(.improved) > 0: "Improvement"
      case .fine: comparison.count(.same) == comparison.rows.count ? "No regression" : "No regression seen"
      }
    let counts = order.compactMap { verdict -> String? in
      let count = comparison.count(verdict)
      return count > 0 ? "\(NumberText.count(count)) \(words(verdict))" : nil
    }
    let lost =
      comparison.lost.isEmpty ? [] : ["\(NumberText.count(comparison.lost.count)) of the baseline's trials lost"]
    return "\(word): \((counts + lost).joined(separator: ", "))."
  }

  static func words(_ verdict: StudyComparison.Verdict) -> String { verdict == .same ? "the same" : verdict.rawValue }

  /// The gravest first.
  private static let order: [StudyComparison.Verdict] = [.regressed, .inconclusive, .incomparable, .improved, .same]

  private static func overview(_ comparison: StudyComparison) -> [String] {
    func side(_ results: StudyResults) -> String {
      let name = PlainText.shortened(results.study, to: 60)
      let commit = results.commit.map { ", commit \($0.prefix(12))\($0.hasSuffix("+") ? " with changes" : "")" } ?? ""
      return "\(name), revision \(results.revision)\(commit)"
    }
    var points = ["Baseline: \(side(comparison.baseline))", "Candidate: \(side(comparison.candidate))"]
    if !comparison.newLabels.isEmpty {
      let names = comparison.newLabels.prefix(5).map { PlainText.shortened($0, to: 40) }.joined(separator: "; ")
      let rest = comparison.newLabels.count > 5 ? " and \(comparison.newLabels.count - 5) more" : ""
      points.append("Only in the candidate, so not compared: \(names)\(rest)")
    }
    return points
  }

  private static func table(_ comparison: StudyComparison, limit: Int) -> Section? {
    guard !comparison.rows.isEmpty else { return nil }
    let labels = labels(comparison)
    let sorted = comparison.rows.indices.sorted { first, second in
      let ranks = [first, second].map { order.firstIndex(of: comparison.rows[$0].verdict) ?? 0 }
      return ranks[0] == ranks[1] ? first < second : ranks[0] < ranks[1]
    }
    let interval = "Difference [\(NumberText.percent(comparison.policy.confidence)) interval]"
    let columns = ["Configuration", "Metric", "Verdict", "Baseline", "Candidate", interval, "Tolerance", "p", "n"]
      .enumerated().map { Table.Column(title: $1, alignment: $0 < 3 ? .left : .right) }
    let rows = sorted.prefix(limit).map { index in
      let row = comparison.rows[index]
      let isMarked = row.verdict == .regressed || row.verdict == .improved
      return [
        Table.Cell(labels[index]), Table.Cell(row.metric.title),
        Table.Cell(verdictText(row), isBold: isMarked),
        Table.Cell(row.baselineMean.map(row.metric.text) ?? NumberText.none),
        Table.Cell(row.candidateMean.map(row.metric.text) ?? NumberText.none), Table.Cell(differenceText(row)),
        Table.Cell(row.tolerance.map { row.metric.difference($0).replacing("+", with: "") } ?? NumberText.none),
        Table.Cell(pText(row)), Table.Cell(seedsText(row)),
      ]
    }
    var blocks: [Section.Block] = [.table(Table(columns: columns, rows: rows))]
    if rows.count < sorted.count {
      blocks.append(.paragraph("\(NumberText.count(sorted.count - rows.count)) more rows are not shown."))
    }
    return Section(id: "results", title: "Results", blocks: blocks)
  }

  /// Labels as tables show them: distinct ones stay distinct, the same one on several rows stays the same.
  static func labels(_ comparison: StudyComparison) -> [String] {
    var order: [String] = []
    var labels: [String: String] = [:]
    for row in comparison.rows where labels.updateValue(row.label, forKey: row.hash) == nil { order.append(row.hash) }
    let short = PlainText.distinct(order.map { labels[$0] ?? "" }, limit: 60)
    let shown = Dictionary(uniqueKeysWithValues: zip(order, short))
    return comparison.rows.map { shown[$0.hash] ?? "" }
  }

  static func verdictText(_ row: StudyComparison.Row) -> String {
    if let reason = row.reason { return "\(row.verdict.rawValue): \(reason)" }
    return row.verdict == .same && row.tracesAreEqual && !row.metric.dependsOnMachine
      ? "same: equal traces" : row.verdict.rawValue
  }

  static func differenceText(_ row: StudyComparison.Row) -> String {
    guard let difference = row.difference else { return NumberText.none }
    let interval = row.interval.map { " [\(row.metric.difference($0.lower)), \(row.metric.difference($0.upper))]" }
    return row.metric.difference(difference) + (interval ?? "")
  }

  /// The p of the direction that the difference has.
  static func pText(_ row: StudyComparison.Row) -> String {
    guard let loss = row.loss, let worse = row.pWorse, let better = row.pBetter else { return "" }
    return NumberText.p(loss >= 0 ? worse : better)
  }

  /// `6`, or `3 of 6` where seeds are left out.
  static func seedsText(_ row: StudyComparison.Row) -> String {
    let count = row.differences.count
    return row.excludedSeeds > 0 ? "\(count) of \(count + row.excludedSeeds)" : "\(count)"
  }

  private static func lost(_ comparison: StudyComparison, limit: Int) -> Section? {
    guard !comparison.lost.isEmpty else { return nil }
    let rows = comparison.lost.prefix(limit).map { trial in
      [
        Table.Cell(PlainText.shortened(trial.label, to: 60)), Table.Cell("\(trial.seed)"),
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

  private static func reading(_ comparison: StudyComparison) -> Section {
    let policy = comparison.policy
    let alpha = NumberText.exact(policy.alpha)
    let method = comparison.isExact ? "all sign patterns counted" : "10,000 random sign patterns"
    let confidence = NumberText.percent(policy.confidence)
    var notes: [String] = []
    if comparison.familySize > 0 {
      notes += [
        "Regressed or improved: the mean difference exceeds the tolerance, and its p is at most \(alpha). Same: the "
          + "interval lies inside the tolerance, or the traces are equal to the last bit. Inconclusive: neither.",
        "p: one-sided sign-flip test of the differences paired by seed, in the direction of the difference, each row "
          + "counted in its tolerance or its own root mean square, whichever is larger; signs flipped jointly by seed "
          + "(\(method)), corrected by Westfall and Young's max-T over the \(NumberText.count(comparison.familySize)) "
          + "tested rows of this table. \(confidence) intervals: Student's t of one difference, not corrected.",
      ]
    }
    for isPartial in [false, true] {
      let tested = comparison.rows.filter { $0.pWorse != nil && ($0.excludedSeeds > 0) == isPartial }
      let most = tested.map(\.differences.count).max() ?? 0
      let smallest = SignFlipTest.smallestP(pairs: most, alternative: .greater)
      guard most > 0, smallest > policy.alpha else { continue }
      let seeds =
        (isPartial ? "" : "common ") + (most == 1 ? "seed" : "seeds") + (isPartial ? " with comparable times" : "")
      notes.append(
        "\(most) \(seeds) \(most == 1 ? "gives" : "give") no p below \(NumberText.p(smallest)), so nothing can be called "
          + "a regression at \(alpha); that takes \(Power.pairsToReach(alpha: policy.alpha, alternative: .greater)) seeds."
      )
    }
    if comparison.rows.contains(where: {
      $0.metric.dependsOnMachine && ($0.verdict == .incomparable || $0.excludedSeeds > 0)
    }) {
      notes.append(
        "Times, speeds and memory are only compared where host, processor, -j and program are the same; times and speeds "
          + "only of seeds that had the same share of the processor, within a tenth. Where some had not, the others can "
          + "show a regression but nothing else, and the processor time of all is compared too.")
    }
    return Section(id: "reading", title: "How to read this", blocks: notes.isEmpty ? [] : [.list(notes)])
  }
}

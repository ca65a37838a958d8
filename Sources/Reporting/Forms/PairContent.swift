import Statistics

/// Every pair of a few configurations held against each other.
enum PairContent {
  static func section(_ analysis: StudyAnalysis) -> Section? {
    let pairs = analysis.pairs.filter { $0.differences.count > 1 }
    guard pairs.count > 1 || (pairs.count == 1 && analysis.comparedSeeds.count > 1) else { return nil }
    let metric = analysis.metric
    let rows = pairs.map { pair in
      [
        Table.Cell(
          "\(PlainText.shortened(pair.first.label, to: 40)) − \(PlainText.shortened(pair.second.label, to: 40))"),
        Table.Cell(metric.difference(pair.difference)),
        Table.Cell(
          pair.interval.map { "[\(metric.difference($0.lower)), \(metric.difference($0.upper))]" } ?? NumberText.none),
        Table.Cell(NumberText.p(pair.p)),
        Table.Cell(pair.effect.map { NumberText.fixed($0, 1) } ?? NumberText.none),
        Table.Cell(verdict(pair, analysis)),
      ]
    }
    let unit = metric.differenceUnit.isEmpty ? "Difference" : "Difference (\(metric.differenceUnit))"
    let columns = [
      Table.Column(title: "Pair"), Table.Column(title: unit, alignment: .right),
      Table.Column(title: "\(ReportContent.confidenceText(analysis)) interval", alignment: .right),
      Table.Column(title: "p", alignment: .right), Table.Column(title: "Hedges' g", alignment: .right),
      Table.Column(title: "Verdict"),
    ]
    return Section(
      id: "pairs", title: "Every pair",
      blocks: [
        .table(Table(columns: columns, rows: rows)),
        .paragraph(
          "Differences by seed. p: two-sided sign-flip test, corrected over the \(rows.count) pairs of this table by "
            + "Westfall and Young's step-down max-T with the signs flipped jointly by seed. The interval is Student's t, "
            + "not corrected. The same seed gives networks of unlike size other first weights and another order of "
            + "batches, so pairing takes little noise from such a difference. Seeds that might: with so many a true "
            + "difference of this size would show four times in five, before the correction."),
      ])
  }

  private static func verdict(_ pair: PairComparison, _ analysis: StudyAnalysis) -> String {
    let alpha = analysis.options.alpha
    if pair.p <= alpha { return "\(PlainText.shortened(pair.first.label, to: 40)) is better" }
    if SignFlipTest.smallestP(pairs: pair.differences.count) > alpha {
      return "too few seeds to tell; \(Power.pairsToReach(alpha: alpha)) at least"
    }
    guard let needed = pair.seedsNeeded(alpha: alpha), needed > pair.differences.count else { return "can't tell" }
    return "can't tell; ≈ \(needed) seeds might"
  }
}

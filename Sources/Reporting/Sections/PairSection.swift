import Comparing
import Presentation
import Statistics

/// Every pair of a few configurations compared.
enum PairSection {
  static func section(_ analysis: StudyAnalysis) -> Section? {
    let pairs = analysis.pairs
    guard !pairs.isEmpty else { return nil }
    let metric = analysis.metric
    let confidence = analysis.confidenceText
    let rows = pairs.map { pair in
      [
        Table.Cell("\(pair.first.label) − \(pair.second.label)"),
        Table.Cell(metric.difference(pair.difference)),
        Table.Cell(pair.interval.map(metric.differenceText) ?? NumberText.none),
        Table.Cell(pair.p.map { NumberText.p($0) } ?? "?"),
        Table.Cell(pair.improvement.map(chance) ?? NumberText.none),
        Table.Cell(pair.correlation.map { NumberText.signed($0, 2) } ?? NumberText.none),
        Table.Cell(verdict(pair, analysis)),
      ]
    }
    let unit = metric.differenceUnit.isEmpty ? "Difference" : "Difference (\(metric.differenceUnit))"
    let columns = [
      Table.Column(title: "Pair"), Table.Column(title: unit, alignment: .right),
      Table.Column(title: "\(confidence) interval", alignment: .right), Table.Column(title: "p", alignment: .right),
      Table.Column(title: "Wins", alignment: .right), Table.Column(title: "Correlation", alignment: .right),
      Table.Column(title: "Verdict"),
    ]
    var notes = [
      "Intervals hold for all pairs at once; p is corrected as in the ranking.",
      "Wins: how often one run of the first beats one run of the second, of all pairs of runs, with its \(confidence) "
        + "interval (Newcombe 2006). A difference can be certain and still small beside the spread of single runs.",
    ]
    if let largest = pairs.compactMap({ pair in pair.correlation.map { (pair, $0) } }).max(by: { abs($0.1) < abs($1.1) }
    ) {
      let seeds = largest.0.first.scores.keys.filter { largest.0.second.scores[$0] != nil }.count
      notes.append(
        "Correlation of the scores over common seeds, largest for \(largest.0.first.label) and "
          + "\(largest.0.second.label): \(NumberText.signed(largest.1, 2)); \(seeds) seeds say little of it. The tests "
          + "take the runs as independent, "
          + (largest.1 > 0
            ? "which a positive correlation makes more careful." : "which a negative correlation makes less careful."))
    }
    return Section(
      id: "pairs", title: "Every pair", blocks: [.table(Table(columns: columns, rows: rows)), .list(notes)])
  }

  private static func chance(_ improvement: Improvement) -> String {
    let bounds = [improvement.interval.lower, improvement.interval.upper].map { NumberText.fixed($0, 2) }
    return "\(NumberText.fixed(improvement.probability, 2)) [\(bounds[0]), \(bounds[1])]"
  }

  private static func verdict(_ pair: PairComparison, _ analysis: StudyAnalysis) -> String {
    guard let p = pair.p else { return "too few seeds to tell; \(MeanComparisons.fewestValues) at least" }
    if p <= analysis.options.alpha { return "\(pair.first.label) is better on these images" }
    return pair.improvement?.probability == 1
      ? "not decided, though each run of \(pair.first.label) is better" : "not decided"
  }
}

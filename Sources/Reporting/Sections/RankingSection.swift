import Comparing
import Presentation
import Statistics

/// All configurations, best first, with their differences to the best.
enum RankingSection {
  /// All configurations, best first; only what to mind where there is one.
  static func section(_ analysis: StudyAnalysis, limit: Int) -> Section? {
    guard let table = table(analysis, limit: limit, withCosts: true) else {
      let caveats = analysis.caveats
      return caveats.isEmpty ? nil : Section(id: "ranking", title: "Caveats", blocks: [.list(caveats)])
    }
    var notes: [String] = []
    if table.rows.count < analysis.configurations.count {
      notes.append(
        "\(NumberText.count(analysis.configurations.count - table.rows.count)) more configurations are in results.csv.")
    }
    if analysis.best != nil { notes += comparisonNotes(analysis.study) }
    if showsBests(analysis) {
      notes.append(
        "At its best: the mean test accuracy of each trial's best evaluation, chosen on "
          + (analysis.choosesOnValidation ? "validation." : "the test examples themselves, which flatters."))
    }
    return Section(
      id: "ranking", title: "Ranking", blocks: [.table(table), .list(notes + analysis.caveats)])
  }

  /// How to read a ranking that stands apart from its notes.
  static func notes(_ analysis: StudyAnalysis) -> Section? {
    let notes = analysis.best == nil ? [] : comparisonNotes(analysis.study)
    return notes.isEmpty ? nil : Section(id: "ranking-notes", title: "How to read the ranking", blocks: [.list(notes)])
  }

  /// Whether a column shows the best evaluations: only where it differs, since a second column of the same numbers helps
  /// nobody.
  private static func showsBests(_ analysis: StudyAnalysis) -> Bool {
    analysis.options.at == .last && analysis.metric.name == "test accuracy"
      && analysis.configurations.contains { $0.bestAccuracy?.mean != $0.score?.mean }
  }

  /// One row per configuration, best first; `nil` where there is one.
  ///
  /// - Parameters:
  ///   - limit: rows at most.
  ///   - withCosts: whether parameters, time and speed have columns, for which a terminal has no room.
  static func table(_ analysis: StudyAnalysis, limit: Int, withCosts: Bool) -> Table? {
    guard analysis.configurations.count > 1 else { return nil }
    let metric = analysis.metric
    let isCompared = analysis.best != nil
    // Of a few configurations the summary has them already.
    let hasCosts =
      withCosts && analysis.configurations.count > RankedStudy.fewConfigurations
      && analysis.configurations.contains { !$0.record.configuration.isImported }
    let medians = withCosts && analysis.configurations.contains { ($0.score?.count ?? 0) > 2 }
    let bests = withCosts && showsBests(analysis)
    let areAllFinished = analysis.configurations.allSatisfy { $0.finished == $0.trials.count }
    var columns = [
      Table.Column(title: "Rank", alignment: .right, leaveOut: 1), Table.Column(title: "Configuration"),
      Table.Column(title: metric.title.capitalizedFirst, alignment: .right),
    ]
    if medians { columns.append(Table.Column(title: "Median", alignment: .right)) }
    columns += [
      Table.Column(title: "\(analysis.confidenceText) interval", alignment: .right, leaveOut: 4),
      Table.Column(title: "Finished", alignment: .right, leaveOut: areAllFinished ? 5 : 2),
    ]
    if isCompared {
      columns.append(Table.Column(title: "Difference to the best", alignment: .right, leaveOut: 3))
      columns.append(Table.Column(title: "p", alignment: .right, leaveOut: 1))
    }
    if bests { columns.append(Table.Column(title: "At its best (%)", alignment: .right)) }
    if hasCosts { columns += ["Parameters", "Time", "Images/s"].map { Table.Column(title: $0, alignment: .right) } }
    if let target = analysis.options.target {
      columns.append(Table.Column(title: "Time to \(NumberText.percent(target))", alignment: .right))
    }
    let rows = analysis.ranked.prefix(limit).enumerated().map { position, row in
      var cells = [
        Table.Cell(row.score == nil ? NumberText.none : "\(position + 1)"), Table.Cell(row.label),
        Table.Cell(row.score.map(metric.text) ?? NumberText.none, isBold: analysis.study.isBold(row)),
      ]
      if medians { cells.append(Table.Cell(row.score.map { metric.text($0.median) } ?? NumberText.none)) }
      cells += [Table.Cell(row.interval.map(metric.text) ?? NumberText.none), Table.Cell(row.finishedText)]
      if isCompared {
        cells.append(Table.Cell(analysis.study.differenceText(row)))
        cells.append(Table.Cell(analysis.study.pText(row)))
      }
      if bests {
        cells.append(Table.Cell(row.bestAccuracy.map { NumberText.fixed($0.mean * 100, 2) } ?? NumberText.none))
      }
      if hasCosts {
        cells.append(Table.Cell(row.record.parameters.map { NumberText.count($0) } ?? NumberText.none))
        cells.append(Table.Cell(row.wallSeconds.map { NumberText.duration($0.mean) } ?? NumberText.none))
        cells.append(
          Table.Cell(row.imagesPerSecond.map { NumberText.count($0.mean) } ?? NumberText.none))
      }
      if analysis.options.target != nil { cells.append(Table.Cell(row.targetText)) }
      return cells
    }
    return Table(columns: columns, rows: rows)
  }

  /// The meaning of p, brackets and signs, and how much choosing the best flatters its mean.
  static func comparisonNotes(_ study: RankedStudy) -> [String] {
    guard study.familySize > 1 else { return [] }
    let alpha = NumberText.exact(study.options.alpha)
    let confidence = study.confidenceText
    let count = NumberText.count(study.familySize)
    var notes = [
      "p: how often, at most, chance alone would make any of the \(count) configurations look this much worse, if all were "
        + "equally good: it is corrected for all comparisons of this table and for the best having been picked. Welch's t "
        + "test, guarded against skewness, by which brackets are lopsided; where half of the configurations are strongly "
        + "skewed and much wider than the others, a p of 0.05 may stand for up to 0.09 (simulated).",
      "≈: not shown to be worse (p above \(alpha)). That is not \"equally good\".",
      "Brackets behind a difference: \(confidence) intervals that hold for all pairs of the \(count) at once. They, and "
        + "p, are for these training and test images.",
    ]
    if let flattery = flattery(study) { notes.append(flattery) }
    return notes
  }

  /// By how much the best of several equal configurations is expected to look better than it is.
  private static func flattery(_ study: RankedStudy) -> String? {
    let tied = study.ranked.filter { study.isTied($0) && $0.farSeeds.isEmpty }
    guard tied.count > 1, let best = study.best?.score, best.count > 1,
      let deviation = Summary(tied.compactMap { $0.score?.standardDeviation })?.median
    else { return nil }
    let excess = Normal.expectedMaximum(of: tied.count) * deviation / Double(best.count).squareRoot()
    let unit = study.metric.differenceUnit
    return
      "The best was picked for its score. Were the \(tied.count) that are not shown to differ equally good, its mean "
      + "would be about \(study.metric.difference(excess).replacing("+", with: ""))\(unit.isEmpty ? "" : " \(unit)") "
      + "too \(study.metric.higherIsBetter ? "high" : "low"), and its own interval would be right less often than "
      + "\(study.confidenceText) of the time."
  }
}

import Experiments
import Presentation
import Statistics

/// What a report says, section by section, before it is anyone's syntax.
enum ReportContent {
  /// What a terminal shows at the end of a run.
  static func terminal(_ analysis: StudyAnalysis) -> [Section] {
    [
      summary(analysis), ranking(analysis, limit: 60, withCosts: false), tuned(analysis), failures(analysis, limit: 20),
    ].compactMap { $0 }
  }

  /// The sections before the charts.
  ///
  /// - Parameter limit: rows of the ranking at most.
  static func beforeCharts(_ analysis: StudyAnalysis, limit: Int = 100) -> [Section] {
    [
      summary(analysis), ranking(analysis, limit: limit), tuned(analysis), PairContent.section(analysis),
      ImageContent.section(analysis), effects(analysis), InteractionContent.section(analysis),
      ClassContent.section(analysis),
      failures(analysis, limit: min(50, limit)),
    ].compactMap { $0 }
  }

  /// The title, or the name where there is none.
  static func title(_ analysis: StudyAnalysis) -> String {
    let title = PlainText.oneLine(analysis.record.title)
    return PlainText.shortened(title.isEmpty ? analysis.record.name : title, to: 120)
  }

  /// One line on the whole study.
  static func overview(_ analysis: StudyAnalysis) -> String {
    // As `bench list` and `bench plan` count: a trial that diverged came to its end too.
    let (diverged, failed) = (analysis.count(.diverged), analysis.count(.failed))
    let done = analysis.count(.done) + diverged
    var trials =
      done == analysis.trialCount
      ? "\(NumberText.count(done)) \(done == 1 ? "trial" : "trials")"
      : "\(NumberText.count(done)) of \(NumberText.count(analysis.trialCount)) trials done"
    if diverged > 0 { trials += ", \(NumberText.count(diverged)) of them diverged" }
    if failed > 0 { trials += ", \(NumberText.count(failed)) failed" }
    let name = PlainText.shortened(analysis.record.name, to: 80)
    let latest = analysis.options.latestRevision.map { " (the latest is \($0))" } ?? ""
    let shown = analysis.configurations.count
    let share = shown == analysis.wholeCount ? "" : " of \(NumberText.count(analysis.wholeCount))"
    return "Study \(name), revision \(analysis.record.revision)\(latest): "
      + "\(NumberText.count(shown))\(share) "
      + "\(analysis.wholeCount == 1 ? "configuration" : "configurations"), "
      + "\(NumberText.count(analysis.seeds.count)) \(analysis.seeds.count == 1 ? "seed" : "seeds"), \(trials)."
  }

  // MARK: Sections

  /// The table as the tutorials have it, a column a configuration, and what all of them share; only the latter where
  /// there are many.
  static func summary(_ analysis: StudyAnalysis) -> Section {
    var blocks: [Section.Block] = [.paragraph(ResultSentence.text(analysis)), .paragraph(overview(analysis))]
    if (1...StudyAnalysis.fewConfigurations).contains(analysis.configurations.count) {
      blocks.append(.table(columnTable(analysis)))
      blocks.append(.paragraph(columnNote(analysis)))
    } else if let networks = NetworkContent.table(analysis) {
      blocks += [.paragraph("The networks differ:"), .table(networks)]
    }
    let facts = analysis.sharedFacts
    if !facts.isEmpty {
      blocks.append(.paragraph(analysis.configurations.count == 1 ? "The configuration:" : "All configurations share:"))
      blocks.append(
        .table(
          Table(
            columns: [Table.Column(title: ""), Table.Column(title: "")],
            rows: facts.map { [Table.Cell($0.name), Table.Cell($0.value)] })))
    }
    return Section(id: "summary", title: "Summary", blocks: blocks)
  }

  private static func columnTable(_ analysis: StudyAnalysis) -> Table {
    let rows = analysis.configurations
    let metric = analysis.metric
    var table = Table(
      columns: [Table.Column(title: "")]
        + rows.map { Table.Column(title: PlainText.shortened($0.label, to: 40), alignment: .right) },
      rows: [])
    func add(_ title: String, _ cell: (ConfigurationAnalysis) -> Table.Cell?) {
      let cells = rows.map(cell)
      guard cells.contains(where: { $0 != nil }) else { return }
      table.rows.append([Table.Cell(title)] + cells.map { $0 ?? Table.Cell(NumberText.none) })
    }
    func add(_ title: String, _ summary: (ConfigurationAnalysis) -> Summary?, _ text: @escaping (Summary) -> String) {
      add(title) { summary($0).map { Table.Cell(text($0)) } }
    }
    // The variant's name heads its column.
    for path in varyingPaths(analysis) where path != "variant" {
      add(shortName(path, among: varyingPaths(analysis))) { row in
        row.value(of: path).map { Table.Cell(PlainText.shortened($0, to: 40)) }
      }
    }
    for fact in analysis.differingNetworkFacts {
      add(fact.name.lowercased()) { row in fact.values[row.index].map { Table.Cell($0) } }
    }
    add(metric.title) { row in
      row.score.map { Table.Cell(metric.text($0), isBold: analysis.isBold(row)) }
    }
    if rows.contains(where: { ($0.score?.count ?? 0) > 2 }) {
      add("median", \.score) { metric.text($0.median) }
    }
    add("seeds finished") { Table.Cell($0.finishedText) }
    add("\(confidenceText(analysis)) interval") { row in row.interval.map { Table.Cell(metric.text($0)) } }
    if metric.name != "test loss" {
      add("test loss", \.testLoss) { NumberText.spread($0.mean, $0.standardDeviation ?? .nan).withoutMissingSpread }
    }
    if metric.split != .training {
      add("training loss", \.trainLoss) {
        NumberText.spread($0.mean, $0.standardDeviation ?? .nan).withoutMissingSpread
      }
    }
    if metric.split == .test {
      add("validation accuracy (%)", \.validationAccuracy) {
        Metric(split: .validation, kind: .accuracy, lossUnit: "").text($0)
      }
    }
    add("parameters") { Table.Cell(NumberText.count($0.record.parameters)) }
    add("time of a trial", \.wallSeconds) { NumberText.duration($0.mean) }
    add("images/s", \.imagesPerSecond) { NumberText.count(Int($0.mean.rounded())) }
    if let target = analysis.options.target {
      add("time to \(NumberText.percent(target))") { Table.Cell(targetText($0)) }
    }
    return table
  }

  private static func columnNote(_ analysis: StudyAnalysis) -> String {
    let scored = analysis.configurations.compactMap(\.score)
    guard !scored.isEmpty else { return "No trial has a score yet." }
    let spread =
      scored.contains { $0.count > 1 }
      ? "mean ± standard deviation over the seeds, with Student's t interval for the mean" : "one seed, no spread"
    let bold = analysis.isDecided ? " Bold (* on a terminal): the best, and those not shown to be worse." : ""
    return "\(analysis.metric.name.capitalizedFirst) at the \(analysis.pointText): \(spread).\(bold)"
  }

  /// All configurations, best first.
  ///
  /// - Parameter withCosts: whether parameters, time and speed have columns, for which a terminal has no room.
  static func ranking(_ analysis: StudyAnalysis, limit: Int, withCosts: Bool = true) -> Section? {
    guard analysis.configurations.count > 1 else {
      let caveats = analysis.caveats
      return caveats.isEmpty ? nil : Section(id: "ranking", title: "Caveats", blocks: [.list(caveats)])
    }
    let metric = analysis.metric
    let isCompared = analysis.best != nil
    // Of a few configurations the summary has them already.
    let hasCosts = withCosts && analysis.configurations.count > StudyAnalysis.fewConfigurations
    let medians = withCosts && analysis.configurations.contains { ($0.score?.count ?? 0) > 2 }
    // Said only where it differs: a second column of the same numbers helps nobody.
    let bests =
      withCosts && analysis.options.at == .last && metric.name == "test accuracy"
      && analysis.configurations.contains { $0.bestAccuracy?.mean != $0.score?.mean }
    var columns = [
      Table.Column(title: "Rank", alignment: .right), Table.Column(title: "Configuration"),
      Table.Column(title: metric.title.capitalizedFirst, alignment: .right),
    ]
    if medians { columns.append(Table.Column(title: "Median", alignment: .right)) }
    columns += [
      Table.Column(title: "\(confidenceText(analysis)) interval", alignment: .right),
      Table.Column(title: "Finished", alignment: .right),
    ]
    if isCompared {
      columns.append(Table.Column(title: "Difference to the best", alignment: .right))
      columns.append(Table.Column(title: "p", alignment: .right))
    }
    if bests { columns.append(Table.Column(title: "At its best (%)", alignment: .right)) }
    if hasCosts { columns += ["Parameters", "Time", "Images/s"].map { Table.Column(title: $0, alignment: .right) } }
    if let target = analysis.options.target {
      columns.append(Table.Column(title: "Time to \(NumberText.percent(target))", alignment: .right))
    }
    let rows = analysis.ranked.prefix(limit).enumerated().map { position, row in
      var cells = [
        Table.Cell(row.score == nil ? NumberText.none : "\(position + 1)"), Table.Cell(row.label),
        Table.Cell(row.score.map(metric.text) ?? NumberText.none, isBold: analysis.isBold(row)),
      ]
      if medians { cells.append(Table.Cell(row.score.map { metric.text($0.median) } ?? NumberText.none)) }
      cells += [Table.Cell(row.interval.map(metric.text) ?? NumberText.none), Table.Cell(row.finishedText)]
      if isCompared {
        cells.append(Table.Cell(differenceText(row, analysis)))
        cells.append(Table.Cell(pText(row, analysis)))
      }
      if bests {
        cells.append(Table.Cell(row.bestAccuracy.map { NumberText.fixed($0.mean * 100, 2) } ?? NumberText.none))
      }
      if hasCosts {
        cells.append(Table.Cell(NumberText.count(row.record.parameters)))
        cells.append(Table.Cell(row.wallSeconds.map { NumberText.duration($0.mean) } ?? NumberText.none))
        cells.append(
          Table.Cell(row.imagesPerSecond.map { NumberText.count(Int($0.mean.rounded())) } ?? NumberText.none))
      }
      if analysis.options.target != nil { cells.append(Table.Cell(targetText(row))) }
      return cells
    }
    var notes: [String] = []
    if rows.count < analysis.configurations.count {
      notes.append(
        "\(NumberText.count(analysis.configurations.count - rows.count)) more configurations are in results.csv.")
    }
    if isCompared { notes += comparisonNotes(analysis) }
    if bests {
      notes.append(
        "At its best: the mean test accuracy of each trial's best evaluation, chosen on "
          + (analysis.choosesOnValidation ? "validation." : "the test examples themselves, which flatters."))
    }
    return Section(
      id: "ranking", title: "Ranking",
      blocks: [.table(Table(columns: columns, rows: rows)), .list(notes + analysis.caveats)])
  }

  /// What p, brackets and signs mean, and what choosing the best does to its mean.
  static func comparisonNotes(_ analysis: StudyAnalysis) -> [String] {
    guard analysis.familySize > 1 else { return [] }
    let alpha = NumberText.exact(analysis.options.alpha)
    let confidence = confidenceText(analysis)
    let count = NumberText.count(analysis.familySize)
    var notes = [
      "p: how often, at most, chance alone would make any of the \(count) configurations look this much worse, if all were "
        + "equally good: it is corrected for all comparisons of this table and for the best having been picked. Welch's t "
        + "test, guarded against skewness, by which brackets are lopsided; where half of the configurations are strongly "
        + "skewed and much wider than the others, a p of 0.05 may stand for up to 0.09 (simulated).",
      "≈: not shown to be worse (p above \(alpha)). That is not \"equally good\".",
      "Brackets behind a difference: \(confidence) intervals that hold for all pairs of the \(count) at once. They, and "
        + "p, are for these training and test images.",
    ]
    if let flattery = flattery(analysis) { notes.append(flattery) }
    return notes
  }

  /// By how much the best of several equal configurations is expected to look better than it is.
  private static func flattery(_ analysis: StudyAnalysis) -> String? {
    let tied = analysis.ranked.filter { analysis.isTied($0) && $0.farSeeds.isEmpty }
    guard tied.count > 1, let best = analysis.best?.score, best.count > 1,
      let deviation = Summary(tied.compactMap { $0.score?.standardDeviation })?.median
    else { return nil }
    let excess = Normal.expectedMaximum(of: tied.count) * deviation / Double(best.count).squareRoot()
    let unit = analysis.metric.differenceUnit
    return
      "The best was picked for its score. Were the \(tied.count) that are not shown to differ equally good, its mean "
      + "would be about \(analysis.metric.difference(excess).replacing("+", with: ""))\(unit.isEmpty ? "" : " \(unit)") "
      + "too \(analysis.metric.higherIsBetter ? "high" : "low"), and its own interval would be right less often than "
      + "\(confidenceText(analysis)) of the time."
  }

  private static func tuned(_ analysis: StudyAnalysis) -> Section? {
    analysis.tuning.map { TuningContent.section($0, paths: analysis.record.axes.map(\.path)) }
  }

  /// Each axis by itself.
  static func effects(_ analysis: StudyAnalysis) -> Section? {
    let effects = analysis.effects
    guard !effects.isEmpty else { return nil }
    let metric = analysis.metric
    let paths = analysis.record.axes.map(\.path)
    let rows = effects.sorted { $0.span > $1.span }.flatMap { effect in
      effect.levels.enumerated().map { index, level in
        [
          Table.Cell(index == 0 ? shortName(effect.path, among: paths) : ""),
          Table.Cell(PlainText.shortened(level.value, to: 60)), Table.Cell(metric.text(level.score)),
          Table.Cell(level.difference.map(metric.difference) ?? "best"),
          Table.Cell(
            level.difference == nil ? "" : pText(level.p, analysis)),
          Table.Cell("\(effect.settingsAveraged)"),
        ]
      }
    }
    let columns = [
      Table.Column(title: "Axis"), Table.Column(title: "Value"),
      Table.Column(title: metric.title.capitalizedFirst, alignment: .right),
      Table.Column(title: "Difference", alignment: .right), Table.Column(title: "p", alignment: .right),
      Table.Column(title: "Averaged over", alignment: .right),
    ]
    return Section(
      id: "effects", title: "Effect of each axis",
      blocks: [
        .table(Table(columns: columns, rows: rows)),
        .paragraph(
          "Mean ± standard deviation over seeds of the average over all settings of the other axes, the axis that "
            + "moves it most first. p as in the ranking, corrected for the values of an axis and for the "
            + "\(effects.count) axes."),
      ])
  }

  /// What failed or diverged, with the message.
  static func failures(_ analysis: StudyAnalysis, limit: Int) -> Section? {
    let bad = analysis.configurations.flatMap { row in
      row.trials.filter { [.failed, .diverged, .stale].contains($0.record.state) }.map { (row, $0.record) }
    }
    guard !bad.isEmpty else { return nil }
    let rows = bad.prefix(limit).map { row, trial in
      [
        Table.Cell(row.label), Table.Cell("\(trial.seed)"), Table.Cell(trial.state.rawValue),
        Table.Cell(PlainText.shortened(failureText(trial), to: 300)),
      ]
    }
    var blocks: [Section.Block] = [
      .table(
        Table(
          columns: [
            Table.Column(title: "Configuration"), Table.Column(title: "Seed", alignment: .right),
            Table.Column(title: "State"), Table.Column(title: "Message"),
          ], rows: rows))
    ]
    if bad.count > rows.count {
      blocks.append(.paragraph("\(NumberText.count(bad.count - rows.count)) more are in results.csv."))
    }
    return Section(id: "failures", title: "What failed", blocks: blocks)
  }

  // MARK: Cells

  /// Why a trial failed, or where it diverged.
  static func failureText(_ trial: TrialRecord) -> String {
    if let error = trial.error, !error.isEmpty { return error }
    if case .diverged(let iteration)? = trial.result?.outcome {
      return "the loss was no longer finite at iteration \(NumberText.count(iteration))"
    }
    return trial.state == .stale ? "its process is gone without a word" : "no message"
  }

  static func differenceText(_ row: ConfigurationAnalysis, _ analysis: StudyAnalysis) -> String {
    if row.index == analysis.best?.index { return "best" }
    guard let comparison = row.comparison else { return NumberText.none }
    let interval = comparison.interval.map { " \(analysis.metric.differenceText($0))" }
    return analysis.metric.difference(comparison.difference) + (interval ?? "")
  }

  static func pText(_ row: ConfigurationAnalysis, _ analysis: StudyAnalysis) -> String {
    if row.index == analysis.best?.index { return "" }
    return row.comparison.map { pText($0.p, analysis) } ?? NumberText.none
  }

  /// `0.012`, `0.31 ≈`, or `?` where there are too few seeds for a test.
  static func pText(_ p: Double?, _ analysis: StudyAnalysis) -> String {
    p.map { NumberText.p($0) + ($0 > analysis.options.alpha ? " ≈" : "") } ?? "?"
  }

  private static func targetText(_ row: ConfigurationAnalysis) -> String {
    let times = row.trials.filter { $0.score != nil }.compactMap(\.secondsToTarget)
    guard let summary = Summary(times) else { return "not reached" }
    let share = times.count == row.scores.count ? "" : " (\(times.count) of \(row.scores.count))"
    return "≈ \(NumberText.duration(summary.mean))\(share)"
  }

  /// `95 %`
  static func confidenceText(_ analysis: StudyAnalysis) -> String {
    NumberText.percent(analysis.options.confidence)
  }

  /// The paths in which configurations differ, in file order.
  static func varyingPaths(_ analysis: StudyAnalysis) -> [String] {
    var seen: Set<String> = []
    var paths: [String] = []
    for row in analysis.configurations {
      for setting in row.record.configuration.settings where seen.insert(setting.path).inserted {
        paths.append(setting.path)
      }
    }
    return paths
  }

  /// The last part of a path, as people say it; the whole path where two end alike.
  static func shortName(_ path: String, among paths: [String]) -> String {
    let name = path.split(separator: ".").last.map(String.init) ?? path
    let isUnique = paths.filter { $0 == name || $0.hasSuffix(".\(name)") }.count <= 1
    let words = name == "lr" ? "learning rate" : name.replacing("_", with: " ")
    return PlainText.shortened(isUnique ? words : path, to: 40)
  }
}

extension String {
  /// A mean alone, where its spread is not known.
  fileprivate var withoutMissingSpread: String { replacing(" ± NaN", with: "") }

  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

import Comparing
import Experiments
import Presentation
import Statistics

/// The result as a sentence, the tutorials' table, and the facts that all configurations share.
enum SummarySection {
  /// The table as the tutorials have it, one column per configuration, and what all of them share; only the latter where
  /// there are many.
  ///
  /// - Parameter isBelowAnswer: whether the result as a sentence stands above already.
  static func section(_ analysis: StudyAnalysis, isBelowAnswer: Bool = false) -> Section {
    var blocks: [Section.Block] =
      isBelowAnswer
      ? [] : [.paragraph(ResultSentence.text(analysis)), .paragraph(overview(analysis))] + annotations(analysis)
    if (1...RankedStudy.fewConfigurations).contains(analysis.configurations.count) {
      blocks.append(.table(columnTable(analysis)))
      blocks.append(.paragraph(columnNote(analysis)))
    } else if let networks = NetworkTable.table(analysis) {
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
        + rows.map { Table.Column(title: $0.label, alignment: .right) },
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
    for path in analysis.varyingPaths where path != "variant" {
      add(shortName(path, among: analysis.varyingPaths)) { row in
        row.value(of: path).map { Table.Cell(PlainText.shortened($0, to: 40)) }
      }
    }
    for fact in analysis.differingNetworkFacts {
      add(fact.name.lowercased()) { row in fact.values[row.index].map { Table.Cell($0) } }
    }
    add(metric.title) { row in
      row.score.map { Table.Cell(metric.text($0), isBold: analysis.study.isBold(row)) }
    }
    if rows.contains(where: { ($0.score?.count ?? 0) > 2 }) {
      add("median", \.score) { metric.text($0.median) }
    }
    add("seeds finished") { Table.Cell($0.finishedText) }
    add("\(analysis.confidenceText) interval") { row in row.interval.map { Table.Cell(metric.text($0)) } }
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
    add("parameters") { $0.record.parameters.map { Table.Cell(NumberText.count($0)) } }
    add("iterations trained", \.iterations) { iterations in
      NumberText.spread(iterations.mean, iterations.standardDeviation ?? .nan).withoutMissingSpread
    }
    add("time of a trial", \.wallSeconds) { NumberText.duration($0.mean) }
    add("images/s", \.imagesPerSecond) { NumberText.count($0.mean) }
    if let target = analysis.options.target {
      add("time to \(NumberText.percent(target))") { Table.Cell($0.targetText) }
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

  /// What people wrote about the study and its trials: tags and notes, where there are any.
  static func annotations(_ analysis: StudyAnalysis) -> [Section.Block] {
    let (tags, notes) = (analysis.record.annotations.tags, analysis.record.annotations.notes)
    return (tags.isEmpty ? [] : [.paragraph(PlainText.oneLine("Tags: \(tags.joined(separator: ", "))"))])
      + (notes.isEmpty ? [] : [.paragraph(PlainText.oneLine("Notes: \(notes)"))]) + trialAnnotations(analysis)
  }

  /// The trials that have tags or notes of their own, those of configurations that are shown.
  private static func trialAnnotations(_ analysis: StudyAnalysis) -> [Section.Block] {
    let record = analysis.record
    guard !record.annotatedTrials.isEmpty else { return [] }
    let points = record.configurations.flatMap { row in
      row.trials.compactMap { trial -> String? in
        guard let own = record.annotatedTrials[trial.key] else { return nil }
        let tags = own.tags.isEmpty ? "" : " (\(own.tags.joined(separator: ", ")))"
        return "\(row.configuration.label), seed \(trial.seed)\(tags)" + (own.notes.isEmpty ? "" : ": \(own.notes)")
      }
    }
    return points.isEmpty ? [] : [.paragraph("Notes on trials:"), .list(points.map(PlainText.oneLine))]
  }

  /// One line on the whole study.
  static func overview(_ analysis: StudyAnalysis) -> String {
    // As `bench list` and `bench plan` count: a trial that diverged came to its end too.
    let (diverged, failed) = (analysis.study.count(.diverged), analysis.study.count(.failed))
    let done = analysis.study.count(.done) + diverged
    var trials =
      done == analysis.trialCount
      ? counted(done, "trial")
      : "\(NumberText.count(done)) of \(NumberText.count(analysis.trialCount)) trials done"
    if diverged > 0 { trials += ", \(NumberText.count(diverged)) of them diverged" }
    if failed > 0 { trials += ", \(NumberText.count(failed)) failed" }
    let name = PlainText.shortened(analysis.record.name, to: 80)
    let latest = analysis.options.latestRevision.map { " (the latest is \($0))" } ?? ""
    let shown = analysis.configurations.count
    return "Study \(name), revision \(analysis.record.revision)\(latest): "
      + (shown == analysis.wholeCount ? "" : "\(NumberText.count(shown)) of ")
      + "\(counted(analysis.wholeCount, "configuration")), "
      + "\(counted(analysis.seeds.count, "seed")), \(trials)"
      + (analysis.record.importedFile.map { "; \($0.sentence)." } ?? ".")
  }
}

extension String {
  /// A mean alone, where its spread is not known.
  fileprivate var withoutMissingSpread: String { replacing(" ± NaN", with: "") }
}

import Experiments
import Presentation

/// The trials that failed or diverged, with their messages.
enum FailureSection {
  /// - Parameter limit: rows at most.
  static func section(_ analysis: StudyAnalysis, limit: Int) -> Section? {
    let bad = analysis.configurations.flatMap { row in
      row.trials.filter { [.failed, .diverged, .stale].contains($0.record.state) }.map { (row, $0.record) }
    }
    guard !bad.isEmpty else { return nil }
    let rows = bad.prefix(limit).map { row, trial in
      [
        Table.Cell(row.label), Table.Cell("\(trial.seed)"), Table.Cell(trial.state.rawValue),
        Table.Cell(PlainText.shortened(trial.failureText, to: 300)),
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
}

extension TrialRecord {
  /// Why a trial failed, or where it diverged.
  var failureText: String {
    if let error, !error.isEmpty { return error }
    if case .diverged(let iteration)? = result?.outcome {
      return "the loss was no longer finite at iteration \(NumberText.count(iteration))"
    }
    return state == .stale ? "its process is gone without a word" : "no message"
  }
}

import Comparing
import Experiments
import Presentation
import Statistics

/// Where numbers come from, and how to read them.
enum ReadingSection {
  static func section(_ analysis: StudyAnalysis) -> Section {
    var facts: [Fact] = []
    let hosts = HostSpeeds(analysis.record)
    if let environment = analysis.record.environment {
      let memory = NumberText.bytes(environment.memoryBytes)
      facts += [
        Fact(
          name: hosts.hosts.isEmpty ? "Machine" : "Latest machine",
          value: "\(environment.host): \(environment.cpu), \(environment.cores) cores, \(memory)"),
        Fact(name: "System", value: "\(environment.os); Swift \(environment.swift); BLAS \(environment.blas)"),
        Fact(name: "Program", value: "bench \(environment.program), \(environment.workers) trials at a time"),
      ]
    }
    if let source = analysis.record.source {
      let branch = source.branch.map { " on \($0)" } ?? ""
      let dirty = source.isDirty ? ", with changes that were not committed" : ""
      facts.append(Fact(name: "Source", value: "\(source.commit.prefix(12))\(branch)\(dirty)"))
    }
    let rows = facts.map { [Table.Cell($0.name), Table.Cell($0.value)] }
    let table = Table(columns: [Table.Column(title: ""), Table.Column(title: "")], rows: rows)
    return Section(
      id: "reading", title: "How to read this",
      blocks: [.list(notes(analysis))] + (rows.isEmpty ? [] : [.table(table)])
        + (hosts.hosts.isEmpty ? [] : [.table(hosts.table)]))
  }

  /// Of 100 further runs, those that land within one standard deviation of the mean of as many seeds as most have:
  /// P(|t| < 1 / √(1 + 1/n)).
  private static func shareWithin(_ analysis: StudyAnalysis) -> Int {
    let n = Double(max(2, analysis.configurations.map(\.scores.count).max() ?? 2))
    let share = 1 - 2 * StudentT.upperTail(1 / (1 + 1 / n).squareRoot(), degreesOfFreedom: n - 1)
    return Int((100 * share).rounded())
  }

  private static func notes(_ analysis: StudyAnalysis) -> [String] {
    var notes = [
      "Seeds are replicates: a trial is one configuration trained from one seed, and every mean is over seeds. "
        + "A trial that diverged or failed has no score; a configuration with such trials is ranked behind those that "
        + "finished with all seeds, and is not compared with them.",
      "± is the standard deviation between seeds: about \(shareWithin(analysis)) of 100 further runs land within it. The "
        + "\(analysis.confidenceText) interval is for the mean over all seeds, with these training and "
        + "these test images; no spread is taken for less than one test image.",
      "Accuracies are shares of examples in percent, their differences percentage points; losses are means over "
        + "examples\(analysis.metric.lossUnit.isEmpty ? "" : " in nats"). The training loss is the mean of the batch "
        + "losses since the evaluation before.",
      "Times are of one trial while as many ran as are named below; they say little about another machine.",
    ]
    if analysis.options.target != nil {
      notes.append("The time to reach a target is the trial's time, shared out by iterations.")
    }
    return notes
  }
}

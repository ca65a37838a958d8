import Architectures
import Experiments
import Foundation
import Presentation
import Tracking

/// All that the store knows of a trial, as people and programs read it.
package struct TrialPage: Printable, Sendable {
  let details: TrialDetails

  /// Takes a trial.
  package init(_ details: TrialDetails) { self.details = details }

  /// Sections for people, the evaluations as a table for programs.
  package var printout: Printout {
    Printout(
      title: "Trial \(details.record.key.prefix(12))", sections: sections, table: evaluationTable, json: json,
      own: [.text: { text }])
  }

  /// Facts, scores, attempts, how to go on, and last the uncommitted changes, which may be long.
  private var text: String {
    var parts = [facts(summary)]
    if !details.record.evaluations.isEmpty { parts.append(evaluations.text()) }
    parts += details.attempts.map { facts(lines(of: $0)) }
    parts.append(facts([("next", nextSteps.joined(separator: "\n"))]))
    if let diff = details.attempts.last?.source?.diff {
      parts.append(
        "Not committed then:\n"
          + diff.split(separator: "\n", omittingEmptySubsequences: false)
          .map { "  " + PlainText.oneLine(String($0)) }.joined(separator: "\n") + "\n")
    }
    return parts.joined(separator: "\n")
  }

  /// The same for a page.
  private var sections: [Section] {
    func facts(_ id: String, _ title: String, _ lines: [(String, String)]) -> Section {
      let columns = [Table.Column(""), Table.Column("")]
      return Section(id: id, title: title, blocks: [.table(Table(columns, texts: lines.map { [$0, $1] }))])
    }
    var sections = [facts("trial", "Trial", summary)]
    if !details.record.evaluations.isEmpty {
      sections.append(Section(id: "evaluations", title: "Evaluations", blocks: [.table(evaluations)]))
    }
    sections += details.attempts.map {
      facts(
        "attempt-\($0.number)", details.configuration.isImported ? "Import" : "Attempt \($0.number)", lines(of: $0))
    }
    sections.append(Section(id: "next", title: "Next", blocks: [.preformatted(nextSteps.joined(separator: "\n"))]))
    if let diff = details.attempts.last?.source?.diff {
      sections.append(Section(id: "changes", title: "Not committed then", blocks: [.preformatted(diff)]))
    }
    return sections
  }

  private var summary: [(String, String)] {
    let record = details.record
    var lines = [("trial", record.key)]
    for study in details.studies {
      lines.append(("study", "\(study.study): \(study.label)"))
      let (tags, notes) = (study.annotations.tags, study.annotations.notes)
      if !tags.isEmpty { lines.append(("tags", tags.joined(separator: ", "))) }
      if !notes.isEmpty { lines.append(("notes", notes)) }
      if let file = study.importedFile { lines.append(("origin", file.sentence)) }
    }
    if !details.annotations.tags.isEmpty {
      lines.append(("trial's tags", details.annotations.tags.joined(separator: ", ")))
    }
    if !details.annotations.notes.isEmpty { lines.append(("trial's notes", details.annotations.notes)) }
    lines += [
      ("seed", "\(record.seed)"), ("state", record.state.rawValue), ("configuration", details.configurationHash),
    ]
    lines += details.configuration.trainable.map(facts) ?? []
    if let error = record.error { lines.append((record.state == .diverged ? "divergence" : "error", error)) }
    if let result = record.result {
      lines.append(("trace digest", result.traceDigest))
      if !details.configuration.isImported {
        lines.append(
          (
            "time",
            "\(NumberText.fixed(result.wallSeconds, 2)) s, \(NumberText.fixed(result.cpuSeconds, 2)) s of processor time, "
              + "\(NumberText.count(result.imagesPerSecond)) images/s, "
              + "\(NumberText.bytes(result.peakBytes)) at most"
          ))
      }
    }
    return lines
  }

  /// What was trained, and on what.
  private func facts(_ named: StudyConfiguration) -> [(String, String)] {
    let layers = named.resolved.architecture.layers.modules
    let network = ("network", "\(NumberText.count(details.parameters ?? 0)) parameters, \(layers)")
    let file = named.resolved.initialWeights?.file(ofSeed: details.record.seed)
    let weights = file.map { ("weight file", "\($0.path), SHA-256 \($0.digest ?? "unknown")") }
    return [network] + named.recipe.map { ($0.name.lowercased(), $0.value) } + [weights].compactMap { $0 }
      + [("data digest", details.dataDigest)]
  }

  /// What was scored beside loss and accuracy.
  private var metrics: [ClassificationScore] { details.configuration.resolved?.metrics ?? [] }

  private var evaluations: Table {
    func more(_ split: String) -> [Table.Column] {
      metrics.map { Table.Column("\(split) \($0.title)", isNumeric: true) }
    }
    var table = Table(
      [
        .init("iteration", isNumeric: true), .init("epoch", isNumeric: true), .init("train loss", isNumeric: true),
        .init("validation loss", isNumeric: true), .init("validation accuracy", isNumeric: true),
      ] + more("validation") + [.init("test loss", isNumeric: true), .init("test accuracy", isNumeric: true)]
        + more("test"))
    func scores(_ score: Score?) -> [Table.Cell] {
      [.number(score?.loss) { NumberText.fixed($0, 5) }, .number(score?.accuracy, TerminalText.percent)]
        + metrics.map { .number(score?.metrics[$0], TerminalText.percent) }
    }
    table.rows = details.record.evaluations.map { evaluation in
      [
        .count(evaluation.iteration), .number(evaluation.epoch.ifMeasured) { NumberText.fixed($0, 2) },
        .number(details.configuration.known(evaluation.trainLoss)) { NumberText.fixed($0, 5) },
      ] + scores(evaluation.validation) + scores(evaluation.test)
    }
    return table
  }

  /// One row per evaluation for programs.
  private var evaluationTable: Table {
    let record = details.record
    var table = Table(
      [
        "trial", "configuration", "seed", "state", "iteration", "epoch", "train_loss", "validation_loss",
        "validation_accuracy", "test_loss", "test_accuracy",
      ].map { .init($0) }
        + metrics.flatMap { metric in ScoredSplit.allCases.map { .init($0.name(of: metric)) } })
    table.rows = record.evaluations.map { evaluation in
      let values: [JSONValue] =
        [
          .string(record.key), .string(details.configurationHash), .number(JSONNumber(record.seed)),
          .string(record.state.rawValue), .integer(evaluation.iteration), .optional(evaluation.epoch.ifMeasured),
          .optional(details.configuration.known(evaluation.trainLoss)), .optional(evaluation.validation?.loss),
          .optional(evaluation.validation?.accuracy), .optional(evaluation.test?.loss),
          .optional(evaluation.test?.accuracy),
        ]
        + metrics.flatMap { metric in
          ScoredSplit.allCases.map { .optional(evaluation[$0]?.metrics[metric]) }
        }
      return values.map { .init(value: $0) }
    }
    return table
  }

  private func lines(of attempt: AttemptRecord) -> [(String, String)] {
    if details.configuration.isImported {
      return [
        ("imported", "\(TimeText.exact(attempt.claimedAt)) on \(attempt.owner.host)"),
        ("command", Shell.command(attempt.commandLine)),
      ]
    }
    let environment = attempt.environment
    let end =
      attempt.endedAt.map { " to \(TimeText.exact($0))" }
      ?? ", last sign of life \(TimeText.exact(attempt.heartbeatAt))"
    var lines = [
      ("attempt \(attempt.number)", attempt.state.rawValue + ", \(TimeText.exact(attempt.claimedAt))\(end)"),
      (
        "began after",
        "iteration \(attempt.resumedFrom), stored up to \(attempt.recorded)"
          + (attempt.checkpoint.map { ", last checkpoint \($0)" } ?? "")
      ),
      ("process", "\(attempt.owner.process) on \(attempt.owner.host)"),
      ("command", Shell.command(attempt.commandLine)),
      (
        "machine",
        "\(environment.cpu), \(environment.cores) cores, \(NumberText.bytes(environment.memoryBytes)), \(environment.os)"
      ),
      ("program", "bench \(environment.program), Swift \(environment.swift), \(environment.workers) trials at a time"),
      ("BLAS", environment.blas),
    ]
    if let source = attempt.source {
      lines.append(
        (
          "source",
          source.commit + (source.branch.map { " on \($0)" } ?? "")
            + (source.isDirty ? ", with changes that were not committed" : "")
        ))
    }
    if let error = attempt.error { lines.append(("error", error)) }
    if let tail = attempt.logTail, !tail.isEmpty { lines.append(("log", tail)) }
    return lines
  }

  /// The commands that make sense for the trial now.
  private var nextSteps: [String] {
    let prefix = details.record.key.prefix(12)
    let command = Shell.command(details.attempts.last?.commandLine ?? ["bench", "run", "GRID"])
    switch details.record.state {
    case .done, .diverged:
      return details.studies.prefix(1).map { "bench report \(Shell.quoted($0.study))" }
        + (details.configuration.isImported ? [] : ["bench verify \(prefix)", "bench export weights \(prefix)"])
    case .failed: return [command + (command.contains("--retry-failed") ? "" : " --retry-failed")]
    case .running: return ["bench status --watch"]
    case .planned, .cancelled, .stale: return [command]
    }
  }

  /// Names before values; lines of a value below each other.
  private func facts(_ lines: [(String, String)]) -> String {
    let width = max(16, (lines.map(\.0.count).max() ?? 0) + 2)
    return lines.map { name, value in
      value.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
        TerminalText.fitted(index == 0 ? name : "", width) + PlainText.oneLine(String(line)) + "\n"
      }.joined()
    }.joined()
  }
}

extension [Layer] {
  /// PyTorch's modules in order: `Conv2d → ReLU`, those of a nested layer in brackets behind it.
  fileprivate var modules: String {
    map { layer in
      let paths = (layer.kind as? any NestedLayerKind)?.paths ?? []
      let inside = paths.map { $0.layers.isEmpty ? "Identity" : $0.layers.modules }.joined(separator: " | ")
      return layer.kind.type.moduleName + (paths.isEmpty ? "" : "(\(inside))")
    }.joined(separator: " → ")
  }
}

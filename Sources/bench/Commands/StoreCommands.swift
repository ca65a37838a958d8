import ArgumentParser
import Experiments
import Foundation
import Presentation
import Tracking

/// `bench list [STUDY]`
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the studies of the store, or trials and what they came to.",
    discussion: """
      Without arguments: the studies. With a study, --where or --state: trials, each with the beginning of its key.

      --where takes columns of the trials view (seed, state, label, test_accuracy, wall_seconds …) and paths of the \
      grid (optimizer.lr, model.pooling, training.batch_size …), compared with = != < <= > >= or ~ (contains), joined \
      by and, or, not and parentheses: bench list --where "optimizer.lr<0.1 and seed=3"
      """)

  @Argument(help: "List the trials of this study.")
  var study: String?

  @Option(name: .customLong("where"), help: ArgumentHelp("Only trials for which this holds.", valueName: "condition"))
  var condition: String?

  @Option(help: "Only trials that stand there: \(TrialState.allCases.map(\.rawValue).joined(separator: ", ")).")
  var state: [TrialState] = []

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func run() throws {
    let filter = try condition.map { try readFilter($0) }
    let store = try Store(path: store.path, access: .readOnly)
    if study == nil, filter == nil, state.isEmpty {
      let studies = try store.studies()
      try write(table(of: studies), json: .array(studies.map(\.json)))
    } else {
      let trials = try trials(in: store, filter).filter { state.isEmpty || state.contains($0.state) }
      try write(table(of: trials), json: .array(trials.map(\.json)))
    }
  }

  private func readFilter(_ text: String) throws -> TrialFilter {
    do { return try TrialFilter(text) } catch { throw UsageError("--where \(text)\n  \(error)") }
  }

  private func trials(in store: Store, _ filter: TrialFilter?) throws -> [TrialRow] {
    do {
      return try store.trials(of: study, matching: filter)
    } catch let fault as TrialFilterFault {
      throw UsageError("--where \(condition ?? ""): \(fault)")
    }
  }

  private func write(_ table: TextTable, json: @autoclosure () -> JSONValue) throws {
    switch format {
    case .text: print(table.text(), terminator: "")
    case .json: print(json().prettyText)
    case .csv: print(table.csv, terminator: "")
    case .md: print(table.markdown, terminator: "")
    }
  }

  private func table(of studies: [StudySummary]) -> TextTable {
    var table = TextTable([
      .init("study"), .init("configurations", isNumeric: true), .init("trials", isNumeric: true),
      .init("done", isNumeric: true), .init("diverged", isNumeric: true), .init("running", isNumeric: true),
      .init("failed", isNumeric: true), .init("last activity"), .init("title"),
    ])
    table.rows = studies.map { study in
      [TerminalText.plain(study.name), "\(study.configurations)", "\(study.trials)"]
        + [TrialState.done, .diverged, .running, .failed].map { "\(study.counts[$0] ?? 0)" } + [
          Date(timeIntervalSince1970: study.lastActivity).formatted(.iso8601), TerminalText.plain(study.title),
        ]
    }
    return table
  }

  private func table(of trials: [TrialRow]) -> TextTable {
    var table = TextTable(
      (study == nil ? [.init("study")] : []) + [
        .init("trial"), .init("configuration"), .init("seed", isNumeric: true), .init("state"),
        .init("iterations", isNumeric: true), .init("test loss", isNumeric: true),
        .init("test accuracy", isNumeric: true), .init("seconds", isNumeric: true), .init("error"),
      ])
    table.rows = trials.map { trial in
      (study == nil ? [TerminalText.plain(trial.study)] : []) + [
        String(trial.key.prefix(12)), TerminalText.plain(trial.label), "\(trial.seed)", trial.state.rawValue,
        "\(trial.iterations)", trial.test.map { String(format: "%.4f", $0.loss) } ?? "",
        trial.test?.accuracy.map(TerminalText.percent) ?? "",
        trial.wallSeconds.map { String(format: "%.1f", $0) } ?? "", TerminalText.plain(trial.error ?? ""),
      ]
    }
    return table
  }
}

extension TrialState: ExpressibleByArgument {}

extension StudySummary {
  /// The study for programs.
  var json: JSONValue {
    .object([
      .init("study", .string(name)), .init("title", .string(title)), .init("revision", .integer(revision)),
      .init("configurations", .integer(configurations)), .init("trials", .integer(trials)),
      .init(
        "states",
        .object(
          TrialState.allCases.compactMap { state in
            counts[state].map { .init(state.rawValue, .integer($0)) }
          })),
      .init("last_activity", .double(lastActivity)),
    ])
  }
}

extension TrialRow {
  /// The trial for programs: the columns of the view `trials`.
  fileprivate var json: JSONValue {
    [
      "study": .string(study), "trial": .string(key), "label": .string(label),
      "configuration": .string(configuration), "seed": .number(JSONNumber(seed)), "state": .string(state.rawValue),
      "parameters": .integer(parameters), "iterations": .integer(iterations),
      "planned_iterations": .integer(plannedIterations), "train_loss": number(trainLoss),
      "validation_loss": number(validation?.loss), "validation_accuracy": number(validation?.accuracy),
      "test_loss": number(test?.loss), "test_accuracy": number(test?.accuracy),
      "best_test_accuracy": number(bestTestAccuracy), "wall_seconds": number(wallSeconds),
      "images_per_second": number(imagesPerSecond), "error": error.map { .string($0) } ?? .null,
    ]
  }

  private func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
}

import ArgumentParser
import Experiments
import Foundation
import Harness
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
      print(Printout(table(of: studies), json: .array(studies.map(\.json))), as: format)
    } else {
      let trials = try trials(in: store, filter).filter { state.isEmpty || state.contains($0.state) }
      print(Printout(table(of: trials), json: .array(trials.map(\.json))), as: format)
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

  private func table(of studies: [StudySummary]) -> Table {
    var table = Table([
      .init("study"), .init("configurations", isNumeric: true), .init("trials", isNumeric: true),
      .init("done", isNumeric: true), .init("diverged", isNumeric: true), .init("running", isNumeric: true),
      .init("failed", isNumeric: true), .init("last activity", name: "last_activity"), .init("title"),
    ])
    table.rows = studies.map { study in
      [.name(study.name), .integer(study.configurations), .integer(study.trials)]
        + [TrialState.done, .diverged, .running, .failed].map { .integer(study.counts[$0] ?? 0) } + [
          .init(
            Date(timeIntervalSince1970: study.lastActivity).formatted(.iso8601), value: .double(study.lastActivity)),
          .name(study.title),
        ]
    }
    return table
  }

  private func table(of trials: [TrialRow]) -> Table {
    var table = Table(
      (study == nil ? [.init("study")] : []) + [
        .init("trial"), .init("configuration", name: "label"), .init("seed", isNumeric: true), .init("state"),
        .init("iterations", isNumeric: true), .init("test loss", isNumeric: true, name: "test_loss"),
        .init("test accuracy", isNumeric: true, name: "test_accuracy"),
        .init("seconds", isNumeric: true, name: "wall_seconds"), .init("error"),
      ])
    table.rows = trials.map { trial in
      (study == nil ? [.name(trial.study)] : []) + [
        .init(String(trial.key.prefix(12)), value: .string(trial.key)), .name(trial.label), .integer(trial.seed),
        .name(trial.state.rawValue), .integer(trial.iterations),
        .number(trial.test?.loss) { NumberText.fixed($0, 4) },
        .number(trial.test?.accuracy, TerminalText.percent),
        .number(trial.wallSeconds) { NumberText.fixed($0, 1) }, .init(trial.error ?? "", value: .optional(trial.error)),
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
      "planned_iterations": .integer(plannedIterations), "train_loss": .optional(trainLoss),
      "validation_loss": .optional(validation?.loss), "validation_accuracy": .optional(validation?.accuracy),
      "test_loss": .optional(test?.loss), "test_accuracy": .optional(test?.accuracy),
      "best_test_accuracy": .optional(bestTestAccuracy), "wall_seconds": .optional(wallSeconds),
      "images_per_second": .optional(imagesPerSecond), "error": .optional(error),
    ]
  }
}

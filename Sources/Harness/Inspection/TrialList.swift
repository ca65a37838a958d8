import Experiments
import Presentation
import Tracking

/// Trials of a store and their results, as `bench list STUDY` shows them.
package struct TrialList: Printable, Sendable {
  /// The trials, in file order.
  package let trials: [TrialRow]
  private let showsStudy: Bool
  /// Tags and notes by the trials' keys.
  private let annotations: [String: Annotations]

  /// Reads the trials of a study's latest revision, or of all studies.
  ///
  /// - Parameters:
  ///   - study: the study's name; `nil` is all.
  ///   - condition: what holds for them, in the language of `bench list --where`.
  ///   - states: where they stand; empty is anywhere.
  ///   - tags: the tags that a trial has all of; empty is any.
  /// - Throws: ``UsageError`` where the condition can't be read or asks for something that no trial has.
  package init(
    of study: String? = nil, where condition: String? = nil, states: [TrialState] = [], tagged tags: [String] = [],
    in store: Store
  ) throws {
    let annotations = try store.trialAnnotations()
    self.annotations = annotations
    do {
      let filter = try condition.map { try TrialFilter($0) }
      trials = try store.trials(of: study, matching: filter).filter { trial in
        (states.isEmpty || states.contains(trial.state))
          && (tags.isEmpty || Set(annotations[trial.key]?.tags ?? []).isSuperset(of: tags))
      }
    } catch let error as TrialFilterError {
      throw UsageError("--where", condition: condition ?? "", error)
    }
    showsStudy = study == nil
  }

  /// The most important columns for people; for programs all columns of the view `trials`, and an array.
  package var printout: Printout { Printout(table, programs: view, json: view.json) }

  private var table: Table {
    var table = Table(
      (showsStudy ? [.init("study")] : []) + [
        .init("trial"), .init("configuration"), .init("seed", isNumeric: true),
        .init("state", leaveOut: 1), .init("iterations", isNumeric: true, leaveOut: 4),
        .init("test loss", isNumeric: true, leaveOut: 3), .init("test accuracy", isNumeric: true),
        .init("seconds", isNumeric: true, leaveOut: 5), .init("error", leaveOut: 2),
      ])
    let isAnnotated = trials.contains { annotations[$0.key] != nil }
    if isAnnotated { table.columns += [.init("tags", leaveOut: 6), .init("notes", leaveOut: 7)] }
    table.rows = trials.map { trial in
      (showsStudy ? [.name(trial.study)] : []) + [
        .name(String(trial.key.prefix(12))), .name(trial.label), .integer(trial.seed),
        .name(trial.state.rawValue + (trial.isImported ? ", imported" : "")),
        .integer(trial.iterations), .number(trial.test?.loss) { NumberText.fixed($0, 4) },
        .number(trial.test?.accuracy, TerminalText.percent),
        .number(trial.wallSeconds) { NumberText.fixed($0, 1) }, .name(trial.error ?? ""),
      ] + (isAnnotated ? cells(of: annotations[trial.key] ?? Annotations()) : [])
    }
    return table
  }

  private func cells(of annotations: Annotations) -> [Table.Cell] {
    [.name(annotations.tags.joined(separator: ", ")), .name(annotations.notes)]
  }

  /// The columns of the view `trials`, and the iterations that a trial will have in all; behind them the trial's own
  /// tags and notes.
  private var view: Table {
    Table(
      names: [
        "study", "trial", "label", "configuration", "seed", "state", "parameters", "iterations", "planned_iterations",
        "train_loss", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "best_test_accuracy",
        "best_iteration", "wall_seconds", "cpu_seconds", "images_per_second", "error", "tags", "notes",
      ],
      values: trials.map { trial in
        [
          .string(trial.study), .string(trial.key), .string(trial.label), .string(trial.configuration),
          .number(JSONNumber(trial.seed)), .string(trial.state.rawValue), .optional(trial.parameters),
          .integer(trial.iterations), .integer(trial.plannedIterations), .optional(trial.trainLoss),
          .optional(trial.validation?.loss), .optional(trial.validation?.accuracy), .optional(trial.test?.loss),
          .optional(trial.test?.accuracy), .optional(trial.bestTestAccuracy), .optional(trial.bestIteration),
          .optional(trial.wallSeconds), .optional(trial.cpuSeconds), .optional(trial.imagesPerSecond),
          .optional(trial.error),
        ] + (annotations[trial.key] ?? Annotations()).members.map(\.value)
      })
  }
}

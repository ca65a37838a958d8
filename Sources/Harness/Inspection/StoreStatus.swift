import Experiments
import Foundation
import Presentation
import Tracking

/// How far a store's studies have come, at one moment.
package struct StoreStatus: Printable, Sendable {
  private let path: String
  private let studies: [StudySummary]
  private let running: [RunningTrial]
  private let now = Date.now.timeIntervalSince1970

  /// Reads the store.
  package init(_ store: Store) throws {
    (path, studies, running) = (store.path, try store.studies(), try store.running())
  }

  /// One row per study; for people and in JSON the trials at work too.
  package var printout: Printout { Printout(studyTable, json: json, own: [.text: { text }]) }

  /// One row per study.
  private var studyTable: Table {
    var table = Table(
      [.init("study"), .init("trials", isNumeric: true)]
        + Self.states.enumerated().map {
          .init($1.rawValue, isNumeric: true, leaveOut: $0 == Self.states.count - 1 ? 0 : 1)
        } + [.init("last sign of life", name: "last_activity", leaveOut: 2)])
    table.rows = studies.map { study in
      [.name(study.name), .count(study.trials)] + Self.states.map { .count(orEmpty: study.counts[$0] ?? 0) }
        + [.init("\(NumberText.clock(now - study.lastActivity)) ago", value: .double(study.lastActivity))]
    }
    return table
  }

  /// One row per trial at work.
  private var runningTable: Table {
    var table = Table([
      .init("at work"), .init("seed", isNumeric: true), .init("trial", leaveOut: 1),
      .init("iteration", isNumeric: true),
      .init("accuracy", isNumeric: true), .init("since", isNumeric: true, leaveOut: 3), .init("process", leaveOut: 2),
    ])
    table.rows = running.map { trial in
      let share = trial.iterations > 0 ? Double(trial.iteration) / Double(trial.iterations) : 0
      let count = "\(NumberText.count(trial.iteration))/\(NumberText.count(trial.iterations))"
      return [
        .name("\(trial.study): \(trial.label)"), .integer(trial.seed), .name(String(trial.key.prefix(12))),
        "\(count) (\(Int(share * 100)) %)", .number(trial.accuracy, TerminalText.percent),
        .name(NumberText.clock(now - trial.claimedAt)),
        .name(
          "\(trial.owner.process) on \(trial.owner.host)"
            + (trial.state == .stale ? ", gone: the next bench run takes it up" : "")),
      ]
    }
    return table
  }

  private var text: String {
    if studies.isEmpty { return "\(path): no study yet; bench run GRID makes one\n" }
    return studyTable.text() + (running.isEmpty ? "\nnothing is at work\n" : "\n" + runningTable.text())
  }

  private var json: JSONValue {
    [
      "schema": 1, "store": .string(path), "studies": .array(studies.map(\.json)),
      "running": .array(
        running.map { trial in
          [
            "trial": .string(trial.key), "study": .string(trial.study), "label": .string(trial.label),
            "seed": .number(JSONNumber(trial.seed)), "state": .string(trial.state.rawValue),
            "iteration": .integer(trial.iteration), "iterations": .integer(trial.iterations),
            "accuracy": .optional(trial.accuracy), "claimed_at": .double(trial.claimedAt),
            "heartbeat_at": .double(trial.heartbeatAt), "host": .string(trial.owner.host),
            "process": .integer(Int(trial.owner.process)),
          ]
        }),
    ]
  }

  /// In the order in which trials go through them.
  private static let states: [TrialState] = [.planned, .running, .stale, .cancelled, .failed, .diverged, .done]
}

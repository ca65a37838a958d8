import ArgumentParser
import Experiments
import Foundation
import Presentation
import Tracking

/// `bench status`
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what is at work in the store, and how far each study has come.",
    discussion: "It only reads, so it disturbs nobody who is at work.")

  @Flag(help: "Show it anew until Ctrl-C.")
  var watch = false

  @Option(help: ArgumentHelp("Seconds from one look to the next.", valueName: "seconds"))
  var every = 2.0

  @OptionGroup var store: StoreOptions

  @Option(help: "How to print it.")
  var format: OutputFormat = .text

  func validate() throws {
    guard every >= 0.1, every <= 3600 else {
      throw ValidationError("--every is \(every); expected 0.1 to 3600 seconds")
    }
    if watch, format != .text { throw ValidationError("--watch shows text; leave out --format \(format.rawValue)") }
  }

  func run() async throws {
    let store = try Store(path: store.path, access: .readOnly)
    while watch {
      let text = try StoreStatus(store).text(.text)
      // To the upper left corner, and what is left of an older picture away.
      if isatty(STDOUT_FILENO) == 1 { StandardOutput.print(styled: "\u{1B}[H\u{1B}[2J") }
      print(text)
      fflush(nil)
      try await Task.sleep(for: .seconds(every))
    }
    print(try StoreStatus(store), as: format)
  }
}

/// How far a store's studies have come, at one moment.
struct StoreStatus: Printable {
  private let path: String
  private let studies: [StudySummary]
  private let running: [RunningTrial]
  private let now = Date.now.timeIntervalSince1970

  init(_ store: Store) throws {
    (path, studies, running) = (store.path, try store.studies(), try store.running())
  }

  var printout: Printout { Printout(studyTable, json: json, own: [.text: { text }]) }

  /// One row per study.
  private var studyTable: Table {
    var table = Table(
      [.init("study"), .init("trials", isNumeric: true)]
        + Self.states.map { .init($0.rawValue, isNumeric: true) } + [.init("last sign of life", name: "last_activity")])
    table.rows = studies.map { study in
      [.name(study.name), .count(study.trials)] + Self.states.map { .count(orEmpty: study.counts[$0] ?? 0) }
        + [.init("\(NumberText.clock(now - study.lastActivity)) ago", value: .double(study.lastActivity))]
    }
    return table
  }

  /// One row per trial at work.
  private var runningTable: Table {
    var table = Table([
      .init("at work"), .init("seed", isNumeric: true), .init("trial"), .init("iteration", isNumeric: true),
      .init("accuracy", isNumeric: true), .init("since", isNumeric: true), .init("process"),
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

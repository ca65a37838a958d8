import Dispatch
import Experiments
import Foundation
import Presentation
import Reporting
import Runner
import Tracking

/// One `bench run` from the trials that are to do to its last words.
struct RunSession {
  private let study: PreparedStudy
  private let store: Store
  private let run: Run
  private let command: RunCommand
  private let workers: Workers
  private let todo: [(trial: Trial, key: String)]
  private let selectedKeys: Set<String>
  /// Trials of the selection by where they stood before.
  private let before: [TrialState: Int]
  private let palette: Palette

  /// Enters the study into the store and finds out what is to do.
  init(
    _ study: PreparedStudy, store: Store, source: Source?, command: RunCommand, workers: Workers,
    selection: TrialSelection
  ) throws {
    (self.study, self.store, self.command, self.workers) = (study, store, command, workers)
    palette = command.voice.palette
    run = try store.register(
      study.study, identity: study.identity, environment: Provenance.environment(workers: workers.count),
      source: source, commandLine: CommandLine.arguments)
    let selected = study.trials.filter { selection.includes($0.trial) }
    let states = try store.states(of: selected.map(\.key))
    selectedKeys = Set(selected.map(\.key))
    before = Dictionary(grouping: selected) { states[$0.key] ?? .planned }.mapValues(\.count)
    let begin = Self.statesToTakeUp(command)
    todo = Array(selected.filter { begin.contains(states[$0.key] ?? .planned) }.prefix(command.limit ?? .max))
  }

  /// Trains what is to do; returns when the last worker is free.
  func train() async -> RunSummary {
    let cancellation = Cancellation()
    let display = ProgressDisplay(
      title: study.study.name, trials: todo.map(\.trial), voice: command.voice, style: todo.isEmpty ? .silent : nil)
    let interruption = Interruption(cancellation) { display.say($0) }
    defer { withExtendedLifetime(interruption) {} }
    if !todo.isEmpty, !command.voice.quiet { display.say(opening) }
    let pool = TrialPool(
      workers: workers.count, maximumFailures: command.failFast ? 1 : command.maxFailures, cancellation: cancellation)
    let log = EventLog(store: store, lossInterval: command.keepLossEvery)
    let folders = StoreFolders(store: store.path)
    folders.sweep()
    let execution = TrialExecution(
      store: store, log: log, run: run, study: study, keys: todo.map(\.key), folders: folders,
      options: .init(
        threadsPerTrial: workers.threads(for: todo.count), keepsWeights: !command.noWeights,
        checkpointInterval: command.checkpointEvery.interval,
        again: Self.statesToTakeUp(command), timeout: command.timeout))
    let heartbeat = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "bench.heartbeat"))
    heartbeat.schedule(deadline: .now() + 15, repeating: 15)
    heartbeat.setEventHandler { execution.renewClaims { display.say($0) } }
    heartbeat.activate()
    defer { heartbeat.cancel() }
    let trials = todo.map(\.trial)
    // The pool waits for its workers, which a thread of Swift's concurrency must not do.
    var summary = await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          returning: pool.run(
            trials, perform: { try execution.perform($0, $1) { display.say($0) } }, report: { display.take($0) }))
      }
    }
    do { try log.flush() } catch { summary.studyFailure = summary.studyFailure ?? "\(error)" }
    display.end()
    return summary
  }

  /// Prints the study's table and what to do next, and ends with the right code.
  func conclude(_ summary: RunSummary) throws {
    if let failure = summary.studyFailure {
      // The store may be what failed; what it says of closing adds nothing.
      try? store.close()
      throw OperationalError("\(failure)\nthe same command goes on when that is mended: \(again)")
    }
    let record = try store.study(named: study.study.name)
    try store.close()
    let report = Report(record)
    if !command.voice.quiet {
      print(report.text(.text), terminator: "")
      fflush(nil)
      Terminal.say(closing(summary))
    }
    try WorkflowSummary.show(report)
    if hasFailures(record, summary) { throw ExitStatus.trialsFailed.exit }
    if summary.interrupted { throw ExitStatus.interrupted.exit }
  }

  /// Whether the store has a failed trial among those that the command is about.
  private func hasFailures(_ record: StudyRecord, _ summary: RunSummary) -> Bool {
    summary.failed > 0
      || record.configurations.contains { $0.trials.contains { $0.state == .failed && selectedKeys.contains($0.key) } }
  }

  private var opening: String {
    let ended = [TrialState.done, .diverged].compactMap { state in
      before[state].map { "\($0) \(state.rawValue)" }
    }
    let threads = workers.threads(for: todo.count)
    return "\(PlainText.oneLine(study.study.name)): \(count(todo.count, "trial")) to train"
      + (ended.isEmpty || command.rerun ? "" : ", \(ended.joined(separator: " and ")) already")
      + ", \(count(min(workers.count, todo.count), "worker"))" + (threads > 1 ? " with \(threads) threads each" : "")
      + (run.isNewRevision && run.revision > 1
        ? "\nthe grid has changed: this is revision \(run.revision) of the study; reports show the latest one" : "")
  }

  /// The command that goes on, as it was typed; `--rerun` would begin anew.
  private var again: String {
    CommandLine.arguments.filter { $0 != "--rerun" }.map { shellQuoted($0) }.joined(separator: " ")
  }

  /// The command that tries failed trials again.
  private var retry: String { again + (command.retryFailed ? "" : " --retry-failed") }

  /// The command that writes the study's report.
  private var reportCommand: String {
    let place = command.store.explicitPath.map { " --db \(shellQuoted($0))" } ?? ""
    return "\(shellQuoted(CommandLine.arguments[0])) report \(shellQuoted(study.study.name))\(place)"
  }

  private func closing(_ summary: RunSummary) -> String {
    if todo.isEmpty {
      let (failed, running) = (before[.failed] ?? 0, before[.running] ?? 0)
      if failed > 0 {
        return "nothing to train; \(count(failed, "trial")) failed before: \(retry) tries again"
      }
      return running > 0
        ? "nothing to train; another process is at work on \(count(running, "trial")): bench status"
        : "nothing to train: all is done\nreport: \(reportCommand)"
    }
    if summary.interrupted {
      return palette.warn("interrupted") + "; the same command goes on: \(again)"
    }
    var parts = ["\(count(summary.finished, "trial")) trained"]
    if summary.skipped > 0 { parts.append("\(summary.skipped) left to another process") }
    if summary.diverged > 0 { parts.append("\(summary.diverged) of them diverged") }
    if summary.failed > 0 { parts.append(palette.bad("\(summary.failed) failed") + " (\(retry))") }
    return parts.joined(separator: ", ") + "\nreport: \(reportCommand)"
  }

  private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  private static func statesToTakeUp(_ command: RunCommand) -> Set<TrialState> {
    var states: Set<TrialState> = [.planned, .stale, .cancelled]
    if command.retryFailed || command.rerun { states.insert(.failed) }
    if command.rerun { states.formUnion([.done, .diverged]) }
    return states
  }
}

/// A word as a shell takes it literally.
func shellQuoted(_ text: String) -> String {
  let safe =
    !text.isEmpty
    && text.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_./".unicodeScalars.contains($0))
    }
  return safe ? text : "'" + PlainText.oneLine(text).replacing("'", with: "'\\''") + "'"
}

/// Something outside the grid that went wrong; the program ends with code 1.
struct OperationalError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

import Dispatch
import Exchange
import Experiments
import Files
import Presentation
import Reporting
import Runner
import Tracking

/// One run of a study: from the trials that are to do to the report of their results.
package struct StudyRun: Sendable {
  /// The result of a run.
  package struct Outcome: Sendable {
    /// The study as the store has it now.
    package let record: StudyRecord
    /// The study's report.
    package let report: Report
    /// How the trials of this run ended.
    package let summary: RunSummary
    /// Whether the store has a failed trial among those of the selection, of this run or an earlier one.
    package let hasFailures: Bool
  }

  /// The study's name.
  package let study: String
  /// How it is run.
  package let settings: RunSettings
  /// The trials to train, in this order.
  package let trials: [Trial]
  /// Trials of the selection by the state that they had before.
  package let before: [TrialState: Int]
  /// The revision of the study, and whether this run made it.
  package let run: Run
  /// Trials of the selection that are done and whose kept weights are not there any more.
  package let withoutWeights: Int
  /// What the store began with, where it is that of a shard.
  package let takenOver: ShardWorkspace.TakenOver
  private let prepared: PreparedStudy
  private let store: Store
  private let todo: [PreparedTrial]
  private let finishedKeys: [String]
  private let selectedKeys: Set<String>
  private let tensorBoard: LiveTensorBoard?

  /// Enters the study into the store and finds out which trials are to do.
  ///
  /// - Parameters:
  ///   - prepared: the study with its data.
  ///   - store: a store open for writing; ``finish(_:)`` closes it.
  ///   - source: the repository's state; `nil` outside of one.
  ///   - selection: the trials that the run is about; `nil` is all of them.
  ///   - shard: the place where a shard of a job trains: the store is to know its trials alone.
  package init(
    _ prepared: PreparedStudy, in store: Store, source: Source?, settings: RunSettings,
    selection: TrialSelection? = nil, shard: ShardWorkspace? = nil
  ) throws {
    (self.prepared, self.store, self.settings, study) = (prepared, store, settings, prepared.study.name)
    shortNames = ShortNames(prepared.study.configurations, axes: prepared.study.axes)
    run = try store.register(
      prepared.study, identity: prepared.identity, environment: Provenance.environment(workers: settings.workers),
      source: source, commandLine: settings.commandLine, only: shard?.shard.keys)
    takenOver = try shard?.takeOver(into: store) ?? .init()
    let selected = prepared.trials.filter {
      (shard?.shard.keys.contains($0.key) ?? true) && (selection?.includes($0.trial) ?? true)
    }
    let states = try store.states(of: selected.map(\.key))
    selectedKeys = Set(selected.map(\.key))
    finishedKeys = selected.map(\.key).filter { [.done, .diverged].contains(states[$0]) }
    before = Dictionary(grouping: selected) { states[$0.key] ?? .planned }.mapValues(\.count)
    todo = Array(
      selected.filter { settings.statesToTakeUp.contains(states[$0.key] ?? .planned) }.prefix(settings.limit ?? .max))
    trials = todo.map(\.trial)
    let (folders, taken) = (StoreFolders(store: store.path), Set(todo.map(\.key)))
    withoutWeights = try store.trialsWithWeights(among: finishedKeys.filter { !taken.contains($0) })
      .count { !folders.mayHaveWeights(of: $0) }
    tensorBoard = try settings.tensorBoard.map { folder in
      let record = try store.study(named: prepared.study.name)
      let curves = StudyCurves(of: record, in: store)
      return try LiveTensorBoard(TensorBoardStudy(record), in: folder) { key in
        let trial = try store.trial(prefix: key).record
        return try (curves.of(trial), curves.spans(of: trial))
      }
    }
  }

  /// How long the training waits for a store that another process holds.
  private static let patienceSeconds = 300.0

  /// The configurations' short names, by their labels.
  package var names: [String: String] {
    Dictionary(zip(prepared.study.configurations.map(\.label), shortNames.names)) { first, _ in first }
  }

  /// What the parts of a name are; `nil` where configurations go by their labels.
  package var meaningOfNames: String? { shortNames.meaning }

  private let shortNames: ShortNames

  /// The threads of each trial.
  package var threadsPerTrial: Int { settings.threads(for: trials.count) }

  /// Trains the trials; returns when the last worker is free.
  ///
  /// - Parameters:
  ///   - cancellation: stops the trials at their next iteration; each keeps a checkpoint.
  ///   - report: hears every event on the thread where it happens; it must be quick.
  package func train(
    cancellation: Cancellation = Cancellation(), report: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) async -> RunSummary {
    let pool = TrialPool(
      workers: settings.workers, maximumFailures: settings.maximumFailures, cancellation: cancellation)
    let log = EventLog(store: store)
    store.bePatient(seconds: Self.patienceSeconds) { report(.notice($0)) }
    let folders = StoreFolders(store: store.path)
    folders.sweep(finished: finishedKeys)
    let execution = TrialExecution(
      store: store, log: log, run: run, study: prepared, trials: todo, folders: folders, settings: settings,
      threads: threadsPerTrial, tensorBoard: tensorBoard)
    tensorBoard?.tell { report(.notice($0)) }
    tellOfMemory(report)
    let heartbeat = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "bench.heartbeat"))
    heartbeat.schedule(deadline: .now() + 15, repeating: 15)
    heartbeat.setEventHandler { execution.renewClaims { report(.notice($0)) } }
    heartbeat.activate()
    defer { heartbeat.cancel() }
    // The pool waits for its workers, which a thread of Swift's concurrency must not do.
    var summary = await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [trials] in
        continuation.resume(
          returning: pool.run(
            trials, perform: { try execution.perform($0, $1) { report(.notice($0)) } },
            report: { report(.trial($0)) }))
      }
    }
    do { try log.flush() } catch { summary.studyError = summary.studyError ?? SystemReason.text(error) }
    if summary.studyError == nil { completeTensorBoard(report) }
    return summary
  }

  /// Writes for TensorBoard what no trial of this run appended: trials of earlier runs, and the means over seeds.
  private func completeTensorBoard(_ report: (RunEvent) -> Void) {
    guard let tensorBoard else { return }
    tensorBoard.flush()
    if tensorBoard.hasFailed { return }
    do {
      let export = TensorBoardExport(StudyCurves(of: try store.study(named: study), in: store))
      try export.complete(tensorBoard.folder, appended: tensorBoard.endedTrials)
    } catch {
      report(
        .notice(
          "\(tensorBoard.folder.url.path): lacks runs for TensorBoard: \(SystemReason.text(error)); bench export "
            + "tensorboard writes it whole"))
    }
  }

  /// Says so where the machine has not the memory for as many trials at the same time as there are workers.
  private func tellOfMemory(_ report: (RunEvent) -> Void) {
    let (memory, room) = (settings.memory, settings.memory.room(beside: prepared.memory.dataBytes))
    let sizes = todo.map(\.peakBytes).filter { $0 <= memory.limit }.sorted(by: >)
    let together = sizes.prefix(settings.workers).reduce(0, +)
    guard sizes.count > 1, together > room else { return }
    report(
      .notice(
        "\(min(settings.workers, sizes.count)) workers may need \(NumberText.bytes(together)) of memory, and there is "
          + "\(NumberText.bytes(room)): a trial is begun when there is room for it, so that fewer are at work at the same "
          + "time"))
  }

  /// Whether no trial of the selection is left to train: each has a result or an error.
  package func hasEnded(_ outcome: Outcome) -> Bool {
    outcome.record.configurations.allSatisfy { row in
      row.trials.allSatisfy { !selectedKeys.contains($0.key) || [.done, .diverged, .failed].contains($0.state) }
    }
  }

  /// Closes the store and reports the study.
  ///
  /// - Throws: `StudyError` where the training could not go on: the store is full, say.
  package func finish(_ summary: RunSummary) throws -> Outcome {
    if let failure = summary.studyError {
      // The store may be what failed; an error of closing adds nothing.
      try? store.close()
      throw StudyError(failure)
    }
    let record = try store.study(named: study)
    try store.close()
    let failedBefore = record.configurations.contains {
      $0.trials.contains { $0.state == .failed && selectedKeys.contains($0.key) }
    }
    return Outcome(
      record: record, report: Report(record), summary: summary, hasFailures: summary.failed > 0 || failedBefore)
  }
}

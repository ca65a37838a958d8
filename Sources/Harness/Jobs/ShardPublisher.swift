@preconcurrency import Dispatch
import Experiments
import Files
import Foundation
import Presentation
import Runner
import Synchronization
import Tracking
import Training

/// Brings a shard's results from the machine's own disk to the job folder, while it trains and when it ends.
///
/// Weights go first, then the copy of the store whose rows name them, then the checkpoints, which the store must not lag
/// behind. What can't be published now is tried again with the next beat; at the end it is an error, and the live store
/// stays where it is.
package final class ShardPublisher: Sendable {
  /// A process's account of itself, for `bench status` and `bench submit --missing`.
  private struct Progress {
    var ended = 0
    var failed = 0
    /// Iterations that each trial at work has made.
    var iterations: [Int: Int] = [:]
    /// Whether a trial has ended since the last copy of the store.
    var isDue = false
    /// When the next copy may be made, and the last error that was said.
    var notBefore = Date.distantPast
    var lastCopy = Date.now
    var complaint: String?
    var checkpoints: [String: Date] = [:]
    var weights: Set<String> = []
    /// Copies of earlier processes, whose contents are in the first copy of this one.
    var olderCopies: [FileIdentity] = []
    var lastBeat = Date.distantPast
  }

  private let workspace: ShardWorkspace
  private let run: StudyRun
  private let interval: Double
  private let say: @Sendable (String) -> Void
  private let began = Date.now
  private let machine: Environment
  private let state = Mutex(Progress())
  private let queue = DispatchQueue(label: "bench.publish")
  private let timer: any DispatchSourceTimer

  private var shard: ShardFolder { workspace.shard.folder }

  /// Begins to publish.
  ///
  /// - Parameters:
  ///   - interval: seconds after which a copy is made though no trial has ended.
  ///   - say: hears what a person should know.
  package init(
    _ workspace: ShardWorkspace, _ run: StudyRun, interval: Double, say: @escaping @Sendable (String) -> Void
  ) {
    (self.workspace, self.run, self.interval, self.say) = (workspace, run, interval, say)
    machine = Provenance.environment(workers: run.settings.workers)
    state.withLock { $0.olderCopies = run.takenOver.published }
    // It says "ended" again when it has.
    if !run.trials.isEmpty { try? FileManager.default.removeItem(at: workspace.shard.folder.done) }
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: 5)
    timer.setEventHandler { [weak self] in self?.beat() }
    timer.activate()
  }

  /// Takes in what happens to a trial.
  package func take(_ event: RunnerEvent) {
    let isDue = state.withLock { state in
      switch event {
      case .started: return false
      case .trial(let index, let event):
        state.iterations[index] = event.lastIteration
        return false
      case .ended(let index, let end):
        state.iterations[index] = nil
        switch end {
        case .finished: state.ended += 1
        case .failed: (state.ended, state.failed) = (state.ended + 1, state.failed + 1)
        case .cancelled, .skipped: return false
        }
        state.isDue = true
        return Date.now >= state.notBefore
      }
    }
    if isDue { queue.async { self.beat() } }
  }

  /// Publishes what is there at the end, and says how it ended.
  ///
  /// - Parameter hasEnded: whether every trial of the shard has ended, by a result or an error.
  /// - Throws: ``OperationalError`` where the job folder can't be written; the live store is kept then.
  package func finish(hasEnded: Bool, hasFailures: Bool) throws {
    timer.cancel()
    try queue.sync {
      do {
        try WholeFile.makeFolder(shard.url)
        try publish()
        try writeHeartbeat(hasEnded ? "ended" : "stopped")
        if hasEnded { try writeDone(hasFailures) }
      } catch {
        throw OperationalError(
          "\(shard.url.path): the shard's results can't be published (\(SystemReason.text(error))). They are kept in "
            + "\(workspace.storePath) on \(ProcessInfo.processInfo.hostName): make room or give permission, and start the "
            + "shard again there, or merge that store beside the job folder with bench merge.")
      }
    }
    workspace.remove()
  }

  /// Looks whether a copy is due, and tells that the process lives. Runs on the queue.
  private func beat() {
    let isDue = state.withLock { state in
      let now = Date.now
      return now >= state.notBefore && (state.isDue || now.timeIntervalSince(state.lastCopy) >= interval)
    }
    do {
      try WholeFile.makeFolder(shard.url)
      if isDue { try publish() }
      let beats = state.withLock { Date.now.timeIntervalSince($0.lastBeat) >= ShardProgress.beatSeconds }
      if isDue || beats { try writeHeartbeat("running") }
      state.withLock { state in
        state.complaint = nil
        if isDue || beats { state.lastBeat = .now }
      }
    } catch {
      let text = SystemReason.text(error)
      let isNew = state.withLock { state in
        defer { state.complaint = text }
        return state.complaint != text
      }
      if isNew { say("\(shard.url.path): can't publish now, trying again: \(text)") }
    }
  }

  private func publish() throws {
    let start = Date.now
    state.withLock { $0.isDue = false }
    do {
      let folders = StoreFolders(store: workspace.storePath)
      // Read before the store is copied, so that its rows reach at least as far.
      let checkpoints = try changedCheckpoints(in: folders.checkpoints)
      let copy = workspace.folder.appending(path: "copy.db")
      try? FileManager.default.removeItem(at: copy)
      try Store(path: workspace.storePath, access: .readOnly).copy(to: copy.path)
      // All that its rows name lies here by now.
      try publishWeights(folders.weights)
      try WholeFile.copy(copy, to: shard.store(of: workspace.process))
      try? FileManager.default.removeItem(at: copy)
      let published = shard.checkpoints
      for (key, file, _) in checkpoints { try published.save(file, key: key) }
      state.withLock { state in for (key, _, date) in checkpoints { state.checkpoints[key] = date } }
      let alive = Set(folders.checkpoints.keys())
      for key in published.keys() where !alive.contains(key) && workspace.shard.keys.contains(key) {
        try published.remove(key: key)
      }
      let older = state.withLock { state in
        defer { state.olderCopies = [] }
        return state.olderCopies
      }
      older.forEach { try? $0.remove() }
    } catch {
      state.withLock { $0.isDue = true }
      throw error
    }
    // A twentieth of the time at most goes into copies.
    state.withLock {
      $0.lastCopy = .now; $0.notBefore = .now.addingTimeInterval(20 * Date.now.timeIntervalSince(start))
    }
  }

  private func changedCheckpoints(in folder: TrialFolder) throws -> [(key: String, file: Data, date: Date)] {
    let known = state.withLock { $0.checkpoints }
    return try folder.keys().compactMap { key in
      guard let date = folder.date(key: key), known[key] != date, let file = try folder.load(key: key) else {
        return nil
      }
      return (key, file, date)
    }
  }

  private func publishWeights(_ folder: TrialFolder) throws {
    let published = shard.weights
    let known = state.withLock { $0.weights }.union(published.keys())
    let here = folder.keys()
    for digest in here where !known.contains(digest) {
      try published.copy(digest, from: folder)
    }
    state.withLock { $0.weights = known.union(here) }
  }

  private func writeHeartbeat(_ phase: String) throws {
    let (ended, failed, iterations) = state.withLock { ($0.ended, $0.failed, $0.iterations) }
    let todo = run.trials.count
    let before = workspace.shard.keys.count - todo
    let parts = iterations.reduce(0.0) { sum, entry in
      sum + Double(entry.value) / Double(max(1, run.trials[entry.key].iterations))
    }
    let progress = ShardProgress(
      phase: phase, host: machine.host, process: Int(ProcessInfo.processInfo.processIdentifier), cpu: machine.cpu,
      program: Provenance.programVersion, workers: machine.workers,
      beganAt: began.timeIntervalSince1970, at: Date.now.timeIntervalSince1970,
      trials: workspace.shard.keys.count, before: before, ended: ended, failed: failed,
      done: Double(ended) + parts)
    try JobFolder.writeJSON(progress.json, to: shard.heartbeat)
  }

  private func writeDone(_ hasFailures: Bool) throws {
    let store = shard.store(of: workspace.process)
    try JobFolder.writeJSON(
      [
        "store": .string(store.lastPathComponent),
        "trials": .integer(workspace.shard.keys.count), "has_failures": .bool(hasFailures),
        "host": .string(machine.host), "ended_at": .double(Date.now.timeIntervalSince1970),
      ], to: shard.done)
  }
}

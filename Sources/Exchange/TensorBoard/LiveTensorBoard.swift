import Dispatch
import Experiments
import Files
import Foundation
import Glibc
import Synchronization

/// Appends what trials at work measure to event files, so that TensorBoard shows them while they train.
///
/// Workers append from their threads, which costs them a lock and a copy; a queue of its own encodes and writes a second
/// later. It changes no number and stops no study: after the first error nothing more is written, and that is said once.
///
/// Every execution of a trial has one file, and the trial's folder no other. One that goes on from a checkpoint begins with
/// what the store has up to there, so that no point is shown twice and none is missing, whether the process before it
/// was killed in between or wrote no event files.
package final class LiveTensorBoard: Sendable {
  private enum Message {
    case begin(Beginning)
    case event(TrialEvent, of: String, at: Double)
    case end(String, isSuccess: Bool?, at: Double)
  }

  /// An execution of a trial.
  package struct Beginning: Sendable {
    /// The trial's key.
    package var key: String
    /// The configuration's place in the study.
    package var configuration: Int
    /// The seed.
    package var seed: UInt64
    /// Which execution it is, from 1.
    package var attempt: Int
    /// The iteration that it goes on after.
    package var resumedFrom: Int
    /// Of the batch losses and the learning rates, every so many-th is shown.
    package var lossInterval: Int
    /// When it begins, in seconds since 1970.
    package var time: Double

    /// Describes an execution.
    package init(
      key: String, configuration: Int, seed: UInt64, attempt: Int, resumedFrom: Int, lossInterval: Int, time: Double
    ) {
      (self.key, self.configuration, self.seed, self.attempt) = (key, configuration, seed, attempt)
      (self.resumedFrom, self.lossInterval, self.time) = (resumedFrom, lossInterval, time)
    }
  }

  private struct State {
    var waiting: [Message] = []
    var isWriteDue = false
    var failure: String?
    var say: @Sendable (String) -> Void = { _ in }
  }

  /// A file that is appended to.
  fileprivate struct Run {
    var descriptor: Int32
    var path: String
    var lossInterval: Int
    /// The time of the last losses: those that come together were trained one after another.
    var time: Double
    var records: EventRecords
  }

  /// The folder that is written to.
  package let folder: TensorBoardFolder
  private let study: TensorBoardStudy
  private let earlier: @Sendable (String) throws -> (curves: [StudyCurves.Curve], spans: [TrialSpan])
  private let interval: Double
  private let queue = DispatchQueue(label: "bench.tensorboard")
  private let state = Mutex(State())
  private let runs = Mutex<[String: Run]>([:])
  private let ended = Mutex<Set<String>>([])

  /// Prepares a folder.
  ///
  /// - Parameters:
  ///   - interval: seconds that a point waits at most.
  ///   - earlier: gives what the store has of a trial that goes on, by its key.
  /// - Throws: ``TensorBoardError`` where the folder holds anything else, and `FileError` where it can't be written.
  package init(
    _ study: TensorBoardStudy, in folder: URL, interval: Double = 1,
    earlier: @escaping @Sendable (String) throws -> (curves: [StudyCurves.Curve], spans: [TrialSpan])
  ) throws {
    (self.study, self.interval, self.earlier) = (study, interval, earlier)
    self.folder = TensorBoardFolder(folder, of: study.name)
    try self.folder.prepare(study)
  }

  deinit { runs.withLock { for run in $0.values { close(run.descriptor) } } }

  /// Sets who hears of an error that ends the writing.
  package func tell(_ say: @escaping @Sendable (String) -> Void) { state.withLock { $0.say = say } }

  /// Whether an error has ended the writing.
  package var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// The keys of the trials whose files have all that was appended up to the trials' ends.
  package var endedTrials: Set<String> { ended.withLock { $0 } }

  /// A trial begins, or goes on.
  package func begin(_ beginning: Beginning) { append(.begin(beginning)) }

  /// Takes an event of a trial. Cheap; may be called from any thread, for one trial in order.
  package func take(_ event: TrialEvent, of key: String) {
    append(.event(event, of: key, at: Date.now.timeIntervalSince1970))
  }

  /// A trial ends.
  ///
  /// - Parameter isSuccess: whether it was done; `nil` for one that was stopped and may go on.
  package func end(_ key: String, isSuccess: Bool?) {
    append(.end(key, isSuccess: isSuccess, at: Date.now.timeIntervalSince1970))
  }

  /// Returns when all that was appended before is in its files.
  package func flush() { queue.sync { write() } }

  private func append(_ message: Message) {
    let isFirst = state.withLock { state in
      guard state.failure == nil else { return false }
      state.waiting.append(message)
      defer { state.isWriteDue = true }
      return !state.isWriteDue
    }
    if isFirst { queue.asyncAfter(deadline: .now() + interval) { [weak self] in self?.write() } }
  }

  /// Writes what waits. Runs on the queue.
  private func write() {
    let messages = state.withLock { state in
      defer { (state.waiting, state.isWriteDue) = ([], false) }
      return state.waiting
    }
    do {
      try runs.withLock { runs in
        for message in messages { try take(message, &runs) }
        for key in runs.keys { try Self.write(&runs[key]!) }
      }
    } catch {
      let say = state.withLock { state in
        defer { (state.failure, state.waiting) = (state.failure ?? "\(error)", []) }
        return state.failure == nil ? state.say : { _ in }
      }
      let reason = (error as? FileError).map { "\($0.path): \($0.reason)" } ?? SystemReason.of(error)
      say(
        "\(folder.url.path): nothing more is written for TensorBoard, since something can't be written (\(reason)); the "
          + "study goes on, and bench export tensorboard writes it whole later")
    }
  }

  private func take(_ message: Message, _ runs: inout [String: Run]) throws {
    switch message {
    case .begin(let beginning):
      if let old = runs.removeValue(forKey: beginning.key) { close(old.descriptor) }
      ended.withLock { _ = $0.remove(beginning.key) }
      runs[beginning.key] = try begin(beginning)
    case .event(let event, let key, let time): runs[key]?.add(event, at: time)
    case .end(let key, let isSuccess, let time):
      guard var run = runs.removeValue(forKey: key) else { return }
      defer { close(run.descriptor) }
      if let isSuccess { run.records.hparams(.end(isSuccess: isSuccess, at: time), at: time) }
      try Self.write(&run)
      ended.withLock { _ = $0.insert(key) }
    }
  }

  private func begin(_ beginning: Beginning) throws -> Run {
    let name = study.run(configuration: beginning.configuration, seed: beginning.seed)
    let place = folder.folder(of: name)
    var records = study.startRecords(configuration: beginning.configuration, at: beginning.time, restarts: true)
    if beginning.resumedFrom > 0 {
      let (curves, spans) = try earlier(beginning.key)
      for curve in curves {
        for point in curve.points where point.iteration <= beginning.resumedFrom {
          records.scalar(
            TensorBoardStudy.tag(curve), point.value, step: point.iteration,
            at: min(spans.time(of: point.iteration), beginning.time))
        }
      }
    }
    try WholeFile.makeFolder(place)
    folder.removeEvents(of: name, but: nil)
    let file = place.appending(path: TensorBoardFolder.eventFile(beginning.attempt))
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(path: file.relativePath) }
    return Run(
      descriptor: descriptor, path: file.relativePath, lossInterval: beginning.lossInterval, time: beginning.time,
      records: records)
  }

  private static func write(_ run: inout Run) throws {
    let bytes = run.records.bytes
    run.records = EventRecords()
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(run.descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path: run.path) }
      written += count
    }
  }
}

extension LiveTensorBoard.Run {
  fileprivate mutating func add(_ event: TrialEvent, at now: Double) {
    switch event {
    case .batchLosses(let first, let losses):
      add("loss/train", first, losses.map(Double.init), until: now)
      time = now
    // They come before the losses of the same steps.
    case .learningRates(let first, let rates): add("lr", first, rates, until: now)
    case .evaluation(let evaluation):
      for (split, score) in [("validation", evaluation.validation), ("test", evaluation.test)] {
        guard let score else { continue }
        records.scalar("loss/\(split)", score.loss, step: evaluation.iteration, at: now)
        if let accuracy = score.accuracy {
          records.scalar("accuracy/\(split)", accuracy, step: evaluation.iteration, at: now)
        }
        for (metric, value) in score.metrics.sorted(by: { $0.key < $1.key }) {
          records.scalar("\(metric.name)/\(split)", value, step: evaluation.iteration, at: now)
        }
      }
      time = now
    }
  }

  private mutating func add(_ tag: String, _ first: Int, _ values: [Double], until now: Double) {
    for (offset, value) in values.enumerated() where (first + offset) % lossInterval == 0 {
      let share = Double(offset + 1) / Double(values.count)
      records.scalar(tag, value, step: first + offset, at: time + (now - time) * share)
    }
  }
}

import Exchange
import Experiments
import Files
import Foundation
import NeuralNetwork
import Presentation
import Runner
import Synchronization
import Tracking
import Training

/// Carries a trial from its claim in the store to its result there: the work of the pool's workers.
final class TrialExecution: Sendable {
  private let store: Store
  private let log: EventLog
  private let run: Run
  private let study: PreparedStudy
  private let trials: [PreparedTrial]
  private let folders: StoreFolders
  private let settings: RunSettings
  private let threads: Int
  private let tensorBoard: LiveTensorBoard?
  private let gate: MemoryGate
  private let claims = Mutex<[Attempt: Cancellation]>([:])

  /// Creates the work on a list of trials.
  ///
  /// - Parameters:
  ///   - trials: what the pool is given, in its order.
  ///   - threads: threads of each trial.
  ///   - tensorBoard: hears all measurements; `nil` where nobody asked for it.
  init(
    store: Store, log: EventLog, run: Run, study: PreparedStudy, trials: [PreparedTrial], folders: StoreFolders,
    settings: RunSettings, threads: Int, tensorBoard: LiveTensorBoard? = nil
  ) {
    (self.store, self.log, self.run, self.study, self.trials) = (store, log, run, study, trials)
    (self.folders, self.settings, self.threads) = (folders, settings, threads)
    self.tensorBoard = tensorBoard
    gate = MemoryGate(room: settings.memory.room(beside: study.memory.dataBytes))
  }

  /// Trains one trial, or goes on with it.
  ///
  /// - Throws: an error that the pool knows: `TrialSkipped`, `TrialCancelled`, `StudyError`, or any error of the
  ///   trial's own.
  func perform(_ trial: Trial, _ control: TrialPool.Control, say: @Sendable (String) -> Void) throws -> TrialResult {
    let (key, bytes) = (trials[control.index].key, trials[control.index].peakBytes)
    let isTooLarge = bytes > settings.memory.limit - study.memory.dataBytes
    let share = isTooLarge ? 0 : bytes
    guard gate.enter(share, while: { !control.shouldStop }) else { throw TrialCancelled() }
    defer { gate.leave(share) }
    var checkpoint: Checkpoint?
    do {
      checkpoint = try folders.checkpoints.load(key: key).map { try Checkpoint(decoding: $0, for: .init(trial: key)) }
    } catch {
      say(
        "\(PlainText.oneLine(trial.configuration.label)) · seed \(trial.seed): \(SystemReason.text(error)); it begins anew"
      )
    }
    let claim: Attempt?
    do {
      claim = try store.claim(
        key, for: run, resumeFrom: checkpoint?.iteration ?? 0, lossInterval: settings.lossInterval,
        again: settings.statesToTakeUp)
    } catch let error as StoreError {
      // The trial alone has failed, and the store has it so.
      if case .diedRepeatedly = error { throw error }
      throw StudyError("\(error)")
    }
    guard let attempt = claim else { throw TrialSkipped() }
    if attempt.resumedFrom != checkpoint?.iteration { checkpoint = nil }
    if attempt.lossInterval != settings.lossInterval {
      say(
        "\(PlainText.oneLine(trial.configuration.label)) · seed \(trial.seed): goes on with "
          + (attempt.lossInterval == 1 ? "every loss" : "one loss in \(attempt.lossInterval)")
          + " stored, as it began, so that its curve is of one density; --rerun begins anew")
    }
    let lost = Cancellation()
    claims.withLock { $0[attempt] = lost }
    defer { claims.withLock { $0[attempt] = nil } }
    beginTensorBoard(trial, attempt)
    var isSuccess: Bool?
    defer { tensorBoard?.end(key, isSuccess: isSuccess) }
    var story = TrialLog()
    story.note("attempt \(attempt.number) begins after iteration \(attempt.resumedFrom)")
    do {
      if isTooLarge {
        let batchSize = trial.configuration.resolved.training.batchSize
        throw TrialTooLarge(bytes: bytes, batchSize: batchSize, memory: settings.memory)
      }
      let result = try train(trial, key, attempt, from: checkpoint, lost, control, &story)
      isSuccess = result.outcome == .done
      return result
    } catch StoreError.claimLost {
      throw TrialSkipped()
    } catch let error as StoreError {
      release(attempt)
      throw StudyError("\(error)")
    } catch let failure as StudyError {
      release(attempt)
      throw failure
    } catch let error where error is TrialCancelled || error is TrialSkipped {
      throw error
    } catch {
      // A checkpoint that does not fit would stop every later attempt too.
      if isOfCheckpoint(error) { try? folders.checkpoints.remove(key: key) }
      do {
        try log.fail(attempt, message: SystemReason.text(error), logTail: story.tail)
      } catch StoreError.claimLost {
        throw TrialSkipped()
      } catch {
        release(attempt)
        throw StudyError(SystemReason.text(error))
      }
      isSuccess = false
      throw error
    }
  }

  /// Tells TensorBoard that an attempt begins.
  private func beginTensorBoard(_ trial: Trial, _ attempt: Attempt) {
    guard let tensorBoard,
      let place = study.study.configurations.firstIndex(where: { $0.label == trial.configuration.label })
    else { return }
    tensorBoard.begin(
      .init(
        key: attempt.trial, configuration: place, seed: trial.seed, attempt: attempt.number,
        resumedFrom: attempt.resumedFrom, lossInterval: attempt.lossInterval, time: Date.now.timeIntervalSince1970))
  }

  /// Gives a trial back that the study can't go on with, so that it counts neither as running nor as one whose process
  /// died. A store that can't be written keeps the claim until its lease is over.
  private func release(_ attempt: Attempt) { try? store.cancel(attempt) }

  private func isOfCheckpoint(_ error: any Error) -> Bool {
    // What there was no memory for now may go on another time.
    if case NetworkError.memoryRefused = error { return false }
    return error is CheckpointError || error is NetworkError
  }

  /// Tells the store that the trials at work live, and stops those that another process has taken over.
  ///
  /// A store that can't be told is said and tried again with the next beat: it may be held by another process for a
  /// moment. Going on does no harm, since measurements are written under the trial's claim or not at all; where the
  /// store can't be written for good, the next measurement stops the study.
  func renewClaims(say: (String) -> Void) {
    let attempts = claims.withLock { Array($0.keys) }
    do {
      for attempt in try store.heartbeat(attempts) { claims.withLock { $0[attempt]?.request() } }
    } catch {
      say("no sign of life could be left in the store, trying again: \(SystemReason.text(error))")
    }
  }

  private func train(
    _ trial: Trial, _ key: String, _ attempt: Attempt, from checkpoint: Checkpoint?, _ lost: Cancellation,
    _ control: TrialPool.Control, _ story: inout TrialLog
  ) throws -> TrialResult {
    var storeError: (any Error)?
    var events = story
    defer { story = events }
    let deadline = settings.timeout.map { Date.now.addingTimeInterval($0) }
    var isLate = false
    let hooks = TrainingHooks(
      emit: { event in
        control.emit(event)
        events.take(event)
        self.tensorBoard?.take(event, of: key)
        do { try self.log.append(event, of: attempt) } catch { storeError = storeError ?? error }
      },
      shouldStop: {
        if let deadline, Date.now > deadline { isLate = true }
        return isLate || storeError != nil || lost.isRequested || control.shouldStop
      },
      save: { checkpoint in
        guard storeError == nil, !lost.isRequested, !attempt.replacesResult else { return }
        // The store must not know less than the checkpoint, or the trial's rows would have a hole.
        try self.log.checkpoint(attempt, iteration: checkpoint.iteration)
        let data = try checkpoint.encoded(for: .init(trial: key))
        try self.stopsStudy { try self.folders.checkpoints.save(data, key: key) }
        events.note("checkpoint after iteration \(checkpoint.iteration)")
      },
      checkpointInterval: settings.checkpointInterval)
    let trainer = Trainer(dataset: study.dataset(of: trial), threads: threads)
    let end = try trainer.train(
      trial, initialWeights: study.initialWeights(of: trial), from: checkpoint, hooks: hooks)
    if let storeError { throw storeError }
    switch end {
    case .finished(var result, let weights):
      // The row that says "done" comes last: whatever stops the program before it leaves a trial that goes on from its
      // checkpoint, and at worst a file that no row names.
      if settings.keepsWeights {
        result.weightsDigest = try stopsStudy { try folders.keepWeights(Data(SafetensorsFile.write(weights))) }
      }
      try log.finish(attempt, result: result)
      try stopsStudy { try folders.checkpoints.remove(key: key) }
      return result
    case .stopped(let iteration):
      if lost.isRequested { throw TrialSkipped() }
      if isLate, let timeout = settings.timeout { throw TimeoutError(seconds: timeout, iteration: iteration) }
      try log.cancel(attempt)
      throw TrialCancelled()
    }
  }

  private func stopsStudy<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch { throw StudyError(SystemReason.text(error)) }
  }
}

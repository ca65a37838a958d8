import Experiments
import Foundation
import GRDB
import Presentation

extension Store {
  /// Stores what trials said of themselves, all or nothing, and renews their claims.
  ///
  /// - Returns: the attempts that another process has taken over: of these nothing was written.
  func record(_ batches: [(attempt: Attempt, events: [TrialEvent])]) throws -> [Attempt] {
    try write { database in
      var lost: [Attempt] = []
      for (attempt, events) in batches {
        do {
          try Store.record(attempt, events: events, in: database)
        } catch StoreError.claimLost {
          lost.append(attempt)
        }
      }
      return lost
    }
  }

  /// Notes that the trial can be resumed from an iteration. To be called before the checkpoint itself is moved into its
  /// place, and after all events up to there were recorded.
  package func noteCheckpoint(_ attempt: Attempt, iteration: Int) throws {
    try update(attempt, set: "checkpoint = ?", [iteration])
  }

  /// Ends an attempt that ran to its end: done or diverged. One that replaces a result takes its place now.
  ///
  /// - Parameters:
  ///   - result: What came of it.
  ///   - events: Events that were not recorded before: all of them for an attempt that replaces a result.
  package func finish(_ attempt: Attempt, result: TrialResult, events: [TrialEvent] = []) throws {
    try write { database in
      if attempt.replacesResult { try Store.take(attempt.trialID, for: attempt, after: 0, in: database) }
      if !events.isEmpty { try Store.record(attempt, events: events, in: database) }
      try Store.finish(attempt, result: result, in: database)
    }
  }

  /// Ends an attempt that ran to its end, as part of a transaction.
  static func finish(_ attempt: Attempt, result: TrialResult, in database: Database) throws {
    var divergedAt: Int?
    if case .diverged(let iteration) = result.outcome { divergedAt = iteration }
    let scores = try result.scoresDigest ?? ResultDigest.scores(evaluations(of: attempt.trialID, in: database))
    try update(
      attempt,
      set: """
        state = ?, error = ?, ended_at = ?, recorded = max(recorded, ?), iterations = ?, diverged_at = ?,
        wall_seconds = ?, cpu_seconds = ?, peak_bytes = ?, images_per_second = ?, trace_digest = ?,
        result_digest = ?, weights_digest = ?
        """,
      [
        divergedAt == nil ? "done" : "diverged", divergedAt.map { "the loss was not finite at iteration \($0)" },
        now, result.iterations, result.iterations, divergedAt, result.wallSeconds, result.cpuSeconds,
        result.peakBytes, result.imagesPerSecond, result.traceDigest,
        ResultDigest.of(result, key: attempt.trial, scores: scores), result.weightsDigest,
      ], in: database)
    if let confusion = result.confusion {
      try database.execute(
        sql: "INSERT INTO confusion (attempt_id, counts) VALUES (?, ?)",
        arguments: [attempt.id, JSONValue.array(confusion.map { JSONValue($0) }).compactText])
    }
    if let hits = result.hits {
      try database.execute(
        sql: "INSERT INTO hits (attempt_id, images, mask) VALUES (?, ?, ?)",
        arguments: [attempt.id, hits.count, Data(hits.bytes)])
    }
  }

  /// Ends an attempt by an error, with its text and the end of the trial's log.
  package func fail(_ attempt: Attempt, message: String, logTail: String = "") throws {
    try update(
      attempt, set: "state = 'failed', error = ?, log_tail = ?, ended_at = ?",
      [message.replacingNUL, logTail.replacingNUL, Store.now])
  }

  /// Ends an attempt that the user stopped. The trial can be resumed.
  package func cancel(_ attempt: Attempt) throws {
    try update(attempt, set: "state = 'cancelled', ended_at = ?", [Store.now])
  }

  private func update(_ attempt: Attempt, set: String, _ values: StatementArguments) throws {
    try write { database in try Store.update(attempt, set: set, values, in: database) }
  }

  private static func update(
    _ attempt: Attempt, set: String, _ values: StatementArguments, in database: Database
  ) throws {
    try database.execute(
      sql: "UPDATE attempt SET \(set) WHERE \(Attempt.isClaimed)", arguments: values + attempt.claim)
    guard database.changesCount == 1 else { throw StoreError.claimLost(trial: attempt.trial) }
  }

  private static func record(
    _ attempt: Attempt, events: [TrialEvent], in database: Database
  ) throws {
    let recorded = events.map(\.lastIteration).max() ?? 0
    guard try renew(attempt, recorded: recorded, in: database) else { throw StoreError.claimLost(trial: attempt.trial) }
    let insertLoss = try database.cachedStatement(
      sql: "INSERT INTO batch_loss (trial_id, iteration, value) VALUES (?, ?, ?)")
    let insertValue = try database.cachedStatement(
      sql: "INSERT INTO metric (trial_id, series_id, iteration, value) VALUES (?, ?, ?, ?)")
    var summary: TrialSummary?
    for event in events {
      switch event {
      case .batchLosses(let first, let losses):
        for (offset, loss) in losses.enumerated() where (first + offset) % attempt.lossInterval == 0 {
          insertLoss.setUncheckedArguments([attempt.trialID, first + offset, Double(loss)])
          try insertLoss.execute()
        }
      case .learningRates(let first, let rates):
        for (offset, rate) in rates.enumerated() where (first + offset) % attempt.lossInterval == 0 {
          try insertValue.execute(arguments: [attempt.trialID, Series.learningRateID, first + offset, rate])
        }
      case .evaluation(let evaluation):
        try insert(evaluation, of: attempt.trialID, in: database)
        summary = try summary ?? TrialSummary(of: attempt.trialID, in: database)
        summary?.add(evaluation)
      }
    }
    try summary?.save(for: attempt.trialID, in: database)
  }

  /// Stores the curves of another program's trial.
  static func record(
    _ losses: [LossPoint], _ evaluations: [Evaluation], of attempt: Attempt, in database: Database
  ) throws {
    let insertLoss = try database.cachedStatement(
      sql: "INSERT INTO batch_loss (trial_id, iteration, value) VALUES (?, ?, ?)")
    for point in losses {
      insertLoss.setUncheckedArguments([attempt.trialID, point.iteration, point.loss])
      try insertLoss.execute()
    }
    var summary = TrialSummary()
    for evaluation in evaluations {
      try insert(evaluation, of: attempt.trialID, in: database)
      summary.add(evaluation)
    }
    try summary.save(for: attempt.trialID, in: database)
  }

  private static func insert(_ evaluation: Evaluation, of trial: Int64, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO metric (trial_id, series_id, iteration, value) VALUES (?, ?, ?, ?)")
    for series in Series.allCases {
      guard let value = series.value(in: evaluation) else { continue }
      try statement.execute(arguments: [trial, series.rawValue, evaluation.iteration, value])
    }
    for (series, value) in ScoreSeries.values(in: evaluation) {
      try series.enter(in: database)
      try statement.execute(arguments: [trial, series.id, evaluation.iteration, value])
    }
  }
}

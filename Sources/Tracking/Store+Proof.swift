import Experiments
import GRDB

/// How data that is read is compared with its stored digests.
///
/// A trial's result digest proves its scores, times and confusion matrix, and is recomputed whenever a study is read. Its
/// trace digest proves the losses too, and is recomputed where losses are read, for trials of older programs, which have
/// no result digest, and by ``proof()``: 30 million losses take seconds to read.
extension Store {
  /// A trial whose numbers are not those that were stored.
  package struct UnprovenTrial: Sendable, Hashable {
    /// A study that has the trial.
    package var study: String
    /// The configuration's label there.
    package var label: String
    /// The seed.
    package var seed: UInt64
    /// The trial's key.
    package var key: String
    /// What does not fit.
    package var reason: String
  }

  /// What can be said of a whole store's trials.
  package struct Proof: Sendable, Hashable {
    /// Trials that do not fit their digests.
    package var unproven: [UnprovenTrial] = []
    /// Trials of older programs of which not every loss was kept, so that nothing can be recomputed.
    package var unknown = 0
    /// Names, titles, settings, machines, code and nights that are not those that were stored, in words.
    package var changedRows: [String] = []
  }

  /// Recomputes the digests of every trial that ran to its end, whichever revision it belongs to. Reads all of the store.
  package func proof() throws -> Proof {
    try read { database in
      var proof = Proof()
      if try database.columns(in: "revision").contains(where: { $0.name == "proof" }) {
        proof.changedRows = try RowProof.errors(in: database)
      }
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT trial.id AS trial, trial.key, trial.seed, trial.numerics, confusion.counts, attempt.*
          FROM trial JOIN attempt ON attempt.id = trial.attempt_id
          \(Joins.confusion)
          WHERE attempt.state IN ('done', 'diverged') ORDER BY trial.id
          """)
      for row in rows {
        let ended = try EndedTrial(row, evaluations: Store.evaluations(of: row.get("trial"), in: database))
        do {
          try ended.checkResult(in: database)
          try ended.checkSummary(in: database)
          if try ended.checkTrace(in: database) == .unknown, ended.resultDigest == nil { proof.unknown += 1 }
        } catch let error as ProofError {
          proof.unproven.append(try Store.unproven(ended, error, in: database))
        }
      }
      return proof
    }
  }

  /// The trials that ran to their end and whose weights were kept with a digest, without their curves.
  ///
  /// - Parameter keys: whose weights are asked for; `nil` is all trials of the store, in no order.
  package func trialsWithWeights(among keys: [String]? = nil) throws -> [TrialRecord] {
    try read { database in
      let ended = """
        SELECT trial.key, trial.seed, attempt.* FROM trial JOIN attempt ON attempt.id = trial.attempt_id
        WHERE attempt.state IN ('done', 'diverged')
        """
      let one = try database.makeStatement(sql: ended + " AND trial.key = ?")
      let rows =
        try keys?.compactMap { try Row.fetchOne(one, arguments: [$0]) } ?? Row.fetchAll(database, sql: ended)
      return try rows.compactMap { row in
        guard let result = try Store.result(row, confusion: nil), result.weightsDigest != nil else { return nil }
        return try TrialRecord(
          key: row.get("key"), seed: UInt64(bitPattern: row.get("seed")), state: Store.state(of: row, now: Store.now),
          error: nil, evaluations: [], lossCurve: [], result: result)
      }
    }
  }

  /// Recomputes both digests of a trial that ran to its end.
  ///
  /// - Throws: ``StoreError/unproven(path:trial:)`` where one does not fit.
  package func prove(_ key: String) throws { _ = try losses(of: key) }

  /// Throws ``StoreError/unproven(path:trial:)`` where a trial that ran to its end is not what was stored.
  func prove(_ trial: EndedTrial, losses: [Float]? = nil, in database: Database) throws {
    do {
      try trial.checkResult(in: database)
      if let losses { _ = try trial.checkTrace(losses, in: database) }
    } catch let error as ProofError {
      throw StoreError.unproven(path: path, trial: try Store.unproven(trial, error, in: database))
    }
  }

  /// Makes the proofs of all rows fit what they say, whatever that is: for stores whose rows were written by hand.
  package static func sealRows(in database: Database) throws { try RowProof.fill(database) }

  private static func unproven(
    _ trial: EndedTrial, _ error: ProofError, in database: Database
  ) throws -> UnprovenTrial {
    let place = try Row.fetchOne(
      database,
      sql: """
        SELECT study.name, named_configuration.label
        FROM revision_trial
        JOIN revision ON revision.id = revision_trial.revision_id
        JOIN study ON study.id = revision.study_id
        \(Joins.nameOfTrial)
        WHERE revision_trial.trial_id = ? ORDER BY revision.id DESC LIMIT 1
        """, arguments: [trial.id])
    return UnprovenTrial(
      study: try place?.get(0) ?? "?", label: try place?.get(1) ?? "?", seed: trial.seed, key: trial.key,
      reason: error.description)
  }
}

/// Which of an attempt's losses were stored.
struct LossInterval {
  /// Every so many-th.
  let iterations: Int
  /// Whether the store keeps it with the attempt; otherwise it was read from the command line, as older programs need.
  let isKept: Bool

  /// - Parameter attempt: the columns of `attempt`, with `command_line`.
  init?(_ attempt: Row) throws {
    if let kept = try attempt.optionalCount("loss_interval"), kept > 0 {
      (iterations, isKept) = (kept, true)
      return
    }
    let option = "--keep-loss-every"
    let arguments = try attempt.commandLine()
    guard let place = arguments.lastIndex(where: { $0.hasPrefix(option) }) else { return nil }
    let joined = arguments[place].dropFirst(option.count).drop { $0 == "=" }
    let next = arguments.dropFirst(place + 1).first ?? ""
    guard let value = Int(joined) ?? Int(next), value >= 1 else { return nil }
    (iterations, isKept) = (value, false)
  }
}

/// Why a trial's data does not fit its digest; the caller names the trial.
enum ProofError: Error, CustomStringConvertible {
  case noDigest
  case result
  case trace
  case summary
  case lossesMissing(stored: Int, expected: Int)

  var description: String {
    switch self {
    case .noDigest: "it is done, but the digest of its losses and scores is missing"
    case .result: "its scores, times or counts are not those that its digest was made of"
    case .trace: "its losses or scores are not those that its digest was made of"
    case .summary: "its summary, which bench list shows, is not what its evaluations say"
    case .lossesMissing(let stored, let expected):
      "\(stored) of its \(expected) losses are stored that were kept"
    }
  }
}

/// A trial that is stored as done or diverged, with what its digests were made of but the losses.
struct EndedTrial {
  enum TraceCheck { case fits, unknown }

  let id: Int64
  let key: String
  let seed: UInt64
  /// Whether another program trained it.
  let isImported: Bool
  let result: TrialResult?
  let evaluations: [Evaluation]
  /// `nil` for a trial of an older program.
  let resultDigest: String?

  /// - Parameter row: the columns of `attempt`, with `trial`, `key`, `seed`, `numerics` and `counts`.
  init(_ row: Row, evaluations: [Evaluation]) throws {
    (id, key, seed) = try (row.get("trial"), row.get("key"), UInt64(bitPattern: row.get("seed")))
    isImported = try row.count("numerics") == NumericsVersion.imported
    result = try Store.result(row, confusion: row.get("counts"))
    resultDigest = try row.get("result_digest")
    self.evaluations = evaluations
  }

  init(id: Int64, record: TrialRecord, isImported: Bool, resultDigest: String?) {
    (self.id, key, seed, self.isImported) = (id, record.key, record.seed, isImported)
    (result, evaluations, self.resultDigest) = (record.result, record.evaluations, resultDigest)
  }

  /// Recomputes the result digest or, where there is none, the trace digest.
  func checkResult(in database: Database) throws {
    guard let result else { throw ProofError.noDigest }
    if let resultDigest {
      guard ResultDigest.of(result, key: key, evaluations: evaluations) == resultDigest else { throw ProofError.result }
    } else {
      _ = try checkTrace(in: database)
    }
  }

  /// Makes the summary anew from the evaluations.
  func checkSummary(in database: Database) throws {
    var expected = TrialSummary()
    for evaluation in evaluations { expected.add(evaluation) }
    let stored = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT * FROM summary WHERE trial_id = ?"), arguments: [id])
    guard stored.map({ Array($0.databaseValues.dropFirst()) }) ?? [] == expected.values else {
      throw ProofError.summary
    }
  }

  /// Recomputes the trace digest from the stored losses.
  func checkTrace(in database: Database) throws -> TraceCheck {
    // A cursor over one column has no object per row.
    let values = try Double?.fetchCursor(
      database.cachedStatement(
        sql: "SELECT value FROM batch_loss WHERE trial_id = ? AND iteration >= 1 ORDER BY iteration"), arguments: [id])
    var losses: [Float] = []
    losses.reserveCapacity(result?.iterations ?? 0)
    while let value = try values.next() { losses.append(Float(storedLoss: value)) }
    return try checkTrace(losses, in: database)
  }

  /// Recomputes the trace digest.
  func checkTrace(_ losses: [Float], in database: Database) throws -> TraceCheck {
    guard let result else { throw ProofError.noDigest }
    if isImported {
      let points = try Store.lossPoints(of: id, in: database)
      guard TraceDigest.ofImported(losses: points, evaluations: evaluations) == result.traceDigest else {
        throw ProofError.trace
      }
      return .fits
    }
    guard losses.count == result.iterations else {
      // A trial whose losses were thinned has no whole trace to recompute. A trial of an older program may have gone on
      // with another interval, so that its losses can't be counted.
      let attempts = try Row.fetchAll(
        database,
        sql: """
          SELECT run.command_line, attempt.* FROM attempt JOIN run ON run.id = attempt.run_id
          WHERE attempt.trial_id = ? ORDER BY attempt.number
          """, arguments: [id])
      let intervals = try attempts.map { try LossInterval($0) }
      if intervals.contains(where: { $0?.isKept != true }) {
        guard intervals.contains(where: { ($0?.iterations ?? 1) > 1 }), losses.count < result.iterations else {
          throw ProofError.lossesMissing(stored: losses.count, expected: result.iterations)
        }
        return .unknown
      }
      let current = try Int64.fetchOne(database, sql: "SELECT attempt_id FROM trial WHERE id = ?", arguments: [id])
      let place = try attempts.lastIndex { try $0.get("id", as: Int64.self) == current }
      let interval = place.flatMap { intervals[$0]?.iterations } ?? 1
      guard interval > 1, losses.count == result.iterations / interval else {
        throw ProofError.lossesMissing(stored: losses.count, expected: result.iterations / max(interval, 1))
      }
      return .unknown
    }
    let rates = try Store.learningRates(of: id, in: database).map(\.rate)
    guard TraceDigest.fits(result.traceDigest, losses: losses, evaluations: evaluations, rates: rates) else {
      throw ProofError.trace
    }
    return .fits
  }
}

extension Float {
  /// The batch loss of a training here that a store has as a number of twice the precision: NaN for a number that no loss
  /// of single precision is, which somebody changed, so that no digest fits it.
  init(storedLoss value: Double?) { self = value.flatMap(Float.init(exactly:)) ?? .nan }
}

import Experiments
import GRDB

extension Store {
  /// Takes up a trial, so that no other process does.
  ///
  /// In the same transaction, an attempt whose process is gone or whose lease is over loses the trial, and what is
  /// stored of the trial past `resumeFrom` is deleted.
  ///
  /// - Parameters:
  ///   - key: The trial; it was registered.
  ///   - run: The command that trains it.
  ///   - owner: The process that trains it.
  ///   - leaseSeconds: How long the claim holds without a sign of life.
  ///   - resumeFrom: The iteration of the trial's checkpoint; 0 where there is none.
  ///   - again: States to take up beside planned, stale and cancelled: `failed` for another try, `done` and `diverged`
  ///     to train again. Trials that are done or diverged begin anew.
  /// - Returns: `nil` where another process is at it, or its state is not one to take up.
  public func claim(
    _ key: String, for run: Run, owner: Owner = .current, leaseSeconds: Double = 60, resumeFrom: Int = 0,
    again: Set<TrialState> = []
  ) throws -> Attempt? {
    try write { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT trial.id AS trial, attempt.* FROM trial \(Joins.latestAttempt) WHERE trial.key = ?",
        arguments: [key])
      guard let row else { throw StoreError.noTrial(prefix: key) }
      let trial: Int64 = row["trial"]
      let now = Store.now
      let state = Store.state(of: row, now: now, seenBy: owner)
      guard again.union([.planned, .stale, .cancelled]).contains(state), state != .running else { return nil }
      if state == .stale {
        try database.execute(
          sql: "UPDATE attempt SET state = 'stale', ended_at = heartbeat_at WHERE id = ?", arguments: [row["id"]])
      }
      let canResume = [.stale, .cancelled, .failed].contains(state) && resumeFrom <= (row["recorded"] ?? 0)
      let start = canResume ? max(0, resumeFrom) : 0
      let number: Int = (row["number"] ?? 0) + 1
      try database.execute(
        sql: """
          INSERT INTO attempt (trial_id, number, run_id, state, host, process, process_start, boot, process_namespace,
            claimed_at, heartbeat_at, lease_until, resumed_from, recorded)
          VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          trial, number, run.id, owner.host.replacingNUL, owner.process, owner.processStart, owner.boot,
          owner.processNamespace, now, now, now + leaseSeconds, start, start,
        ])
      let attempt = Attempt(
        trial: key, number: number, resumedFrom: start, leaseSeconds: leaseSeconds, id: database.lastInsertedRowID,
        trialID: trial)
      try database.execute(sql: "UPDATE trial SET attempt_id = ? WHERE id = ?", arguments: [attempt.id, trial])
      try Store.forget(trial, after: start, in: database)
      return attempt
    }
  }

  /// Tells that the attempts' process lives, and renews their leases.
  ///
  /// - Returns: the attempts that another process has taken over: they must stop.
  @discardableResult
  public func heartbeat(_ attempts: [Attempt]) throws -> [Attempt] {
    guard !attempts.isEmpty else { return [] }
    return try write { database in
      try attempts.filter { attempt in try !Store.renew(attempt, in: database) }
    }
  }

  /// Where each of the trials stands, for those of `keys` that the store has.
  public func states(of keys: [String]) throws -> [String: TrialState] {
    try read { database in
      let statement = try database.makeStatement(
        sql: "SELECT attempt.* FROM trial \(Joins.latestAttempt) WHERE trial.key = ?")
      var states: [String: TrialState] = [:]
      for key in keys {
        guard let row = try Row.fetchOne(statement, arguments: [key]) else { continue }
        states[key] = Store.state(of: row, now: Store.now)
      }
      return states
    }
  }

  /// Where a trial stands whose latest attempt is `row`.
  static func state(of row: Row, now: Double, seenBy viewer: Owner = .current) -> TrialState {
    guard let text: String = row["state"], let state = TrialState(rawValue: text) else { return .planned }
    guard state == .running else { return state }
    let leaseUntil: Double = row["lease_until"]
    if leaseUntil < now { return .stale }
    return viewer.knowsGone(Owner(row)) ? .stale : .running
  }

  /// Renews the claim and reports whether it still was the attempt's.
  static func renew(_ attempt: Attempt, recorded: Int = 0, in database: Database) throws -> Bool {
    let now = Store.now
    let statement = try database.cachedStatement(
      sql: """
        UPDATE attempt SET heartbeat_at = ?, lease_until = ?, recorded = max(recorded, ?)
        WHERE id = ? AND state = 'running'
        """)
    try statement.execute(arguments: [now, now + attempt.leaseSeconds, recorded, attempt.id])
    return database.changesCount == 1
  }

  private static func forget(_ trial: Int64, after iteration: Int, in database: Database) throws {
    for table in ["batch_loss", "metric"] {
      try database.execute(
        sql: "DELETE FROM \(table) WHERE trial_id = ? AND iteration > ?", arguments: [trial, iteration])
    }
    var summary = TrialSummary()
    for evaluation in try evaluations(of: trial, in: database) { summary.add(evaluation) }
    try summary.save(for: trial, in: database)
  }
}

extension Owner {
  init(_ row: Row) {
    self.init(
      host: row["host"], process: row["process"], processStart: row["process_start"], boot: row["boot"],
      processNamespace: row["process_namespace"])
  }
}

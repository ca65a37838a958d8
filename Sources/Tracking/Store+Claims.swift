import Experiments
import GRDB

extension Store {
  /// Takes up a trial, so that no other process does.
  ///
  /// In the same transaction, an attempt whose process is gone or whose lease is over loses the trial, and what is
  /// stored of the trial past `resumeFrom` is deleted. A trial that has a result keeps it until the attempt ends with
  /// another one. A trial whose process died three times in a row, each time without a measurement that the store did not
  /// have before, becomes failed instead of taking the next process with it.
  ///
  /// - Parameters:
  ///   - key: The trial; it was registered.
  ///   - run: The command that trains it.
  ///   - owner: The process that trains it.
  ///   - leaseSeconds: How long the claim holds without a sign of life.
  ///   - resumeFrom: The iteration of the trial's checkpoint; 0 where there is none.
  ///   - lossInterval: Of the batch losses, every so many-th is to be stored, unless the trial goes on with another one.
  ///   - again: States to take up beside planned, stale and cancelled: `failed` for another try, `done` and `diverged`
  ///     to train again. Trials that are done or diverged begin anew.
  /// - Returns: `nil` where another process is at it, or its state is not one to take up.
  /// - Throws: ``StoreError/diedRepeatedly(trial:times:iteration:)`` where the trial has just become failed.
  package func claim(
    _ key: String, for run: Run, owner: Owner = .current, leaseSeconds: Double = 60, resumeFrom: Int = 0,
    lossInterval: Int = 1, again: Set<TrialState> = []
  ) throws -> Attempt? {
    let claim = try write { database -> Result<Attempt?, StoreError> in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT trial.id AS trial, run.command_line, attempt.* FROM trial
          \(Joins.latestAttempt)
          LEFT JOIN run ON run.id = attempt.run_id
          WHERE trial.key = ?
          """, arguments: [key])
      guard let row else { throw StoreError.noTrial(prefix: key) }
      let trial: Int64 = try row.get("trial")
      let now = Store.now
      let state = try Store.state(of: row, now: now, seenBy: owner)
      guard again.union([.planned, .stale, .cancelled]).contains(state), state != .running else {
        return .success(nil)
      }
      let attempts = try Row.fetchAll(
        database, sql: "SELECT * FROM attempt WHERE trial_id = ? ORDER BY number", arguments: [trial])
      let states = try attempts.map { try Store.state(of: $0, now: now, seenBy: owner) }
      guard !states.contains(.running) else { return .success(nil) }
      for (attempt, state) in zip(attempts, states) where state == .stale {
        try database.execute(
          sql: "UPDATE attempt SET state = 'stale', ended_at = heartbeat_at WHERE id = ? AND state = 'running'",
          arguments: [attempt.get("id", as: Int64.self)])
      }
      let deaths = try Deaths(zip(states, attempts.map { try $0.count("recorded") }))
      if state == .stale, deaths.inARow >= Deaths.most {
        let error = StoreError.diedRepeatedly(trial: key, times: deaths.inARow, iteration: deaths.iteration)
        try database.execute(
          sql: "UPDATE attempt SET state = 'failed', error = ? WHERE id = ?",
          arguments: [error.reason, row.get("id", as: Int64.self)])
        return .failure(error)
      }
      let replacesResult = [.done, .diverged].contains(state)
      let recorded = try row.optionalCount("recorded") ?? 0
      let canResume = [.stale, .cancelled, .failed].contains(state) && resumeFrom <= recorded
      let start = canResume ? max(0, resumeFrom) : 0
      let interval = start > 0 ? try LossInterval(row)?.iterations ?? 1 : lossInterval
      let number: Int = try (attempts.last?.count("number") ?? 0) + 1
      try database.execute(
        sql: """
          INSERT INTO attempt (trial_id, number, run_id, state, host, process, process_start, boot, process_namespace,
            claimed_at, heartbeat_at, lease_until, resumed_from, recorded, loss_interval)
          VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          trial, number, run.id, owner.host.replacingNUL, owner.process, owner.processStart, owner.boot,
          owner.processNamespace, now, now, now + leaseSeconds, start, start, interval,
        ])
      let attempt = Attempt(
        trial: key, number: number, resumedFrom: start, replacesResult: replacesResult, leaseSeconds: leaseSeconds,
        lossInterval: interval, id: database.lastInsertedRowID, trialID: trial, claimedAt: now)
      if !replacesResult { try Store.take(trial, for: attempt, after: start, in: database) }
      return .success(attempt)
    }
    return try claim.get()
  }

  /// Makes an attempt the trial's, and deletes what is stored past an iteration.
  static func take(_ trial: Int64, for attempt: Attempt, after iteration: Int, in database: Database) throws {
    try database.execute(sql: "UPDATE trial SET attempt_id = ? WHERE id = ?", arguments: [attempt.id, trial])
    for table in ["batch_loss", "metric"] {
      try database.execute(
        sql: "DELETE FROM \(table) WHERE trial_id = ? AND iteration > ?", arguments: [trial, iteration])
    }
    var summary = TrialSummary()
    for evaluation in try evaluations(of: trial, in: database) { summary.add(evaluation) }
    try summary.save(for: trial, in: database)
  }

  /// Tells that the attempts' process lives, and renews their leases.
  ///
  /// - Returns: the attempts that another process has taken over: they must stop.
  @discardableResult
  package func heartbeat(_ attempts: [Attempt]) throws -> [Attempt] {
    guard !attempts.isEmpty else { return [] }
    return try write { database in
      try attempts.filter { attempt in try !Store.renew(attempt, in: database) }
    }
  }

  /// Ends all attempts that count as running, as stopped from outside: for a copy of a store that nobody else works on.
  /// Where machines are taken away from their work, that says nothing against a trial.
  package func endRunning() throws {
    try write { database in
      try database.execute(
        sql: "UPDATE attempt SET state = 'cancelled', ended_at = heartbeat_at WHERE state = 'running'")
    }
  }

  /// Where each of the trials stands, for those of `keys` that the store has.
  package func states(of keys: [String]) throws -> [String: TrialState] {
    try read { database in
      let statement = try database.makeStatement(
        sql: "SELECT attempt.* FROM trial \(Joins.latestAttempt) WHERE trial.key = ?")
      var states: [String: TrialState] = [:]
      for key in keys {
        guard let row = try Row.fetchOne(statement, arguments: [key]) else { continue }
        states[key] = try Store.state(of: row, now: Store.now)
      }
      return states
    }
  }

  /// Where a trial stands whose latest attempt is `row`.
  static func state(of row: Row, now: Double, seenBy viewer: Owner = .current) throws -> TrialState {
    guard let text: String = try row.get("state") else { return .planned }
    guard let state = TrialState(rawValue: text) else {
      throw ColumnError(row, "state", text.databaseValue, "a state of a trial")
    }
    guard state == .running else { return state }
    let leaseUntil: Double = try row.time("lease_until")
    if leaseUntil < now { return .stale }
    return try viewer.knowsGone(Owner(row)) ? .stale : .running
  }

  /// Renews the claim and reports whether it still was the attempt's.
  static func renew(_ attempt: Attempt, recorded: Int = 0, in database: Database) throws -> Bool {
    let now = Store.now
    let statement = try database.cachedStatement(
      sql: """
        UPDATE attempt SET heartbeat_at = ?, lease_until = ?, recorded = max(recorded, ?)
        WHERE \(Attempt.isClaimed)
        """)
    try statement.execute(arguments: [now, now + attempt.leaseSeconds, recorded] + attempt.claim)
    return database.changesCount == 1
  }

  /// How often a trial's process died without getting any further, by its attempts in order.
  private struct Deaths {
    /// With so many in a row, the trial is not taken up again.
    static let most = 3

    private(set) var inARow = 0
    /// The last iteration that was ever stored.
    private(set) var iteration = 0

    init(_ attempts: some Sequence<(TrialState, Int)>) {
      for (state, recorded) in attempts {
        if state != .stale {
          inARow = 0
        } else {
          inARow = recorded > iteration ? 1 : inARow + 1
        }
        iteration = max(iteration, recorded)
      }
    }
  }
}

extension Owner {
  init(_ row: Row) throws {
    try self.init(
      host: row.get("host"), process: row.get("process"), processStart: row.get("process_start"),
      boot: row.get("boot"),
      processNamespace: row.get("process_namespace"))
  }
}

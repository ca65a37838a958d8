import Experiments
import GRDB

extension Store {
  /// All studies, the one with the latest activity first.
  package func studies() throws -> [StudySummary] {
    try read { database in
      let now = Store.now
      var summaries: [Int64: StudySummary] = [:]
      let annotations = try Store.studyAnnotations(in: database)
      let studies = try Row.fetchAll(
        database,
        sql: """
          SELECT revision.id, study.name, revision.title, revision.grid, revision.number,
            (SELECT count(*) FROM revision_configuration WHERE revision_id = revision.id) AS configurations,
            (SELECT max(started_at) FROM run WHERE revision_id = revision.id) AS activity
          \(Joins.latestRevision)
          """)
      for row in studies {
        let name: String = try row.get("name")
        summaries[try row.get("id")] = try StudySummary(
          name: name, title: row.get("title"),
          annotations: Annotations(gridText: row.get("grid")).with(annotations[name]),
          revision: row.count("number"),
          configurations: row.count("configurations"),
          counts: [:], lastActivity: row.optionalTime("activity") ?? 0)
      }
      // Running trials are checked one by one, because only the program can see whether a process lives.
      let counts = try Row.fetchCursor(
        database,
        sql: """
          SELECT revision.id AS revision, count(*) AS count, max(attempt.heartbeat_at) AS activity, attempt.*
          \(Joins.latestRevision)
          \(Joins.trialsOfRevision)
          \(Joins.latestAttempt)
          GROUP BY revision.id, attempt.state, CASE WHEN attempt.state = 'running' THEN attempt.id END
          """)
      while let row = try counts.next() {
        let revision: Int64 = try row.get("revision")
        summaries[revision]?.counts[try Store.state(of: row, now: now), default: 0] += try row.count("count")
        let activity = max(summaries[revision]?.lastActivity ?? 0, try row.optionalTime("activity") ?? 0)
        summaries[revision]?.lastActivity = activity
      }
      return summaries.values.sorted { ($1.lastActivity, $0.name) < ($0.lastActivity, $1.name) }
    }
  }

  /// What is at work, in the order in which it was taken up.
  package func running() throws -> [RunningTrial] { try read { try Store.running(in: $0) } }

  /// What nothing may be removed under: trials at work, and those whose process may go on although it has not been heard
  /// of for longer than its lease (see ``RunningTrial/mayGoOn(now:seenBy:)``).
  package func atWork() throws -> [RunningTrial] { try read { try Store.atWork(in: $0) } }

  /// What ``atWork()`` finds, as part of a transaction.
  static func atWork(in database: Database) throws -> [RunningTrial] {
    try running(in: database, withSilent: true).filter { $0.mayGoOn(now: now) }
  }

  /// What ``running()`` finds, as part of a transaction.
  ///
  /// - Parameter withSilent: whether attempts count that were to replace a result and are not heard of any more.
  static func running(in database: Database, withSilent: Bool = false) throws -> [RunningTrial] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT trial.key, trial.seed, trial.iterations AS planned, study.name AS study, named_configuration.label,
          coalesce(summary.validation_accuracy, summary.test_accuracy) AS accuracy,
          \(Joins.summaryFits) AS fits,
          attempt.id = trial.attempt_id AS isLatest, attempt.*
        FROM attempt
        JOIN trial ON trial.id = attempt.trial_id
        JOIN run ON run.id = attempt.run_id
        JOIN revision ON revision.id = run.revision_id
        JOIN study ON study.id = revision.study_id
        JOIN revision_trial ON revision_trial.revision_id = revision.id AND revision_trial.trial_id = trial.id
        \(Joins.nameOfTrial)
        LEFT JOIN summary ON summary.trial_id = trial.id
        WHERE attempt.state = 'running'
        ORDER BY attempt.claimed_at, attempt.id
        """
    ).compactMap { row in
      try Store.requireFittingSummary(row)
      let state = try Store.state(of: row, now: Store.now)
      // An attempt that died while replacing a result has changed nothing.
      let isLatest: Bool = try row.get("isLatest")
      guard state == .running || isLatest || withSilent else { return nil }
      return try RunningTrial(
        key: row.get("key"), study: row.get("study"), label: row.get("label"),
        seed: UInt64(bitPattern: row.get("seed")),
        iteration: row.count("recorded"), iterations: row.count("planned"), accuracy: row.get("accuracy"),
        owner: Owner(row),
        claimedAt: row.time("claimed_at"), heartbeatAt: row.time("heartbeat_at"), state: state)
    }
  }
}

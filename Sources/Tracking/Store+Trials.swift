import Experiments
import GRDB

extension Store {
  /// The trial whose key begins with `prefix`.
  ///
  /// - Throws: ``StoreError/noTrial(prefix:)``, or ``StoreError/ambiguousTrial(prefix:matches:)`` with all matches.
  package func trial(prefix: String) throws -> TrialDetails {
    try read { database in
      // Keys are hexadecimal, so "g" comes behind all that begin with the prefix.
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT trial.id AS trial, trial.key, trial.seed, configuration.hash, configuration.parameters, dataset.digest,
            confusion.counts, attempt.*
          FROM trial
          JOIN configuration ON configuration.id = trial.configuration_id
          JOIN dataset ON dataset.id = trial.dataset_id
          \(Joins.latestAttempt)
          \(Joins.confusion)
          WHERE trial.key >= ? AND trial.key < ? ORDER BY trial.key
          """, arguments: [prefix.lowercased(), prefix.lowercased() + "g"])
      guard let row = rows.first, !prefix.isEmpty else { throw StoreError.noTrial(prefix: prefix) }
      guard rows.count == 1 else {
        throw StoreError.ambiguousTrial(prefix: prefix, matches: rows.map { $0["key"] })
      }
      return try Store.details(row, in: database)
    }
  }

  private static func details(_ row: Row, in database: Database) throws -> TrialDetails {
    let trial: Int64 = row["trial"]
    let record = TrialRecord(
      key: row["key"], seed: UInt64(bitPattern: row["seed"]), state: state(of: row, now: now), error: row["error"],
      evaluations: try evaluations(of: trial, in: database), lossCurve: [],
      result: try result(row, confusion: row["counts"]))
    let names = try Row.fetchAll(
      database,
      sql: """
        SELECT study.name AS study, named_configuration.label, named_configuration.stored,
          revision.number = (SELECT max(number) FROM revision AS other WHERE other.study_id = study.id) AS latest
        FROM revision_trial
        JOIN revision ON revision.id = revision_trial.revision_id
        JOIN study ON study.id = revision.study_id
        \(Joins.nameOfTrial)
        WHERE revision_trial.trial_id = ? ORDER BY latest DESC, revision.id DESC
        """, arguments: [trial])
    // A trial is entered with a revision that has it.
    guard let stored: String = names.first?["stored"] else { throw StoreError.noTrial(prefix: row["key"]) }
    return TrialDetails(
      record: record, configuration: try StudyConfiguration(storedJSON: stored), configurationHash: row["hash"],
      parameters: row["parameters"], dataDigest: row["digest"],
      studies: names.filter { $0["latest"] }.map { .init(study: $0["study"], label: $0["label"]) },
      attempts: try attempts(of: trial, in: database))
  }

  private static func attempts(of trial: Int64, in database: Database) throws -> [AttemptRecord] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT run.command_line, confusion.counts, attempt.* FROM attempt
        JOIN run ON run.id = attempt.run_id
        \(Joins.confusion)
        WHERE attempt.trial_id = ? ORDER BY attempt.number
        """, arguments: [trial]
    ).compactMap { row in
      let (environment, source) = try provenance(of: row["run_id"], in: database)
      guard let environment else { return nil }
      return AttemptRecord(
        number: row["number"], state: state(of: row, now: now), owner: Owner(row), claimedAt: row["claimed_at"],
        heartbeatAt: row["heartbeat_at"], endedAt: row["ended_at"], resumedFrom: row["resumed_from"],
        recorded: row["recorded"], checkpoint: row["checkpoint"], error: row["error"], logTail: row["log_tail"],
        result: try result(row, confusion: row["counts"]),
        commandLine: try JSONColumn.decode([String].self, row["command_line"]), environment: environment, source: source
      )
    }
  }
}

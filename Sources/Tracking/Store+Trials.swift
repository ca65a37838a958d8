import Experiments
import GRDB

extension Store {
  /// The trial whose key begins with `prefix`.
  ///
  /// - Throws: ``StoreError/noTrial(prefix:)``, or ``StoreError/ambiguousTrial(prefix:matches:)`` with all matches.
  package func trial(prefix: String) throws -> TrialDetails { try read { try Store.trial(prefix: prefix, in: $0) } }

  /// A trial with its losses and learning rates, all of it as it is at one moment.
  ///
  /// - Throws: as ``trial(prefix:)``, and ``StoreError/unproven(path:trial:)``.
  package func trialWithCurves(
    _ key: String
  ) throws -> (details: TrialDetails, losses: [LossPoint], rates: [RatePoint]) {
    try read { database in
      (
        try Store.trial(prefix: key, in: database), try lossCurve(of: key, binSize: 1, in: database),
        try learningRates(of: key, in: database)
      )
    }
  }

  private static func trial(prefix: String, in database: Database) throws -> TrialDetails {
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
      throw StoreError.ambiguousTrial(prefix: prefix, matches: try rows.map { try $0.get("key") })
    }
    return try Store.details(row, in: database)
  }

  private static func details(_ row: Row, in database: Database) throws -> TrialDetails {
    let trial: Int64 = try row.get("trial")
    let named = try names(of: trial, in: database)
    guard let name = named.first else { throw StoreError.noTrial(prefix: try row.get("key")) }
    for row in named { try RowProof.require(.configuration, row) }
    let configuration = try configuration(name)
    let record = try TrialRecord(
      key: row.get("key"), seed: UInt64(bitPattern: row.get("seed")), state: state(of: row, now: now),
      error: row.get("error"),
      evaluations: try evaluations(of: trial, in: database), lossCurve: [],
      result: try result(row, confusion: row.get("counts"), of: configuration))
    try requireShares(record)
    let (later, own) = try (studyAnnotations(in: database), trialAnnotations(in: database)[record.key])
    return try TrialDetails(
      record: record, configuration: configuration, configurationHash: row.get("hash"),
      parameters: configuration.isImported ? nil : row.count("parameters"), dataDigest: row.get("digest"),
      annotations: own ?? Annotations(),
      studies: named.filter { try $0.get("latest") }.map {
        let study: String = try $0.get("study")
        return try .init(
          study: study, label: $0.get("label"), annotations: Annotations(gridText: $0.get("grid")).with(later[study]),
          importedFile: ImportedFile(gridText: $0.get("grid")))
      },
      attempts: try attempts(of: trial, in: database))
  }

  /// The names under which studies have a trial, those of latest revisions first.
  private static func names(of trial: Int64, in database: Database) throws -> [Row] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT study.name AS study, revision.grid, named_configuration.*, configuration.hash, configuration.parameters,
          revision.number = (SELECT max(number) FROM revision AS other WHERE other.study_id = study.id) AS latest
        FROM revision_trial
        JOIN revision ON revision.id = revision_trial.revision_id
        JOIN study ON study.id = revision.study_id
        \(Joins.nameOfTrial)
        WHERE revision_trial.trial_id = ? ORDER BY latest DESC, revision.id DESC
        """, arguments: [trial])
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
      let (environment, source) = try provenance(of: row.get("run_id"), in: database)
      guard let environment else { return nil }
      return try AttemptRecord(
        number: row.count("number"), state: state(of: row, now: now), owner: Owner(row),
        claimedAt: row.time("claimed_at"),
        heartbeatAt: row.time("heartbeat_at"), endedAt: row.optionalTime("ended_at"),
        resumedFrom: row.count("resumed_from"),
        recorded: row.count("recorded"), checkpoint: row.optionalCount("checkpoint"), error: row.get("error"),
        logTail: row.get("log_tail"),
        result: try result(row, confusion: row.get("counts")),
        commandLine: try row.commandLine(), environment: environment,
        source: source
      )
    }
  }
}

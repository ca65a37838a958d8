import Architectures
import Experiments
import GRDB
import Presentation

extension Store {
  /// Enters the curves of another program as a study of their own, all or nothing. A study of that name gets a new
  /// revision, unless its latest has the same curves: then only those are entered again whose results were removed.
  ///
  /// - Parameters:
  ///   - study: The curves.
  ///   - name: The study's name.
  ///   - file: Where they come from.
  ///   - environment: The machine that reads the file, which is not the one that trained.
  ///   - commandLine: The command's arguments, the program's name first.
  /// - Returns: the study's latest revision, whether it is new, and how many trials of one that is not new got their
  ///   curves again.
  /// - Throws: ``StoreError/trainedStudy(_:)`` where a study of that name was trained here.
  package func enter(
    _ study: ImportedStudy, named name: String, from file: ImportedFile, environment: Environment,
    commandLine: [String]
  ) throws -> (revision: Int, isNew: Bool, restored: Int) {
    _ = try name.storableName()
    return try write { database in
      if try Store.isImported(name, in: database) == false { throw StoreError.trainedStudy(name) }
      let dataset = try Store.enter(
        DatasetDescription(name: "", shape: Shape([]), classes: [], trainCount: 0, validationCount: 0, testCount: 0),
        digest: "", in: database)
      let points = try study.configurations.map { try Store.enter($0, dataset: dataset, in: database) }
      let id = try Store.row("study", ["name"], [name], in: database)
      let latest = try Row.fetchOne(
        database, sql: "SELECT id, number FROM revision WHERE study_id = ? ORDER BY number DESC LIMIT 1",
        arguments: [id])
      let known = try latest.flatMap { row -> (id: Int64, number: Int)? in
        try Store.isSame(points, asIn: row.get("id"), in: database) ? (row.get("id"), row.count("number")) : nil
      }
      let missing = try points.flatMap(\.trials).count { try !Store.hasResults($0, in: database) }
      if let known, missing == 0 { return (known.number, false, 0) }
      let number = try known?.number ?? Store.nextRevision(of: name, in: database)
      let revision =
        try known?.id
        ?? Store.insertRevision(
          of: id,
          RevisionText(
            name: name, number: number, title: file.sentence.replacingNUL, axes: Store.text(of: study.axes),
            grid: file.gridText, createdAt: Store.now), points: points, in: database)
      try database.execute(
        sql: "INSERT INTO run (revision_id, environment_id, command_line, started_at) VALUES (?, ?, ?, ?)",
        arguments: [
          revision, try Store.enter(environment, in: database), JSONValue(commandLine).compactText, Store.now,
        ])
      let run = database.lastInsertedRowID
      for (point, configuration) in zip(points, study.configurations) {
        for (row, trial) in zip(point.trials, zip(point.facts, configuration.trials)) {
          try Store.enter(trial.1, key: trial.0.key, as: row, run: run, in: database)
        }
      }
      return (number, known == nil, known == nil ? 0 : missing)
    }
  }

  /// Whether the latest revision of a study was imported; `nil` where there is no such study.
  static func isImported(_ name: String, in database: Database) throws -> Bool? {
    try Bool.fetchOne(
      database,
      sql: """
        SELECT EXISTS (
          SELECT 1 FROM revision_trial JOIN trial ON trial.id = revision_trial.trial_id
          WHERE revision_trial.revision_id = revision.id AND trial.numerics = \(NumericsVersion.imported))
        \(Joins.latestRevision) WHERE study.name = ?
        """, arguments: [name])
  }

  private static func enter(
    _ imported: ImportedConfiguration, dataset: Int64, in database: Database
  ) throws -> Point {
    let named = imported.configuration
    _ = try named.label.storableName()
    let (hash, stored) = (named.hash, named.storedJSON)
    let configuration = try row(
      "configuration", ["hash"], [hash], rest: ["canonical", "parameters"], [stored, 0], in: database)
    let id = try row(
      "named_configuration", ["configuration_id", "label", "stored"], [configuration, named.label, stored],
      in: database)
    let proof = RowProof(.configuration, [hash, 0, named.label, stored])
    try seal(id, proof, in: "named_configuration", of: database)
    let keys = imported.trials.map { $0.key(configurationHash: hash) }
    let rows = try zip(imported.trials, keys).map { trial, key in
      try row(
        "trial", ["key"], [key],
        rest: ["configuration_id", "dataset_id", "seed", "numerics", "iterations", "iterations_per_epoch"],
        [
          configuration, dataset, Int64(bitPattern: trial.seed), NumericsVersion.imported, trial.iterations,
          named.iterationsPerEpoch ?? 0,
        ], in: database)
    }
    return Point(
      label: named.label, configuration: id, proof: proof.hex, trials: rows,
      facts: zip(imported.trials, keys).map { ($1, Int64(bitPattern: $0.seed), "") })
  }

  private static func hasResults(_ trial: Int64, in database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT attempt_id IS NOT NULL FROM trial WHERE id = ?", arguments: [trial])
      ?? false
  }

  /// Enters a trial's curves, unless another study has brought them already.
  private static func enter(
    _ trial: ImportedTrial, key: String, as row: Int64, run: Int64, in database: Database
  ) throws {
    guard try !hasResults(row, in: database) else { return }
    let (result, owner, now) = (trial.result, Owner.current, Store.now)
    try database.execute(
      sql: """
        INSERT INTO attempt (trial_id, number, run_id, state, host, process, process_start, boot, process_namespace,
          claimed_at, heartbeat_at, lease_until, resumed_from, recorded)
        VALUES (?, 1, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
        """,
      arguments: [
        row, run, owner.host.replacingNUL, owner.process, owner.processStart, owner.boot, owner.processNamespace, now,
        now, now, trial.iterations,
      ])
    let attempt = Attempt(
      trial: key, number: 1, resumedFrom: 0, replacesResult: false, leaseSeconds: 0, lossInterval: 1,
      id: database.lastInsertedRowID, trialID: row, claimedAt: now)
    try take(row, for: attempt, after: 0, in: database)
    try record(trial.losses, trial.evaluations, of: attempt, in: database)
    try finish(attempt, result: result, in: database)
  }
}

import Architectures
import Experiments
import GRDB
import Presentation

extension Store {
  /// Enters a study and the command that trains it. A new revision is made only where the study is new or its trials,
  /// their order or labels have changed; otherwise the latest takes over what else the grid says: title, text, paths.
  ///
  /// - Parameters:
  ///   - study: The expanded grid.
  ///   - identity: Hashes and keys of `study`'s configurations and trials.
  ///   - environment: The machine and the program.
  ///   - source: The repository's state; `nil` outside of one.
  ///   - commandLine: The command's arguments, the program's name first.
  ///   - keys: The trials that the store is to know; `nil` is all of the study's.
  package func register(
    _ study: Study, identity: StudyIdentity, environment: Environment, source: Source?, commandLine: [String],
    only keys: Set<String>? = nil
  ) throws -> Run {
    precondition(identity.configurations.count == study.configurations.count)
    precondition(identity.configurations.allSatisfy { $0.keys.count == study.seeds.count })
    try Store.checkNames(of: study)
    return try write { database in
      if try Store.isImported(study.name, in: database) == true { throw StoreError.importedStudy(study.name) }
      let points = try zip(study.configurations, identity.configurations).compactMap { configuration, identity in
        let trials = zip(study.seeds, identity.keys).filter { keys?.contains($0.1) ?? true }
        return trials.isEmpty ? nil : try Store.enter(configuration, identity, trials, in: database)
      }
      let (revision, number, isNew) = try Store.revision(of: study, points: points, in: database)
      try database.execute(
        sql: """
          INSERT INTO run (revision_id, environment_id, source_id, command_line, started_at) VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          revision, try Store.enter(environment, in: database), try source.map { try Store.enter($0, in: database) },
          JSONValue(commandLine).compactText, Store.now,
        ])
      return Run(study: study.name, revision: number, isNewRevision: isNew, id: database.lastInsertedRowID)
    }
  }

  /// A point of a study's grid, with the rows that stand for it.
  struct Point {
    var label: String
    var configuration: Int64
    var proof: String
    var trials: [Int64]
    /// What a trial's row says: key, seed, digest of the data.
    var facts: [(key: String, seed: Int64, dataDigest: String)]
  }

  private static func checkNames(of study: Study) throws {
    _ = try study.name.storableName()
    var labels: Set<String> = []
    for configuration in study.configurations {
      guard labels.insert(try configuration.label.storableName()).inserted else {
        throw StoreError.doubleLabel(configuration.label)
      }
    }
  }

  private static func enter(
    _ named: StudyConfiguration, _ identity: StudyIdentity.Configuration, _ trials: [(seed: UInt64, key: String)],
    in database: Database
  ) throws -> Point {
    let parameters = try named.resolved.architecture.resolved().flatMap(\.parameters).map(\.count).reduce(0, +)
    let configuration = try row(
      "configuration", ["hash"], [identity.hash], rest: ["canonical", "parameters"],
      [named.resolved.canonicalJSON, parameters], in: database)
    let storedJSON = named.storedJSON
    let stored = try row(
      "named_configuration", ["configuration_id", "label", "stored"], [configuration, named.label, storedJSON],
      in: database)
    let proof = RowProof(.configuration, [identity.hash, parameters, named.label, storedJSON])
    try seal(stored, proof, in: "named_configuration", of: database)
    let dataset = try enter(named.dataset, digest: identity.dataDigest, in: database)
    let training = named.resolved.training
    let rows = try trials.map { seed, key in
      try row(
        "trial", ["key"], [key],
        rest: ["configuration_id", "dataset_id", "seed", "numerics", "iterations", "iterations_per_epoch"],
        [
          configuration, dataset, Int64(bitPattern: seed), NumericsVersion.current,
          training.iterations(examples: named.dataset.trainCount),
          training.iterationsPerEpoch(examples: named.dataset.trainCount),
        ], in: database)
    }
    return Point(
      label: named.label, configuration: stored, proof: proof.hex, trials: rows,
      facts: trials.map { ($0.key, Int64(bitPattern: $0.seed), identity.dataDigest) })
  }

  static func enter(_ dataset: DatasetDescription, digest: String, in database: Database) throws -> Int64 {
    try row(
      "dataset", ["digest", "name", "shape", "classes", "train_count", "validation_count", "test_count"],
      [
        digest, dataset.name, JSONValue(dataset.shape.dimensions).compactText, JSONValue(dataset.classes).compactText,
        dataset.trainCount, dataset.validationCount, dataset.testCount,
      ], in: database)
  }

  static func enter(_ environment: Environment, in database: Database) throws -> Int64 {
    try provenRow(
      .environment,
      [
        environment.host.replacingNUL, environment.cpu, environment.cores, environment.memoryBytes, environment.os,
        environment.swift, environment.blas, environment.program, environment.workers,
      ], in: database)
  }

  static func enter(_ source: Source, in database: Database) throws -> Int64 {
    try provenRow(
      .source, [source.commit, source.branch?.replacingNUL, source.diff?.replacingNUL], in: database)
  }

  /// The row of a table whose columns have `values`; made where there is none.
  private static func provenRow(
    _ table: RowProof.Table, _ values: [(any DatabaseValueConvertible)?], in database: Database
  ) throws -> Int64 {
    let id = try row(table.rawValue, table.columns, StatementArguments(values), in: database)
    try seal(id, RowProof(table, values), in: table.rawValue, of: database)
    return id
  }

  /// Gives a row the proof of what it was just seen to say.
  static func seal(_ id: Int64, _ proof: RowProof, in table: String, of database: Database) throws {
    try database.cachedStatement(sql: "UPDATE \(table) SET proof = ? WHERE id = ? AND proof IS NOT ?")
      .execute(arguments: [proof.hex, id, proof.hex])
  }

  /// The row whose columns `names` have `values`; made, with `rest` as well, where there is none.
  static func row(
    _ table: String, _ names: [String], _ values: StatementArguments, rest: [String] = [],
    _ restValues: StatementArguments = [], in database: Database
  ) throws -> Int64 {
    let condition = names.map { "\($0) IS ?" }.joined(separator: " AND ")
    let find = try database.cachedStatement(sql: "SELECT id FROM \(table) WHERE \(condition)")
    if let id = try Int64.fetchOne(find, arguments: values) { return id }
    let columns = names + rest
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    try database.cachedStatement(sql: "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))")
      .execute(arguments: values + restValues)
    return database.lastInsertedRowID
  }

  /// The study's latest revision, after a new one was made where `points` are not those that it has.
  private static func revision(
    of study: Study, points: [Point], in database: Database
  ) throws -> (id: Int64, number: Int, isNew: Bool) {
    let id = try row("study", ["name"], [study.name], in: database)
    let axes = text(of: study.axes)
    let latest = try Row.fetchOne(
      database, sql: "SELECT id, number, created_at FROM revision WHERE study_id = ? ORDER BY number DESC LIMIT 1",
      arguments: [id])
    let (title, grid) = (study.title.replacingNUL, study.gridText.replacingNUL)
    if let latest, try isSame(points, asIn: latest.get("id"), in: database) {
      try database.execute(
        sql: "UPDATE revision SET title = ?, axes = ?, grid = ?, proof = ? WHERE id = ?",
        arguments: [
          title, axes, grid,
          RevisionText(
            name: study.name, number: latest.count("number"), title: title, axes: axes, grid: grid,
            createdAt: latest.time("created_at")
          ).proof(points), latest.get("id", as: Int64.self),
        ])
      let update = try database.cachedStatement(
        sql: "UPDATE revision_configuration SET named_configuration_id = ? WHERE revision_id = ? AND position = ?")
      for (position, point) in points.enumerated() {
        try update.execute(arguments: [point.configuration, latest.get("id", as: Int64.self), position])
      }
      return try (latest.get("id"), latest.count("number"), false)
    }
    let number = try nextRevision(of: study.name, in: database)
    let text = RevisionText(name: study.name, number: number, title: title, axes: axes, grid: grid, createdAt: now)
    return (try insertRevision(of: id, text, points: points, in: database), number, true)
  }

  /// The number of a study's next revision: above those of its revisions, and of revisions that were removed and that
  /// baselines and nights still name, so that these never mean another one.
  static func nextRevision(of study: String, in database: Database) throws -> Int {
    let highest = try Int.fetchOne(
      database,
      sql: """
        SELECT max(number) FROM (
          SELECT revision.number FROM revision JOIN study ON study.id = revision.study_id WHERE study.name = :name
          UNION ALL SELECT revision FROM baseline WHERE study = :name
          UNION ALL SELECT revision FROM night WHERE study = :name)
        """, arguments: ["name": study])
    return (highest ?? 0) + 1
  }

  /// Axes as a revision keeps them: `[{"path": …, "values": [ … ]}, … ]`.
  static func text(of axes: [Axis]) -> String {
    JSONValue.array(axes.map { ["path": .string($0.path), "values": JSONValue($0.values)] }).compactText
  }

  /// What a revision says of itself beside its points.
  struct RevisionText {
    var name: String
    var number: Int
    var title: String
    /// JSON: `[{"path": …, "values": [ … ]}, … ]`.
    var axes: String
    var grid: String
    var createdAt: Double

    /// What proves the row that says this of these points.
    func proof(_ points: [Point]) -> String {
      var proof = RowProof(.revision, [name, number, title, axes, grid, createdAt])
      for point in points { proof.add(point.proof) }
      for (position, point) in points.enumerated() {
        for trial in point.facts {
          proof.add(trial: trial.key, seed: trial.seed, dataDigest: trial.dataDigest, position: position)
        }
      }
      return proof.hex
    }
  }

  static func insertRevision(
    of study: Int64, _ text: RevisionText, points: [Point], in database: Database
  ) throws -> Int64 {
    try database.execute(
      sql: "INSERT INTO revision (study_id, number, title, axes, grid, created_at, proof) VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [study, text.number, text.title, text.axes, text.grid, text.createdAt, text.proof(points)])
    let revision = database.lastInsertedRowID
    let insertPoint = try database.cachedStatement(sql: "INSERT INTO revision_configuration VALUES (?, ?, ?)")
    let insertTrial = try database.cachedStatement(sql: "INSERT INTO revision_trial VALUES (?, ?, ?, ?)")
    for (position, point) in points.enumerated() {
      try insertPoint.execute(arguments: [revision, position, point.configuration])
      for (place, trial) in point.trials.enumerated() {
        try insertTrial.execute(arguments: [revision, position, place, trial])
      }
    }
    return revision
  }

  static func isSame(_ points: [Point], asIn revision: Int64, in database: Database) throws -> Bool {
    let there = try labelsAndTrials(of: revision, in: database)
    return there.labels == points.map(\.label) && there.trials == points.flatMap(\.trials)
  }

  /// Whether a revision has all of these points: those of a shard's store are a part of its study's.
  static func isPart(_ points: [Point], of revision: Int64, in database: Database) throws -> Bool {
    let there = try labelsAndTrials(of: revision, in: database)
    return Set(there.labels).isSuperset(of: points.map(\.label))
      && Set(there.trials).isSuperset(of: points.flatMap(\.trials))
  }

  /// In the order of the revision.
  private static func labelsAndTrials(
    of revision: Int64, in database: Database
  ) throws -> (labels: [String], trials: [Int64]) {
    let labels = try String.fetchAll(
      database,
      sql: """
        SELECT label FROM revision_configuration
        JOIN named_configuration ON named_configuration.id = named_configuration_id
        WHERE revision_id = ? ORDER BY position
        """, arguments: [revision])
    let trials = try Int64.fetchAll(
      database, sql: "SELECT trial_id FROM revision_trial WHERE revision_id = ? ORDER BY position, place",
      arguments: [revision])
    return (labels, trials)
  }
}

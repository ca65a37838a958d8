import Experiments
import Foundation
import GRDB
import Presentation

extension Store {
  /// A study with its trials' evaluations and results, without their loss curves, which are most of a store, and
  /// without their hits: see ``addLossCurves(to:points:ofLabels:)`` and ``addHits(to:upTo:)``.
  ///
  /// - Parameters:
  ///   - name: The study.
  ///   - revision: Which revision of it; `nil` is the latest.
  /// - Throws: ``StoreError/unproven(path:trial:)`` where a trial's numbers do not fit their digest.
  package func study(named name: String, revision: Int? = nil) throws -> StudyRecord {
    try read { database in
      let row = try Store.revisionRow(of: name, revision: revision, in: database)
      let id: Int64 = try row.get("id")
      var proof = RowProof(.revision, row)
      var (configurations, rows) = try Store.configurations(of: id, addingTo: &proof, in: database)
      try proof.require(row)
      try addEvaluations(to: &configurations, rows, in: database)
      let (environment, source) = try Store.latestProvenance(of: id, in: database)
      var record = try StudyRecord(
        name: name, title: row.get("title"), revision: row.count("number"), createdAt: row.time("created_at"),
        axes: row.json("axes", "a list of paths with their values", Store.axes),
        configurations: configurations, environment: environment, source: source)
      record.gridText = try row.get("grid")
      record.annotations = Annotations(gridText: record.gridText).with(try Store.studyAnnotations(in: database)[name])
      let annotated = try Store.trialAnnotations(in: database)
      if !annotated.isEmpty {
        let keys = Set(configurations.flatMap { $0.trials.map(\.key) })
        record.annotatedTrials = annotated.filter { keys.contains($0.key) }
      }
      record.libraries = try Store.libraries(of: id, in: database)
      return record
    }
  }

  /// The numbers of a study's revisions, in order; none for a study that is not there.
  package func revisions(ofStudy name: String) throws -> [Int] {
    try read { database in
      try Int.fetchAll(
        database,
        sql: """
          SELECT number FROM revision JOIN study ON study.id = revision.study_id WHERE study.name = ? ORDER BY number
          """, arguments: [name])
    }
  }

  private static func axes(_ stored: JSONValue) -> [Axis]? {
    let axes = stored.array?.map { axis in
      axis["path"]?.string.flatMap { path in axis["values"]?.texts.map { Axis(path: path, values: $0) } }
    }
    return axes.flatMap { $0.contains { $0 == nil } ? nil : $0.compactMap(\.self) }
  }

  /// Adds the batch losses to the trials of some configurations, gathered into means, and the learning rates of those with
  /// a scheduler. Takes about half a second for a million losses.
  ///
  /// - Parameters:
  ///   - record: A study of this store.
  ///   - points: Into how many means each trial's losses are gathered at most.
  ///   - labels: The configurations.
  package func addLossCurves(to record: inout StudyRecord, points: Int, ofLabels labels: Set<String>) throws {
    try read { database in
      for (index, row) in record.configurations.enumerated() where labels.contains(row.configuration.label) {
        let iterations =
          row.configuration.trainable.map { Trial(configuration: $0, seed: 0).iterations }
          ?? row.trials.compactMap(\.result?.iterations).max() ?? 1
        let binSize = max(1, (iterations + points - 1) / points)
        for (place, trial) in row.trials.enumerated() {
          record.configurations[index].trials[place].lossCurve = try lossCurve(
            of: trial.key, binSize: binSize, in: database)
          if row.configuration.resolved?.optimizer.scheduler != nil {
            record.configurations[index].trials[place].rateCurve = try learningRates(of: trial.key, in: database)
          }
        }
      }
    }
  }

  static func revisionRow(of name: String, revision: Int?, in database: Database) throws -> Row {
    let latest = try Row.fetchOne(
      database, sql: "SELECT revision.*, study.name \(Joins.latestRevision) WHERE study.name = ?", arguments: [name])
    guard let latest else {
      throw StoreError.noStudy(
        name: name, known: try String.fetchAll(database, sql: "SELECT name FROM study ORDER BY name"))
    }
    guard let revision, try revision != latest.count("number") else { return latest }
    let row = try Row.fetchOne(
      database, sql: "SELECT *, ? AS name FROM revision WHERE study_id = ? AND number = ?",
      arguments: [name, latest.get("study_id", as: Int64.self), revision])
    guard let row else {
      throw StoreError.noRevision(
        study: name, revision: revision,
        known: try Int.fetchAll(
          database, sql: "SELECT number FROM revision WHERE study_id = ? ORDER BY number",
          arguments: [latest.get("study_id", as: Int64.self)]))
    }
    return row
  }

  /// A trial's row number, and the digest of its result.
  private typealias TrialPlace = (id: Int64, resultDigest: String?)

  /// The points of a revision with their trials, still without measurements, and the trials' places.
  ///
  /// - Parameter proof: the revision's, to which points and trials are added.
  private static func configurations(
    of revision: Int64, addingTo proof: inout RowProof, in database: Database
  ) throws -> ([ConfigurationRecord], [[TrialPlace]]) {
    let points = try Row.fetchCursor(
      database,
      sql: """
        SELECT named_configuration.*, configuration.hash, configuration.parameters
        FROM revision_configuration
        \(Joins.configurationOfName)
        WHERE revision_configuration.revision_id = ? ORDER BY revision_configuration.position
        """, arguments: [revision])
    var configurations: [ConfigurationRecord] = []
    while let row = try points.next() {
      let point = RowProof(.configuration, row)
      try point.require(row)
      proof.add(point.hex)
      let named = try Store.configuration(row)
      configurations.append(
        try ConfigurationRecord(
          configuration: named, hash: row.get("hash"), parameters: named.isImported ? nil : row.count("parameters"),
          trials: []))
    }
    var places = configurations.map { _ in [TrialPlace]() }
    let now = Store.now
    let machines = try Store.environments(in: database).mapValues(Machine.init)
    let trials = try Row.fetchCursor(
      database,
      sql: """
        SELECT revision_trial.position, trial.id AS trial, trial.key, trial.seed, dataset.digest, confusion.counts,
          \(Joins.environmentOfTraining),
          attempt.*
        FROM revision_trial
        JOIN trial ON trial.id = revision_trial.trial_id
        JOIN dataset ON dataset.id = trial.dataset_id
        \(Joins.latestAttempt)
        LEFT JOIN run ON run.id = attempt.run_id
        \(Joins.confusion)
        WHERE revision_trial.revision_id = ? ORDER BY revision_trial.position, revision_trial.place
        """, arguments: [revision])
    while let row = try trials.next() {
      let position = try row.count("position")
      guard configurations.indices.contains(position) else {
        throw ColumnError(row, "position", position.databaseValue, "the place of a configuration in the revision")
      }
      let named = configurations[position].configuration
      try proof.add(
        trial: row.get("key"), seed: row.get("seed"), dataDigest: row.get("digest"), position: position)
      places[position].append(try (row.get("trial"), row.get("result_digest")))
      var trial = try TrialRecord(
        key: row.get("key"), seed: UInt64(bitPattern: row.get("seed")), state: state(of: row, now: now),
        error: row.get("error"), evaluations: [], lossCurve: [],
        result: try result(row, confusion: row.get("counts"), of: named))
      trial.machine = try row.get("environment_id", as: Int64?.self).flatMap { machines[$0] }
      configurations[position].trials.append(trial)
    }
    return (configurations, places)
  }

  private func addEvaluations(
    to configurations: inout [ConfigurationRecord], _ places: [[TrialPlace]], in database: Database
  ) throws {
    for (index, trials) in places.enumerated() {
      for (place, trial) in trials.enumerated() {
        configurations[index].trials[place].evaluations = try Store.evaluations(of: trial.id, in: database)
        let record = configurations[index].trials[place]
        if [.done, .diverged].contains(record.state) {
          try prove(
            EndedTrial(
              id: trial.id, record: record, isImported: configurations[index].configuration.isImported,
              resultDigest: trial.resultDigest), in: database)
        }
        try Store.requireShares(record)
      }
    }
  }

  /// Where and from which code the trial ran that was taken up last.
  private static func latestProvenance(of revision: Int64, in database: Database) throws -> (Environment?, Source?) {
    let run = try Int64.fetchOne(
      database,
      sql: """
        SELECT attempt.run_id FROM revision_trial
        JOIN trial ON trial.id = revision_trial.trial_id
        JOIN attempt ON attempt.id = trial.attempt_id
        WHERE revision_trial.revision_id = ? AND trial.numerics <> \(NumericsVersion.imported)
        ORDER BY attempt.claimed_at DESC, attempt.id DESC LIMIT 1
        """, arguments: [revision])
    guard let run else { return (nil, nil) }
    return try provenance(of: run, in: database)
  }

  /// The matrix libraries of the attempts that made the results: of each trial the latest, and those before it back to the
  /// one that began anew.
  private static func libraries(of revision: Int64, in database: Database) throws -> MatrixLibraries {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT DISTINCT trial.id, environment.blas
        FROM revision_trial
        JOIN trial ON trial.id = revision_trial.trial_id
        JOIN attempt AS latest ON latest.id = trial.attempt_id AND latest.state IN ('done', 'diverged')
        JOIN attempt ON attempt.trial_id = trial.id AND attempt.number <= latest.number
        JOIN run ON run.id = attempt.run_id
        JOIN environment ON environment.id = run.environment_id
        WHERE revision_trial.revision_id = ? AND trial.numerics <> \(NumericsVersion.imported) AND attempt.recorded > attempt.resumed_from AND NOT EXISTS (
          SELECT 1 FROM attempt AS later WHERE later.trial_id = trial.id AND later.number > attempt.number
            AND later.number <= latest.number AND later.resumed_from = 0)
        """, arguments: [revision])
    var names: Set<String> = []
    var counts: [Int64: Int] = [:]
    while let row = try rows.next() {
      names.insert(try row.get("blas"))
      counts[try row.get("id"), default: 0] += 1
    }
    var libraries = MatrixLibraries()
    libraries.names = names.sorted()
    libraries.mixedTrials = counts.values.count { $0 > 1 }
    return libraries
  }

  static func provenance(of run: Int64, in database: Database) throws -> (Environment?, Source?) {
    let environment = try Row.fetchOne(
      database,
      sql: "SELECT environment.* FROM run JOIN environment ON environment.id = environment_id WHERE run.id = ?",
      arguments: [run])
    let source = try Row.fetchOne(
      database, sql: "SELECT source.* FROM run JOIN source ON source.id = source_id WHERE run.id = ?", arguments: [run])
    return try (environment.map(Store.environment), source.flatMap(Store.source))
  }
}

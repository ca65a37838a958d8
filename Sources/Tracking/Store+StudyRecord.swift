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
      let id: Int64 = row["id"]
      var (configurations, rows) = try Store.configurations(of: id, in: database)
      try addEvaluations(to: &configurations, rows, in: database)
      let (environment, source) = try Store.latestProvenance(of: id, in: database)
      return StudyRecord(
        name: name, title: row["title"], revision: row["number"], createdAt: row["created_at"],
        axes: try JSONColumn.decode([StoredAxis].self, row["axes"]).map { Axis(path: $0.path, values: $0.values) },
        configurations: configurations, environment: environment, source: source)
    }
  }

  /// Adds the batch losses to the trials of some configurations, gathered into means. Takes about half a second for a
  /// million losses.
  ///
  /// - Parameters:
  ///   - record: A study of this store.
  ///   - points: Into how many means each trial's losses are gathered at most.
  ///   - labels: The configurations.
  package func addLossCurves(to record: inout StudyRecord, points: Int, ofLabels labels: Set<String>) throws {
    try read { database in
      for (index, row) in record.configurations.enumerated() where labels.contains(row.configuration.label) {
        let iterations = Trial(configuration: row.configuration, seed: 0).iterations
        let binSize = max(1, (iterations + points - 1) / points)
        for (place, trial) in row.trials.enumerated() {
          record.configurations[index].trials[place].lossCurve = try lossCurve(
            of: trial.key, binSize: binSize, in: database)
        }
      }
    }
  }

  static func revisionRow(of name: String, revision: Int?, in database: Database) throws -> Row {
    let latest = try Row.fetchOne(
      database, sql: "SELECT revision.* \(Joins.latestRevision) WHERE study.name = ?", arguments: [name])
    guard let latest else {
      throw StoreError.noStudy(
        name: name, known: try String.fetchAll(database, sql: "SELECT name FROM study ORDER BY name"))
    }
    guard let revision, revision != latest["number"] else { return latest }
    let row = try Row.fetchOne(
      database, sql: "SELECT * FROM revision WHERE study_id = ? AND number = ?",
      arguments: [latest["study_id"], revision])
    guard let row else { throw StoreError.noRevision(study: name, revision: revision, latest: latest["number"]) }
    return row
  }

  /// A configuration with its name, held against the hash that was stored with it.
  ///
  /// - Parameter row: the columns `stored`, `hash` and `canonical`.
  private static func provenConfiguration(_ row: Row) throws -> StudyConfiguration {
    let found = try StudyConfiguration(storedJSON: row["stored"])
    if found.configuration.hash == row["hash"] { return found }
    // Older programs hashed fewer options; what they hashed reads as what they stored.
    let canonical: String = row["canonical"]
    let isWhole = ContentDigest.hex(of: Data(canonical.utf8)) == row["hash"]
    let hashed = isWhole ? try? StudyConfiguration(storedJSON: Self.stored(row["stored"], with: canonical)) : nil
    guard isWhole, hashed?.configuration.hash ?? found.configuration.hash == found.configuration.hash else {
      throw StoredJSONError(
        message: "\(found.label) is not the one that was trained, by its hash; "
          + "restore a copy of the store, or train the study again into another")
    }
    return found
  }

  /// What is stored of a configuration, with what was hashed in its place.
  private static func stored(_ stored: String, with canonical: String) throws -> String {
    var (reader, other) = (JSONReader(Array(stored.utf8)), JSONReader(Array(canonical.utf8)))
    guard case .object(var members) = try reader.read().value else { return stored }
    let hashed = try other.read().value
    for index in members.indices where members[index].key == "configuration" { members[index].value = hashed }
    return JSONValue.object(members).compactText
  }

  /// A trial's row number, and the digest of its result.
  private typealias TrialPlace = (id: Int64, resultDigest: String?)

  /// The points of a revision with their trials, still without measurements, and the trials' places.
  private static func configurations(
    of revision: Int64, in database: Database
  ) throws -> ([ConfigurationRecord], [[TrialPlace]]) {
    let points = try Row.fetchCursor(
      database,
      sql: """
        SELECT named_configuration.stored, configuration.hash, configuration.canonical, configuration.parameters
        FROM revision_configuration
        \(Joins.configurationOfName)
        WHERE revision_configuration.revision_id = ? ORDER BY revision_configuration.position
        """, arguments: [revision])
    var configurations: [ConfigurationRecord] = []
    while let row = try points.next() {
      configurations.append(
        ConfigurationRecord(
          configuration: try Store.provenConfiguration(row), hash: row["hash"],
          parameters: row["parameters"], trials: []))
    }
    var places = configurations.map { _ in [TrialPlace]() }
    let now = Store.now
    let trials = try Row.fetchCursor(
      database,
      sql: """
        SELECT revision_trial.position, trial.id AS trial, trial.key, trial.seed, confusion.counts, attempt.*
        FROM revision_trial
        JOIN trial ON trial.id = revision_trial.trial_id
        \(Joins.latestAttempt)
        \(Joins.confusion)
        WHERE revision_trial.revision_id = ? ORDER BY revision_trial.position, revision_trial.place
        """, arguments: [revision])
    while let row = try trials.next() {
      let position: Int = row["position"]
      places[position].append((row["trial"], row["result_digest"]))
      configurations[position].trials.append(
        TrialRecord(
          key: row["key"], seed: UInt64(bitPattern: row["seed"]), state: state(of: row, now: now), error: row["error"],
          evaluations: [], lossCurve: [], result: try result(row, confusion: row["counts"])))
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
        guard [.done, .diverged].contains(record.state) else { continue }
        try prove(EndedTrial(id: trial.id, record: record, resultDigest: trial.resultDigest), in: database)
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
        WHERE revision_trial.revision_id = ? ORDER BY attempt.claimed_at DESC, attempt.id DESC LIMIT 1
        """, arguments: [revision])
    guard let run else { return (nil, nil) }
    return try provenance(of: run, in: database)
  }

  static func provenance(of run: Int64, in database: Database) throws -> (Environment?, Source?) {
    let environment = try Row.fetchOne(
      database,
      sql: "SELECT environment.* FROM run JOIN environment ON environment.id = environment_id WHERE run.id = ?",
      arguments: [run])
    let source = try Row.fetchOne(
      database, sql: "SELECT source.* FROM run JOIN source ON source.id = source_id WHERE run.id = ?", arguments: [run])
    return (environment.map(Store.environment), source.flatMap(Store.source))
  }
}

import Experiments
import GRDB

/// How stores of the same trials become one.
///
/// A trial's key says all that its numbers depend on, so that merging is a union that checks itself: of a trial that two
/// stores have, the one that came further counts, and two that ran to their end must be equal to the bit.
extension Store {
  /// What a merge took over from one store.
  package struct MergeCounts: Sendable, Hashable {
    /// Trials whose measurements were taken over.
    package var taken = 0
    /// Trials that ran to their end in both, with the same bits.
    package var equal = 0
  }

  /// Makes this store's studies complete by those of another: each revision that is not here yet, and is no part of one
  /// that is, becomes the latest of its study. Tags and notes are taken over where there are none here; measurements are
  /// not.
  ///
  /// - Parameter other: A store of the same format, open for reading.
  package func mergeStudies(from other: Store) throws {
    try Store.require(other.read { try RowProof.errors(in: $0) }, of: other)
    let revisions = try other.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT revision.*, study.name FROM revision JOIN study ON study.id = revision.study_id
          ORDER BY study.id, revision.number
          """
      ).map { row in try (row: row, points: Store.points(of: row.get("id"), in: database)) }
    }
    let annotations = try other.read { try Store.annotationRows(in: $0) }
    try write { database in
      for (row, points) in revisions {
        let here = try points.map { try Store.enter($0, in: database) }
        let study = try Store.row("study", ["name"], [row.get("name", as: String.self)], in: database)
        let known = try Int64.fetchAll(
          database, sql: "SELECT id FROM revision WHERE study_id = ? ORDER BY number", arguments: [study])
        if try known.contains(where: { try Store.isPart(here, of: $0, in: database) }) { continue }
        let text = try RevisionText(
          name: row.get("name"), number: Store.nextRevision(of: row.get("name"), in: database), title: row.get("title"),
          axes: row.get("axes"),
          grid: row.get("grid"), createdAt: row.time("created_at"))
        _ = try Store.insertRevision(of: study, text, points: here, in: database)
      }
      try Store.mergeAnnotations(annotations, in: database)
    }
  }

  /// Takes over the measurements of another store's trials, in one transaction.
  ///
  /// Trials that this store does not know are left out. The digests of the other store's trials are recomputed before.
  ///
  /// - Parameters:
  ///   - other: A store of the same format, open for reading; nobody may change its file meanwhile.
  ///   - keepWeights: is handed the digest of each weight file that the rows will name, before they do, and of those that
  ///     equal trials have.
  /// - Throws: ``StoreError/differentBits(trial:places:)`` where a trial ran to its end in both with other bits, and
  ///   ``StoreError/unproven(path:trial:)``; nothing is taken over then.
  /// - Complexity: The memory is that of one trial.
  package func mergeResults(
    from other: Store, keepWeights: (_ digest: String) throws -> Void = { _ in }
  ) throws -> MergeCounts {
    let proof = try other.proof()
    try Store.require(proof.changedRows, of: other)
    if let unproven = proof.unproven.first {
      throw StoreError.unproven(path: other.path, trial: unproven)
    }
    return try write(beside: other) { database in
      var merge = Merge(database: database, paths: (here: path, there: other.path))
      try merge.run(keepWeights)
      return merge.counts
    }
  }

  /// What is damaged must not spread.
  private static func require(_ changedRows: [String], of other: Store) throws {
    if let changed = changedRows.first { throw StoreError.damaged(path: other.path, reason: changed) }
  }

  /// A configuration of a revision as its rows have it, and its trials.
  private struct StoredPoint {
    var named: Row
    var trials: [Row]
  }

  private static func points(of revision: Int64, in database: Database) throws -> [StoredPoint] {
    let trials = try Row.fetchAll(
      database,
      sql: """
        SELECT revision_trial.position, trial.*, dataset.name, dataset.digest, dataset.shape, dataset.classes,
          dataset.train_count, dataset.validation_count, dataset.test_count
        FROM revision_trial JOIN trial ON trial.id = revision_trial.trial_id
        JOIN dataset ON dataset.id = trial.dataset_id
        WHERE revision_trial.revision_id = ? ORDER BY revision_trial.position, revision_trial.place
        """, arguments: [revision])
    let byPosition = Dictionary(grouping: trials) { $0["position"] as Int64? ?? -1 }
    return try Row.fetchAll(
      database,
      sql: """
        SELECT revision_configuration.position, named_configuration.label, named_configuration.stored,
          configuration.hash, configuration.canonical, configuration.parameters
        FROM revision_configuration
        \(Joins.configurationOfName)
        WHERE revision_configuration.revision_id = ? ORDER BY revision_configuration.position
        """, arguments: [revision]
    ).map { row in
      try StoredPoint(named: row, trials: byPosition[row.get("position")] ?? [])
    }
  }

  private static func enter(_ point: StoredPoint, in database: Database) throws -> Point {
    let (label, stored): (String, String) = try (point.named.get("label"), point.named.get("stored"))
    let configuration = try row(
      "configuration", ["hash"], point.named.values("hash"), rest: ["canonical", "parameters"],
      point.named.values("canonical", "parameters"), in: database)
    let named = try row(
      "named_configuration", ["configuration_id", "label", "stored"], [configuration, label, stored], in: database)
    let proof = RowProof(.configuration, point.named)
    try seal(named, proof, in: "named_configuration", of: database)
    let trials = try point.trials.map { trial in
      let columns = ["digest", "name", "shape", "classes", "train_count", "validation_count", "test_count"]
      let dataset = try row("dataset", columns, trial.values(columns), in: database)
      return try row(
        "trial", ["key"], trial.values("key"),
        rest: ["configuration_id", "dataset_id", "seed", "numerics", "iterations", "iterations_per_epoch"],
        [configuration, dataset] + trial.values("seed", "numerics", "iterations", "iterations_per_epoch"), in: database)
    }
    return try Point(
      label: label, configuration: named, proof: proof.hex, trials: trials,
      facts: point.trials.map { try ($0.get("key"), $0.get("seed"), $0.get("digest")) })
  }
}

/// The copying of trials from an attached store.
private struct Merge {
  let database: Database
  let paths: (here: String, there: String)
  var counts = Store.MergeCounts()
  private var runs: [Int64: Int64] = [:]

  init(database: Database, paths: (here: String, there: String)) { (self.database, self.paths) = (database, paths) }

  mutating func run(_ keepWeights: (String) throws -> Void) throws {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT here.id AS here, there.id AS there, there.key,
          now.state AS now, now.recorded AS now_recorded, now.trace_digest AS now_trace, now.weights_digest AS now_weights,
          now.host AS now_host, latest.state AS state, latest.recorded, latest.trace_digest, latest.weights_digest,
          latest.host
        FROM other.trial AS there CROSS JOIN main.trial AS here ON here.key = there.key
        JOIN other.attempt AS latest ON latest.id = there.attempt_id
        LEFT JOIN main.attempt AS now ON now.id = here.attempt_id
        """)
    for row in rows {
      let (mine, theirs) = try (Progress(row, "now", "now_recorded"), Progress(row, "state", "recorded"))
      if mine.hasResult, theirs.hasResult {
        try requireEqual(row)
        if let weights: String = try row.get("now_weights") { try keepWeights(weights) }
        counts.equal += 1
      } else if mine < theirs {
        if let weights: String = try row.get("weights_digest") { try keepWeights(weights) }
        try take(from: row.get("there"), into: row.get("here"))
        counts.taken += 1
      }
    }
  }

  private func requireEqual(_ row: Row) throws {
    let traces: (String?, String?) = try (row.get("now_trace"), row.get("trace_digest"))
    let weights: (String?, String?) = try (row.get("now_weights"), row.get("weights_digest"))
    let weightsDiffer = weights.0 != nil && weights.1 != nil && weights.0 != weights.1
    guard
      try traces.0 != traces.1 || row.get("now", as: String.self) != row.get("state", as: String.self) || weightsDiffer
    else { return }
    throw StoreError.differentBits(
      trial: try row.get("key"),
      places: [
        .init(host: try row.get("now_host"), path: paths.here), .init(host: try row.get("host"), path: paths.there),
      ])
  }

  /// Replaces what is here of a trial by what is there.
  private mutating func take(from there: Int64, into here: Int64) throws {
    try database.execute(sql: "UPDATE main.trial SET attempt_id = NULL WHERE id = ?", arguments: [here])
    for table in ["confusion", "hits"] {
      try database.execute(
        sql: "DELETE FROM main.\(table) WHERE attempt_id IN (SELECT id FROM main.attempt WHERE trial_id = ?)",
        arguments: [here])
    }
    for table in ["batch_loss", "metric", "summary", "attempt"] {
      try database.execute(sql: "DELETE FROM main.\(table) WHERE trial_id = ?", arguments: [here])
    }
    let latest = try Int64.fetchOne(
      database, sql: "SELECT attempt_id FROM other.trial WHERE id = ?", arguments: [there])
    let attempts = try Row.fetchAll(
      database, sql: "SELECT id, run_id FROM other.attempt WHERE trial_id = ? ORDER BY number", arguments: [there])
    for attempt in attempts {
      let id: Int64 = try attempt.get("id")
      let run = try self.run(attempt.get("run_id"), ofTrial: here)
      try copy("attempt", but: ["id": nil, "trial_id": here, "run_id": run], where: "id", is: id)
      let copied = database.lastInsertedRowID
      for table in ["confusion", "hits"] {
        try copy(table, but: ["attempt_id": copied], where: "attempt_id", is: id)
      }
      if id == latest {
        try database.execute(sql: "UPDATE main.trial SET attempt_id = ? WHERE id = ?", arguments: [copied, here])
      }
    }
    // A score that no trial here has had yet.
    try database.execute(sql: "INSERT OR IGNORE INTO main.series SELECT * FROM other.series")
    for table in ["batch_loss", "metric", "summary"] {
      try copy(table, but: ["trial_id": here], where: "trial_id", is: there)
    }
  }

  /// Copies rows of a table.
  ///
  /// - Parameter replaced: columns that get another value; `nil` leaves the column out, so that it is chosen anew.
  private func copy(_ table: String, but replaced: [String: Int64?], where column: String, is value: Int64) throws {
    let columns = try database.columns(in: table).map(\.name).filter { replaced[$0] != .some(nil) }
    let values = columns.map { name in (replaced[name] ?? nil).map { "\($0)" } ?? name }
    try database.execute(
      sql: """
        INSERT INTO main.\(table) (\(columns.joined(separator: ", ")))
        SELECT \(values.joined(separator: ", ")) FROM other.\(table) WHERE \(column) = ?
        """, arguments: [value])
  }

  /// The row here that stands for a command there, made where there is none.
  private mutating func run(_ there: Int64, ofTrial trial: Int64) throws -> Int64 {
    if let known = runs[there] { return known }
    func fetch(_ table: String, _ id: Int64?) throws -> Row? {
      try Row.fetchOne(database, sql: "SELECT * FROM other.\(table) WHERE id = ?", arguments: [id])
    }
    guard let row = try fetch("run", there), let machine = try fetch("environment", row.get("environment_id")) else {
      throw StoreError.damaged(path: paths.there, reason: "an attempt names no command, or a command no machine")
    }
    let environment = try Store.enter(Store.environment(machine), in: database)
    let source = try fetch("source", row.get("source_id")).flatMap(Store.source).map {
      try Store.enter($0, in: database)
    }
    // The latest revision that has the trial: reports show that one.
    let revision = try Int64.fetchOne(
      database, sql: "SELECT max(revision_id) FROM main.revision_trial WHERE trial_id = ?", arguments: [trial])
    let id = try Store.row(
      "run", ["revision_id", "environment_id", "source_id", "command_line", "started_at"],
      [revision, environment, source] + row.values("command_line", "started_at"), in: database)
    runs[there] = id
    return id
  }
}

/// How far a trial came in one store: a result counts more than an error, that more than a part.
private struct Progress: Comparable {
  private let rank: Int
  private let recorded: Int

  init(_ row: Row, _ state: String, _ recorded: String) throws {
    switch try row.get(state, as: String?.self) {
    case nil: rank = 0
    case "done", "diverged": rank = 3
    case "failed": rank = 2
    default: rank = 1
    }
    self.recorded = try row.optionalCount(recorded) ?? 0
  }

  var hasResult: Bool { rank == 3 }

  static func < (one: Progress, other: Progress) -> Bool {
    (one.rank, one.recorded) < (other.rank, other.recorded)
  }
}

extension Row {
  /// The values of some columns, as they are stored.
  fileprivate func values(_ columns: String...) -> StatementArguments { values(columns) }

  fileprivate func values(_ columns: [String]) -> StatementArguments {
    StatementArguments(columns.map { self[$0] as DatabaseValue })
  }
}

import Experiments
import GRDB

/// How studies and results leave a store.
///
/// A trial belongs to every revision that has it, of whichever study, and goes with the last of them. Where a trial's
/// results are removed and its revisions stay, it keeps its place in them as one that is planned: a table that lost a
/// seed must not look as if there had never been one.
extension Store {
  /// The target that a word of the command line means: `STUDY`, `STUDY@2`, or the beginning of a trial's key.
  ///
  /// - Throws: ``StoreError/noStudy(name:known:)`` where it is none of these, ``StoreError/noRevision(study:revision:known:)``,
  ///   and ``StoreError/ambiguousTrial(prefix:matches:)``.
  package func target(named text: String) throws -> StoreTarget {
    let (name, revision) = try studyReference(text) ?? (nil, nil)
    if let name { return .study(name, revision: revision) }
    do {
      return .trial(try trial(prefix: text).record.key)
    } catch StoreError.noTrial {
      throw StoreError.noStudy(name: text, known: try studies().map(\.name).sorted())
    }
  }

  /// The study and the revision that `STUDY` or `STUDY@2` means; `nil` where no study has that name.
  ///
  /// - Throws: ``StoreError/noRevision(study:revision:known:)``.
  package func studyReference(_ text: String) throws -> (study: String, revision: Int?)? {
    try read { database in
      func isStudy(_ name: String) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM study WHERE name = ?)", arguments: [name])
          ?? false
      }
      if try isStudy(text) { return (text, nil) }
      guard let mark = text.lastIndex(of: "@"), let revision = Int(text[text.index(after: mark)...]) else { return nil }
      let name = String(text[..<mark])
      guard try isStudy(name) else { return nil }
      _ = try Store.revisionRow(of: name, revision: revision, in: database)
      return (name, revision)
    }
  }

  /// What would go, and what stands against it.
  package func removalPlan(_ targets: [StoreTarget]) throws -> RemovalPlan {
    try read { try Removal(targets, in: $0).plan }
  }

  /// Takes studies and results out of the store, in one transaction. Nights and baselines stay.
  ///
  /// Rows that nothing refers to any more go too: names, settings, machines, data sets, code.
  ///
  /// A trial's tags and note stay where its results alone go.
  ///
  /// - Parameter check: looks at what is about to go; what it throws is thrown on, and nothing goes then.
  /// - Returns: what has gone. Files are the caller's to remove.
  /// - Complexity: A second for some millions of losses.
  package func remove(_ targets: [StoreTarget], unless check: (RemovalPlan) throws -> Void) throws -> RemovalPlan {
    try writeInBulk { database in
      let removal = try Removal(targets, in: database)
      try check(removal.plan)
      try removal.perform()
      return removal.plan
    }
  }

  /// The keys of the trials whose checkpoints may be of use: they were begun and have not ended by themselves.
  package func unfinishedTrials() throws -> Set<String> {
    try read { database in
      try String.fetchSet(
        database,
        sql: """
          SELECT trial.key FROM trial \(Joins.latestAttempt)
          WHERE attempt.state NOT IN ('done', 'diverged')
          """)
    }
  }

  /// The digests of all weight files that a row names.
  package func weightDigests() throws -> Set<String> {
    try read { try Set(Store.weightDigests(in: $0).map(\.digest)) }
  }

  fileprivate static func weightDigests(in database: Database) throws -> [(trial: Int64, digest: String)] {
    // A store of an older program that is only read has none.
    guard try database.columns(in: "attempt").contains(where: { $0.name == "weights_digest" }) else { return [] }
    return try Row.fetchAll(
      database, sql: "SELECT trial_id, weights_digest FROM attempt WHERE weights_digest IS NOT NULL"
    ).map { try ($0.get("trial_id"), $0.get("weights_digest")) }
  }
}

/// A removal at one moment of a store.
private struct Removal {
  private(set) var plan = RemovalPlan()
  private let database: Database
  /// Revisions that go.
  private var revisions: [Int64] = []
  /// Trials that go with them.
  private var trials: Set<Int64> = []
  /// Trials whose results go, and that stay in their revisions.
  private var emptied: Set<Int64> = []

  init(_ targets: [StoreTarget], in database: Database) throws {
    self.database = database
    let rows = try targets.flatMap { target -> [Row] in
      guard case .study(let name, let revision) = target else { return [] }
      _ = try Store.revisionRow(of: name, revision: revision, in: database)
      return try Row.fetchAll(
        database,
        sql: """
          SELECT revision.id, revision.number, study.name FROM revision JOIN study ON study.id = revision.study_id
          WHERE study.name = ? AND (? IS NULL OR revision.number = ?) ORDER BY revision.number
          """, arguments: [name, revision, revision])
    }
    for row in rows where try !revisions.contains(row.get("id")) { try revisions.append(row.get("id")) }
    let inRevisions = try ids("SELECT DISTINCT trial_id FROM revision_trial WHERE revision_id IN (\(list(revisions)))")
    let elsewhere = try ids(
      "SELECT DISTINCT trial_id FROM revision_trial WHERE revision_id NOT IN (\(list(revisions)))")
    trials = inRevisions.subtracting(elsewhere)
    var affected = inRevisions
    var unnamed = try Store.weightDigests(in: database)
    var described: Set<Int64> = []
    for revision in revisions {
      guard let row = try rows.first(where: { try $0.get("id") == revision }) else { continue }
      let all = try ids("SELECT DISTINCT trial_id FROM revision_trial WHERE revision_id = \(revision)")
      var part = try RemovalPlan.Part(study: row.get("name"), revision: row.count("number"))
      part.sharedTrials = all.subtracting(trials).count
      for trial in all.intersection(trials).sorted() where described.insert(trial).inserted {
        try add(trial, to: &part)
      }
      plan.parts.append(part)
    }
    for case .trial(let key) in targets {
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT trial.id, trial.seed, study.name, named_configuration.label
          FROM trial JOIN revision_trial ON revision_trial.trial_id = trial.id
          JOIN revision ON revision.id = revision_trial.revision_id
          JOIN study ON study.id = revision.study_id
          \(Joins.nameOfTrial)
          WHERE trial.key = ? ORDER BY revision.id DESC LIMIT 1
          """, arguments: [key])
      guard let row else { throw StoreError.noTrial(prefix: key) }
      let trial: Int64 = try row.get("id")
      guard described.insert(trial).inserted else { continue }
      emptied.insert(trial)
      affected.insert(trial)
      var part = try RemovalPlan.Part(
        study: row.get("name"), label: row.get("label"), seed: UInt64(bitPattern: row.get("seed")))
      try add(trial, to: &part)
      plan.parts.append(part)
    }
    // What a trial that stays names too stays.
    let going = trials.union(emptied)
    let kept = Set(unnamed.filter { !going.contains($0.trial) }.map(\.digest))
    unnamed.removeAll { kept.contains($0.digest) || !going.contains($0.trial) }
    let digests = Dictionary(grouping: unnamed, by: \.trial).mapValues { Set($0.map(\.digest)) }
    var listed: Set<String> = []
    for index in plan.parts.indices {
      for key in plan.parts[index].trials {
        let trial = try Int64.fetchOne(database, sql: "SELECT id FROM trial WHERE key = ?", arguments: [key])
        let new = (trial.flatMap { digests[$0] } ?? []).subtracting(listed)
        listed.formUnion(new)
        plan.parts[index].weights += new.sorted()
      }
    }
    try countAnnotations()
    plan.running = try running(of: affected)
    plan.baselines = try baselines(ofRevisionsWith: emptied)
  }

  private func add(_ trial: Int64, to part: inout RemovalPlan.Part) throws {
    let row = try Row.fetchOne(
      database,
      sql: """
        SELECT key, (SELECT count(*) FROM batch_loss WHERE trial_id = trial.id)
          + (SELECT count(*) FROM metric WHERE trial_id = trial.id) AS count,
          numerics = \(NumericsVersion.imported) AS imported
        FROM trial WHERE id = ?
        """, arguments: [trial])
    guard let row else { return }
    part.trials.append(try row.get("key"))
    part.curveValues += try row.count("count")
    if try row.get("imported") { part.importedTrials += 1 }
  }

  /// Counts what people said of the trials that go with their revisions, and of studies that go whole: of these it
  /// stands in the part of the last revision.
  private mutating func countAnnotations() throws {
    guard try database.tableExists("annotation") else { return }
    let trials = try String.fetchSet(
      database,
      sql:
        "SELECT key FROM annotation JOIN trial ON trial.id = annotation.trial_id WHERE trial_id IN (\(list(trials.sorted())))"
    )
    let studies = try String.fetchSet(
      database,
      sql: """
        SELECT name FROM annotation JOIN study ON study.id = annotation.study_id
        WHERE NOT EXISTS (
          SELECT 1 FROM revision WHERE revision.study_id = study.id AND revision.id NOT IN (\(list(revisions))))
        """)
    for index in plan.parts.indices where plan.parts[index].revision != nil {
      plan.parts[index].annotations = plan.parts[index].trials.count(where: trials.contains)
    }
    for study in studies {
      guard let last = plan.parts.lastIndex(where: { $0.study == study && $0.revision != nil }) else { continue }
      plan.parts[last].annotations += 1
    }
  }

  private func running(of trials: Set<Int64>) throws -> [RunningTrial] {
    let running = try Store.atWork(in: database)
    guard !running.isEmpty else { return [] }
    let keys = try String.fetchSet(
      database, sql: "SELECT key FROM trial WHERE id IN (\(list(trials.sorted())))")
    return running.filter { keys.contains($0.key) }
  }

  /// The baselines of the revisions that go, and of those that lose results.
  private func baselines(ofRevisionsWith emptied: Set<Int64>) throws -> [RemovalPlan.NamedBy] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT baseline.name, baseline.study, baseline.revision FROM baseline
        JOIN study ON study.name = baseline.study
        JOIN revision ON revision.study_id = study.id AND revision.number = baseline.revision
        WHERE revision.id IN (\(list(revisions))) OR revision.id IN
          (SELECT revision_id FROM revision_trial WHERE trial_id IN (\(list(emptied.sorted()))))
        ORDER BY baseline.name
        """
    ).map { try .init(baseline: $0.get("name"), study: $0.get("study"), revision: $0.count("revision")) }
  }

  /// Removes the rows. Foreign keys are not looked at meanwhile: a trial and its attempts refer to each other.
  func perform() throws {
    for trial in trials.union(emptied).sorted() { try removeResults(of: trial) }
    guard !revisions.isEmpty else { return }
    for trial in trials.sorted() {
      try database.cachedStatement(sql: "DELETE FROM annotation WHERE trial_id = ?").execute(arguments: [trial])
      try database.cachedStatement(sql: "DELETE FROM trial WHERE id = ?").execute(arguments: [trial])
    }
    let gone = list(revisions)
    for table in ["revision_trial", "revision_configuration"] {
      try database.execute(sql: "DELETE FROM \(table) WHERE revision_id IN (\(gone))")
    }
    // A command whose trials stay, in part, is shown with the latest revision that has them.
    try database.execute(
      sql: """
        DELETE FROM run WHERE revision_id IN (\(gone)) AND id NOT IN (SELECT run_id FROM attempt);
        UPDATE run SET revision_id = (
          SELECT max(revision_trial.revision_id) FROM attempt
          JOIN revision_trial ON revision_trial.trial_id = attempt.trial_id WHERE attempt.run_id = run.id)
        WHERE revision_id IN (\(gone));
        DELETE FROM revision WHERE id IN (\(gone));
        DELETE FROM study WHERE id NOT IN (SELECT study_id FROM revision);
        DELETE FROM annotation WHERE study_id NOT IN (SELECT id FROM study);
        DELETE FROM named_configuration WHERE id NOT IN (SELECT named_configuration_id FROM revision_configuration);
        DELETE FROM configuration WHERE id NOT IN (SELECT configuration_id FROM trial)
          AND id NOT IN (SELECT configuration_id FROM named_configuration);
        DELETE FROM dataset WHERE id NOT IN (SELECT dataset_id FROM trial);
        DELETE FROM environment WHERE id NOT IN (SELECT environment_id FROM run);
        DELETE FROM source WHERE id NOT IN (SELECT source_id FROM run WHERE source_id IS NOT NULL);
        """)
  }

  private func removeResults(of trial: Int64) throws {
    for table in ["confusion", "hits"] {
      try database.cachedStatement(
        sql: "DELETE FROM \(table) WHERE attempt_id IN (SELECT id FROM attempt WHERE trial_id = ?)"
      ).execute(arguments: [trial])
    }
    try database.cachedStatement(sql: "UPDATE trial SET attempt_id = NULL WHERE id = ?").execute(arguments: [trial])
    for table in ["batch_loss", "metric", "summary", "attempt"] {
      try database.cachedStatement(sql: "DELETE FROM \(table) WHERE trial_id = ?").execute(arguments: [trial])
    }
  }

  private func ids(_ sql: String) throws -> Set<Int64> { try Int64.fetchSet(database, sql: sql) }

  private func list(_ ids: [Int64]) -> String { ids.map(String.init).joined(separator: ",") }
}

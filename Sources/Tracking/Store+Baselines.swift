import Experiments
import GRDB

/// A study's results as they were when they were saved under a name. The document is made and read by others.
package struct Baseline: Sendable, Hashable {
  /// The name.
  package var name: String
  /// The study that was saved.
  package var study: String
  /// Its revision.
  package var revision: Int
  /// When it was saved, in seconds since 1970.
  package var createdAt: Double
  /// What stood in the study, as JSON.
  package var document: String
  /// The first document that was saved under the name; `nil` where the baseline's own is the first.
  package var anchor: String?
  /// When the anchor was saved, in seconds since 1970.
  package var anchorCreatedAt: Double?
}

/// A comparison that was made. The document is made and read by others.
package struct Comparison: Sendable, Hashable {
  /// What was compared with.
  package var baseline: String
  /// What was compared.
  package var candidate: String
  /// The outcome in a word.
  package var verdict: String
  /// When it was made, in seconds since 1970.
  package var createdAt: Double
  /// Policy and verdicts, as JSON.
  package var document: String
  /// A digest of the candidate's results; `nil` where nothing in them tells them from those of another run.
  package var results: String?

  /// Creates a comparison.
  package init(
    baseline: String, candidate: String, verdict: String, createdAt: Double, document: String, results: String? = nil
  ) {
    (self.baseline, self.candidate, self.verdict) = (baseline, candidate, verdict)
    (self.createdAt, self.document, self.results) = (createdAt, document, results)
  }
}

extension Store {
  /// Saves a study's results under a name, in the place of what had that name.
  ///
  /// The first document of the name stays beside the later ones as their anchor, so that a baseline which is saved
  /// anew after each small loss still shows all of them together.
  /// - Parameter newAnchor: Whether this document is the first of its name from now on. It always is where the name
  ///   was another study's.
  package func saveBaseline(
    named name: String, study: String, revision: Int, document: String, newAnchor: Bool = false
  ) throws {
    let name = try name.storableName()
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO baseline (name, study, revision, created_at, document)
          VALUES (:name, :study, :revision, :now, :document)
          ON CONFLICT (name) DO UPDATE SET
            anchor = CASE WHEN study = excluded.study AND NOT :new THEN coalesce(anchor, document) END,
            anchor_created_at =
              CASE WHEN study = excluded.study AND NOT :new THEN coalesce(anchor_created_at, created_at) END,
            study = excluded.study, revision = excluded.revision, created_at = excluded.created_at,
            document = excluded.document
          """,
        arguments: [
          "name": name, "study": study, "revision": revision, "now": Store.now, "document": document,
          "new": newAnchor,
        ])
    }
  }

  /// All baselines by name.
  package func baselines() throws -> [Baseline] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM baseline ORDER BY name").map { row in
        try Baseline(
          name: row.get("name"), study: row.get("study"), revision: row.count("revision"),
          createdAt: row.time("created_at"),
          document: row.get("document"), anchor: row.get("anchor"),
          anchorCreatedAt: row.optionalTime("anchor_created_at"))
      }
    }
  }

  /// The baseline of that name.
  package func baseline(named name: String) throws -> Baseline {
    let all = try baselines()
    guard let baseline = all.first(where: { $0.name == name }) else {
      throw StoreError.noBaseline(name: name, known: all.map(\.name))
    }
    return baseline
  }

  /// Removes a baseline; the study stays.
  package func removeBaseline(named name: String) throws {
    _ = try baseline(named: name)
    try write { try $0.execute(sql: "DELETE FROM baseline WHERE name = ?", arguments: [name]) }
  }

  /// Keeps a comparison and, in the same transaction, the candidate's numbers as a night of its study's history.
  ///
  /// A comparison of the same results that came to the same is there already where a command was killed after it had
  /// recorded it, or was simply given again: it is kept once.
  /// - Parameter night: goes where ``saveNight(_:)`` lets it.
  package func saveComparison(_ comparison: Comparison, night: Night? = nil) throws {
    try write { database in
      let (baseline, candidate) = (comparison.baseline.replacingNUL, comparison.candidate.replacingNUL)
      let isKept = try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM comparison
            WHERE results = ? AND baseline = ? AND candidate = ? AND document = ?)
          """, arguments: [comparison.results, baseline, candidate, comparison.document])
      if isKept != true {
        try database.execute(
          sql: """
            INSERT INTO comparison (baseline, candidate, verdict, created_at, document, results) VALUES (?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            baseline, candidate, comparison.verdict, comparison.createdAt, comparison.document, comparison.results,
          ])
      }
      if let night { try Store.save(night, in: database) }
    }
  }

  /// All comparisons, the latest first.
  package func comparisons() throws -> [Comparison] {
    try read { database in
      try Row.fetchAll(database, sql: "SELECT * FROM comparison ORDER BY id DESC").map { row in
        try Comparison(
          baseline: row.get("baseline"), candidate: row.get("candidate"), verdict: row.get("verdict"),
          createdAt: row.time("created_at"), document: row.get("document"), results: row.get("results"))
      }
    }
  }
}

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
}

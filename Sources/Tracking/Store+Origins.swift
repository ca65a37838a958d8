import Experiments
import GRDB

/// What a trial learnt from and where it ran.
package struct TrialOrigin: Sendable, Hashable {
  /// The digest of the data.
  package var dataDigest: String
  /// Where its latest attempt ran; `nil` before the first.
  package var environment: Environment?
}

extension Store {
  /// Data and machine of every trial of a study's revision, by the trials' keys; `nil` is the latest.
  package func origins(ofStudy name: String, revision: Int? = nil) throws -> [String: TrialOrigin] {
    try read { database in
      let revision = try Store.revisionRow(of: name, revision: revision, in: database).get("id", as: Int64.self)
      let known = try Store.environments(in: database)
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT trial.key, dataset.digest, \(Joins.environmentOfTraining)
          FROM revision_trial
          JOIN trial ON trial.id = revision_trial.trial_id
          JOIN dataset ON dataset.id = trial.dataset_id
          \(Joins.latestAttempt)
          LEFT JOIN run ON run.id = attempt.run_id
          WHERE revision_trial.revision_id = ?
          """, arguments: [revision])
      let origins = try rows.map { row in
        let environment = try row.get("environment_id", as: Int64?.self).flatMap { known[$0] }
        return try (
          row.get("key", as: String.self), TrialOrigin(dataDigest: row.get("digest"), environment: environment)
        )
      }
      // A damaged store may have a trial twice.
      return Dictionary(origins) { first, _ in first }
    }
  }

  /// Every machine that trials ran on, by its row's number.
  static func environments(in database: Database) throws -> [Int64: Environment] {
    let environments = try Row.fetchAll(database, sql: "SELECT * FROM environment").map { row in
      try (row.get("id", as: Int64.self), Store.environment(row))
    }
    return Dictionary(uniqueKeysWithValues: environments)
  }
}

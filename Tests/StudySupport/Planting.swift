import Experiments
import Foundation
import GRDB
import Tracking

/// Numbers put into a store by SQL, with digests that fit them, so that the program takes them for measured ones.
package enum Planting {
  /// Makes the digests of all trials that ran to their end fit their stored losses and scores.
  ///
  /// The trace digest is recomputed; the result digest is taken away, as if an older program had trained them. Names and
  /// settings get new proofs.
  package static func reseal(_ database: Database) throws {
    try Store.sealRows(in: database)
    let trials = try Int64.fetchAll(
      database,
      sql: """
        SELECT trial.id FROM trial JOIN attempt ON attempt.id = trial.attempt_id
        WHERE attempt.state IN ('done', 'diverged')
        """)
    for trial in trials {
      let losses = try Double?.fetchAll(
        database, sql: "SELECT value FROM batch_loss WHERE trial_id = ? ORDER BY iteration", arguments: [trial])
      let digest = TraceDigest.of(
        losses: losses.map { $0.map(Float.init) ?? .nan }, evaluations: try evaluations(of: trial, database))
      try database.execute(
        sql: """
          UPDATE attempt SET trace_digest = ?, result_digest = NULL
          WHERE id = (SELECT attempt_id FROM trial WHERE id = ?)
          """, arguments: [digest, trial])
    }
  }

  private static func evaluations(of trial: Int64, _ database: Database) throws -> [Evaluation] {
    let rows = try Row.fetchAll(
      database, sql: "SELECT iteration, series_id, value FROM metric WHERE trial_id = ?", arguments: [trial])
    return Dictionary(grouping: rows) { $0["iteration"] as Int }.sorted { $0.key < $1.key }.map { iteration, rows in
      func value(_ series: Int) -> Double? {
        rows.first { $0["series_id"] == series }.map { $0["value"] ?? .nan }
      }
      func score(_ series: Int) -> Score? { value(series).map { Score(loss: $0, accuracy: value(series + 1)) } }
      return Evaluation(
        iteration: iteration, epoch: 0, trainLoss: value(0) ?? .nan, validation: score(1), test: score(3))
    }
  }
}

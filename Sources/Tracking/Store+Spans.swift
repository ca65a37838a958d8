import Experiments
import GRDB

extension Store {
  /// The stretches of a trial's iterations and when they were trained, up to the execution that its numbers are of; none
  /// before the first.
  package func spans(of key: String) throws -> [TrialSpan] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT attempt.* FROM trial
          JOIN attempt AS latest ON latest.id = trial.attempt_id
          JOIN attempt ON attempt.trial_id = trial.id AND attempt.number <= latest.number
          WHERE trial.key = ? ORDER BY attempt.number
          """, arguments: [key]
      ).map { row in
        try TrialSpan(
          after: row.count("resumed_from"), through: row.count("recorded"), begin: row.time("claimed_at"),
          end: row.optionalTime("ended_at") ?? row.time("heartbeat_at"))
      }
    }
  }
}

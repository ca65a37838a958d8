import Experiments
import GRDB

/// What became of a configuration's trials, whichever studies they belong to.
package struct ConfigurationHistory: Sendable, Hashable {
  /// Where the trial of each seed stands.
  package var states: [UInt64: TrialState] = [:]
  /// Seconds that the trials took which were done on the host that was asked for.
  package var wallSeconds: [Double] = []
}

extension Store {
  /// The history of every configuration in the store, by its hash.
  ///
  /// - Parameter host: Whose times are wanted.
  package func history(host: String) throws -> [String: ConfigurationHistory] {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT configuration.hash, trial.seed, environment.host AS machine, attempt.*
          FROM trial
          \(Joins.latestAttempt)
          JOIN configuration ON configuration.id = trial.configuration_id
          LEFT JOIN run ON run.id = attempt.run_id
          LEFT JOIN environment ON environment.id = run.environment_id
          WHERE trial.numerics = ?
          ORDER BY trial.id
          """, arguments: [NumericsVersion.current])
      var history: [String: ConfigurationHistory] = [:]
      let now = Store.now
      while let row = try rows.next() {
        let hash: String = try row.get("hash")
        let state = try Store.state(of: row, now: now)
        let seed: UInt64 = try UInt64(bitPattern: row.get("seed"))
        history[hash, default: ConfigurationHistory()].states[seed] = state
        let machine: String? = try row.get("machine")
        if state == .done, machine == host, let seconds: Double = try row.get("wall_seconds") {
          history[hash]?.wallSeconds.append(seconds)
        }
      }
      return history
    }
  }
}

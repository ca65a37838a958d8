import Foundation
import GRDB
import Testing

/// What the store of a program's folder holds, read as anyone can read it.
extension Program {
  var storePath: String { folder.appending(path: ".bench/bench.db").path }

  /// Reads the store with SQL, as `sqlite3` does: it may roll back what a killed process left half written.
  func query<Value>(_ body: (Database) throws -> Value) throws -> Value {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: storePath, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read(body)
  }

  /// Changes the store behind the program's back.
  func meddle(_ sql: String) throws {
    let queue = try DatabaseQueue(path: storePath)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// Each trial's trace digest by its key: that of the attempt that ran to its end.
  func traceDigests() throws -> [String: String] {
    let rows = try query { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT trial.key, attempt.trace_digest FROM trial JOIN attempt ON attempt.trial_id = trial.id
          WHERE attempt.trace_digest IS NOT NULL
          """)
    }
    // A trial that was trained to its end twice would be here twice.
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }

  /// The weight file of each trial that ran to its end, by the trial's key; its name is the digest that the store has.
  func weights() throws -> [String: Data] {
    let rows = try query { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT trial.key, attempt.weights_digest FROM trial JOIN attempt ON attempt.id = trial.attempt_id
          WHERE attempt.weights_digest IS NOT NULL
          """)
    }
    return try Dictionary(uniqueKeysWithValues: rows.map { ($0[0], try Data(contentsOf: weightFile($0[1]))) })
  }

  /// Where the weights with a digest lie.
  func weightFile(_ digest: String) -> URL {
    folder.appending(path: ".bench/weights/bench.db/\(digest).safetensors")
  }

  /// How many trials the view `trials` has in each state.
  func states() throws -> [String: Int] {
    let rows = try query { try Row.fetchAll($0, sql: "SELECT state, count(*) FROM trials GROUP BY state") }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }

  /// Executions of trials, those that were broken off included.
  func attempts() throws -> Int { try query { try Int.fetchOne($0, sql: "SELECT count(*) FROM attempt") ?? 0 } }

  /// All that was measured, as text: every loss and every score with its place.
  func measurements() throws -> [String] {
    try query { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT trial.key || ' loss ' || iteration || ' ' || printf('%.17g', value)
          FROM batch_loss JOIN trial ON trial.id = trial_id
          UNION ALL
          SELECT trial.key || ' ' || series_id || ' ' || iteration || ' ' || printf('%.17g', value)
          FROM metric JOIN trial ON trial.id = trial_id
          ORDER BY 1
          """)
    }
  }

  /// Expects a sound file.
  func expectSoundStore(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let faults = try query { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        + Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { "\($0)" }
    }
    #expect(faults.isEmpty, sourceLocation: sourceLocation)
  }
}

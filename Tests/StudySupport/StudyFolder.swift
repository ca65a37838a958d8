import Experiments
import Foundation
import GRDB
import Tracking

/// A folder in which studies are trained, with a store that can be read as anyone can read it.
package protocol StudyFolder: Sendable {
  /// The folder.
  var folder: URL { get }
}

/// What a study measured (``StudyFolder/allNumbers()``).
package struct AllNumbers: Equatable, Sendable {
  /// Of each trial's trace, by its key.
  package let digests: [String: String]
  /// A text per loss and per score.
  package let rows: [String]
}

extension StudyFolder {
  /// Gives `body` an empty folder that is removed afterwards.
  package static func inTemporaryFolder<T>(_ make: (URL) -> Self, _ body: (Self) async throws -> T) async throws -> T {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bench-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(make(folder))
  }

  /// Writes a file into the folder.
  package func write(_ text: String, to name: String) throws {
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }

  /// The paths of all that lies in the folder, below it too.
  package var contents: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }
  }

  /// The store that is used where no other is named.
  package var storePath: String { folder.appending(path: ".bench/bench.db").path }

  /// Where that store's checkpoints lie.
  package var checkpoints: URL { folder.appending(path: ".bench/checkpoints/bench.db") }

  /// The names of the checkpoints that lie there.
  package var checkpointNames: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints.path)) ?? []
    return names.filter { $0.hasSuffix(".checkpoint") }
  }

  /// Where the weights with a digest lie.
  package func weightFile(_ digest: String) -> URL {
    folder.appending(path: ".bench/weights/bench.db/\(digest).safetensors")
  }

  /// The names of the files in which that store's trials keep their weights.
  package var weightFiles: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: weightFile("").deletingLastPathComponent().path)) ?? []
  }

  /// Reads the store with SQL, as `sqlite3` does: it may roll back what a killed process left half written.
  package func query<Value>(_ body: (Database) throws -> Value) throws -> Value {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: storePath, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read(body)
  }

  /// Changes the store behind the program's back.
  ///
  /// - Parameter sealsRows: whether the proofs of names, machines and nights are made to fit.
  package func meddle(_ sql: String, sealsRows: Bool = false) throws {
    let queue = try DatabaseQueue(path: storePath)
    try queue.writeWithoutTransaction { database in
      try database.execute(sql: sql)
      if sealsRows { try Store.sealRows(in: database) }
    }
    try queue.close()
  }

  /// Changes the store behind the program's back, digests and all: the program takes the numbers for measured ones.
  package func plant(_ sql: String) throws {
    let queue = try DatabaseQueue(path: storePath)
    try queue.write { database in
      try database.execute(sql: sql)
      try Planting.reseal(database)
    }
    try queue.close()
  }

  /// Each trial's trace digest by its key: that of the attempt that ran to its end.
  package func traceDigests() throws -> [String: String] {
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
  package func weights() throws -> [String: Data] {
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

  /// How many trials the view `trials` has in each state.
  package func states() throws -> [String: Int] {
    let rows = try query { try Row.fetchAll($0, sql: "SELECT state, count(*) FROM trials GROUP BY state") }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
  }

  /// Executions of trials, those that were broken off included.
  package func attempts() throws -> Int {
    try query { try Int.fetchOne($0, sql: "SELECT count(*) FROM attempt") ?? 0 }
  }

  /// The latest iteration after which an attempt went on from a checkpoint.
  package func lastResumption() throws -> Int {
    try query { try Int.fetchOne($0, sql: "SELECT max(resumed_from) FROM attempt") ?? 0 }
  }

  /// The digest of each trial's trace and all that was measured: equal where no bit of any number is another one.
  package func allNumbers() throws -> AllNumbers { try AllNumbers(digests: traceDigests(), rows: measurements()) }

  /// All that was measured, as text: every loss and every score with its place.
  package func measurements() throws -> [String] {
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

  /// What SQLite finds wrong with the store; empty for a sound one.
  package func storeFaults() throws -> [String] {
    try query { database in
      try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
        + Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { "\($0)" }
    }
  }
}

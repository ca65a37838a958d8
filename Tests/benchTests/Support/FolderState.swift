import Foundation
import GRDB

/// All that a folder holds, as far as it has to be the same whenever the same commands were run in it: the bytes of the
/// files, and of stores the rows without moments and durations.
struct FolderState: Equatable {
  /// Each file's bytes, by its path. Stores, and what SQLite keeps beside them, are not among them.
  var files: [String: Data] = [:]
  /// Each store's rows as text, by the store's path.
  var rows: [String: [String]] = [:]

  /// Reads a folder.
  init(of folder: URL) throws {
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let url = folder.appending(path: name)
      guard (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true else { continue }
      if name.hasSuffix(".db") {
        rows[name] = try Self.rows(of: url.path)
      } else if ![".db-wal", ".db-shm", ".db-journal"].contains(where: name.hasSuffix) {
        files[name] = Self.withoutMoment(try Data(contentsOf: url), name)
      }
    }
  }

  /// What differs from another state, in words.
  func differences(from other: FolderState) -> [String] {
    func changed<Value: Equatable>(_ mine: [String: Value], _ theirs: [String: Value]) -> [String] {
      Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }.sorted().map {
        mine[$0] == nil ? "\($0) is missing" : theirs[$0] == nil ? "\($0) is too much" : "\($0) differs"
      }
    }
    let changedRows = rows.keys.flatMap { store in
      let (mine, theirs) = (Set(rows[store] ?? []), Set(other.rows[store] ?? []))
      return mine.subtracting(theirs).map { "too much: \($0)" } + theirs.subtracting(mine).map { "missing: \($0)" }
    }
    return changed(files, other.files) + changed(rows, other.rows) + changedRows.sorted().prefix(4)
  }

  /// The files below a folder, without what is in its folders `excluding`.
  func part(_ folder: String, excluding: String) -> [String: Data] {
    files.filter { $0.key.hasPrefix(folder + "/") && !$0.key.hasPrefix("\(folder)/\(excluding)/") }
  }

  /// Files that are made on the way to others.
  var drafts: [String] {
    files.keys.filter { path in
      let names = path.split(separator: "/")
      return names.contains {
        $0.hasPrefix(".") && $0 != ".bench" && $0 != ".gitignore" || $0.hasSuffix(".part") || $0.hasSuffix(".partial")
      }
    }.sorted()
  }

  /// A report's page without the line that says when it was written.
  private static func withoutMoment(_ data: Data, _ name: String) -> Data {
    guard name.hasSuffix("README.md") || name.hasSuffix("index.html") else { return data }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    return Data(lines.filter { !$0.contains("Written 20") }.joined(separator: "\n").utf8)
  }

  /// Columns that say when, by whom and how long; and the document's own, whose times a digest covers.
  private static let passing: Set<String> = [
    "created_at", "claimed_at", "heartbeat_at", "lease_until", "started_at", "ended_at", "recorded_at",
    "anchor_created_at", "registered_at", "opened_at", "seen_at", "wall_seconds", "cpu_seconds", "peak_bytes",
    "images_per_second", "result_digest", "proof", "process", "process_started", "boot", "process_namespace",
    "token", "owner",
    "id", "attempt_id", "run_id", "night_id", "environment_id", "source_id",
  ]

  private static func rows(of store: String) throws -> [String] {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(10)
    let queue = try DatabaseQueue(path: store, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read { database in
      let faults = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      let tables = try String.fetchAll(
        database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      // How often a trial was begun, and by which command, depends on the faults.
      let rows = try tables.filter { !["attempt", "run", "environment", "sqlite_sequence", "hits"].contains($0) }
        .flatMap { table in
          try Row.fetchAll(database, sql: "SELECT * FROM \"\(table)\"").map { row in
            let values = row.filter { name, _ in !passing.contains(name) }
            return "\(table): " + values.map { "\($0)=\($1)" }.joined(separator: ", ")
          }
        }
      // A kill in the middle of its making leaves a store with the first of its tables.
      let isMade =
        try tables.contains("attempt") && database.columns(in: "attempt").contains { $0.name == "weights_digest" }
      let ends =
        try !isMade
        ? []
        : Row.fetchAll(
          database,
          sql: """
            SELECT key, state, trace_digest, weights_digest FROM trial LEFT JOIN attempt ON attempt.id = trial.attempt_id
            """
        ).map { "\($0)" }
      // What is recorded is recorded once.
      let counts = try tables.filter { ["night", "baseline"].contains($0) }.map { table in
        "\(table): \(try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0) rows"
      }
      return faults + counts + Set(rows + ends).sorted()
    }
  }
}

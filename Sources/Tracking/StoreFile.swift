import Experiments
import Files
import Foundation
import GRDB

/// The file of a store before it is opened: whose it is, whether it is up to date, and how to open it.
struct StoreFile {
  let path: String
  let schema: Schema

  /// What was found in a file that is ours.
  struct Contents {
    /// The last migration that it has not had; `nil` where it is up to date.
    var newest: String?
    /// Whether this program can read it as it is.
    var isReadable: Bool
  }

  init(path: String, schema: Schema) {
    (self.path, self.schema) = (URL(fileURLWithPath: path).standardizedFileURL.path, schema)
  }

  /// Whether the folder that the file lies in, or would, is there.
  var hasFolder: Bool {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Looks at the file without changing it.
  ///
  /// - Returns: `nil` where there is no store yet.
  /// - Throws: ``StoreError`` where the file can't be read, is not ours, or is newer than this program.
  func inspect(busySeconds: Double, isUnchanging: Bool = false) throws -> Contents? {
    guard hasFolder else { throw StoreError.missingFolder(path: path) }
    guard try hasSQLiteHeader() else { return nil }
    let queue = try isUnchanging ? openUnchanging() : openForReading(busySeconds: busySeconds)
    defer { try? queue.close() }
    return try queue.read(contents)
  }

  /// Whether the file has SQLite's first bytes; `false` where it is missing or empty.
  private func hasSQLiteHeader() throws -> Bool {
    if let complaint = FileKind(path: path)?.complaint { throw StoreError.unreadable(path: path, reason: complaint) }
    let descriptor = open(path, O_RDONLY)
    if descriptor < 0 {
      if errno == ENOENT { return false }
      throw StoreError.unreadable(path: path, reason: SystemReason.of())
    }
    defer { close(descriptor) }
    let magic = Array("SQLite format 3\0".utf8)
    var bytes = [UInt8](repeating: 0, count: magic.count)
    let count = read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw StoreError.unreadable(path: path, reason: SystemReason.of()) }
    if count == 0 { return false }
    guard bytes == magic else { throw StoreError.notSQLite(path: path) }
    return true
  }

  private func contents(_ database: Database) throws -> Contents? {
    let tables = try Set(String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'"))
    let identifier = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    // A process that was killed while it created the store leaves an empty one, or one that has the list alone.
    if identifier == 0, tables.isSubset(of: ["grdb_migrations"]) { return nil }
    guard identifier == Schema.applicationID, tables.contains("format") else { throw StoreError.notOurs(path: path) }
    let rows = try Row.fetchAll(database, sql: "SELECT migration, needs FROM format ORDER BY rowid")
    let known = schema.migrations.map(\.name)
    if let newest = try rows.last(where: { try !known.contains($0.get("migration")) }) {
      throw StoreError.newer(path: path, needs: try newest.get("needs"))
    }
    let applied = try Set(rows.map { try $0.get("migration", as: String.self) })
    try checkColumns(database, applied: schema.migrations.last { applied.contains($0.name) }?.name)
    let missing = schema.migrations.filter { !applied.contains($0.name) }
    return Contents(newest: missing.last?.name, isReadable: missing.allSatisfy(\.isOptionalForReading))
  }

  /// Throws where a table or view lacks a column that its making gave it: its name was damaged.
  ///
  /// - Parameter last: the name of the last migration that was applied.
  private func checkColumns(_ database: Database, applied last: String?) throws {
    guard let last else { return }
    let found = try Self.columns(database)
    if Self.digest(of: found) == schema.migrations.first(where: { $0.name == last })?.columns { return }
    let model = try DatabaseQueue()
    try schema.migrator.migrate(model, upTo: last)
    for (table, columns) in try model.read(Self.columns) {
      for column in columns.sorted() where found[table]?.contains(column) != true {
        throw StoreError.damaged(path: path, reason: "\(table) has no column \(column)")
      }
    }
  }

  /// What ``Schema/Migration/columns`` has of a store's columns.
  static func digest(of columns: [String: Set<String>]) -> String {
    let lines = columns.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.sorted().joined(separator: " "))\n" }
    return ContentDigest.hex(of: Array(lines.joined().utf8))
  }

  /// The names of the columns of each table and view.
  static func columns(_ database: Database) throws -> [String: Set<String>] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT sqlite_master.name, columns.name
        FROM sqlite_master JOIN pragma_table_info(sqlite_master.name) AS columns
        WHERE sqlite_master.type IN ('table', 'view')
        """)
    return Dictionary(grouping: rows) { $0[0] as String }.mapValues { Set($0.map { $0[1] as String }) }
  }

  /// Throws where the file is there but can't be written, or lies where several machines would write it.
  func requireWritable() throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if let kind = FileSystemKind.shared(at: folder) { throw StoreError.networkFileSystem(path: path, kind: kind) }
    let descriptor = open(path, O_RDWR)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != ENOENT {
      throw errno == EACCES || errno == EROFS || errno == EPERM
        ? StoreError.readOnly(path: path)
        : StoreError.unreadable(path: path, reason: SystemReason.of())
    }
  }

  /// Opens the file for reading. In a folder where SQLite may not lay its log beside it, a file whose log was folded in
  /// is read as one that nobody changes.
  func openForReading(busySeconds: Double) throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(busySeconds)
    if isLeftHalfWritten, access(path, W_OK) == 0 { try finishWriting(busySeconds: busySeconds) }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
      return queue
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode) && !hasLog && !isLeftHalfWritten
    {
      return try openUnchanging()
    }
  }

  /// Opens a file that nobody changes, for reading.
  func openUnchanging() throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: address("immutable=1"), configuration: configuration)
  }

  /// The path as SQLite takes it with a parameter.
  func address(_ parameter: String) -> String {
    "file:\(path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path)?\(parameter)"
  }

  /// Which file lies at a path, whatever its name.
  struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// The file at the path; `nil` where there is none.
  var identity: Identity? { identity(of: path) }

  /// The log and its index beside the path, where they are.
  var logs: [Identity?] { ["-wal", "-shm"].map { identity(of: path + $0) } }

  private func identity(of path: String) -> Identity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
  }

  /// Copies what an open store holds into a new file: beside its path or, where that folder is gone, in the working
  /// folder. Then removes the store's log, which SQLite would fold into whatever lies at the path now.
  ///
  /// - Parameter opened: The log as it was when the store was opened; another's is left alone.
  /// - Returns: the new file; `nil` where none could be written.
  func rescue(_ queue: DatabaseQueue, logs opened: [Identity?]) -> String? {
    defer {
      for (suffix, log) in zip(["-wal", "-shm"], opened) where log != nil && identity(of: path + suffix) == log {
        unlink(path + suffix)
      }
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    let beside = URL(fileURLWithPath: path).deletingLastPathComponent().path
    for folder in [beside, FileManager.default.currentDirectoryPath] {
      let copy = "\(folder)/\(name).rescued-\(getpid())"
      do {
        try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
        return copy
      } catch {
        continue
      }
    }
    return nil
  }

  private var hasLog: Bool { size(of: "-wal") > 0 }

  /// Whether a journal lies beside the file: a process that was killed at the wrong moment, while it made the store or
  /// folded the log in, leaves its transaction to be rolled back by the next.
  private var isLeftHalfWritten: Bool { size(of: "-journal") > 0 }

  /// Lets SQLite roll back what a killed process left half written, which a connection for reading only can't.
  private func finishWriting(busySeconds: Double) throws {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .timeout(busySeconds)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    _ = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
    try queue.close()
  }

  private func size(of suffix: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
    return attributes?[.size] as? Int ?? 0
  }

  /// Opens the file for writing, or creates it.
  func openForWriting(_ wait: BusyWait) throws -> DatabaseQueue {
    var configuration = GRDB.Configuration()
    configuration.busyMode = .callback { wait.goesOn(after: $0) }
    configuration.foreignKeysEnabled = true
    configuration.prepareDatabase { database in
      let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
      guard mode == "wal" else {
        throw StoreError.failed(
          path: path, reason: "can't keep a write-ahead log here (journal mode is \(mode ?? "?"))")
      }
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    do {
      return try DatabaseQueue(path: path, configuration: configuration)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
      throw StoreError.readOnly(path: path)
    }
  }

  /// Brings the store up to date, after an older one was copied beside it.
  func migrate(_ queue: DatabaseQueue, from found: Contents?) throws {
    if let found {
      guard let newest = found.newest else { return }
      // By the last migration's name: one who was killed after the first goes on, and copies nothing half migrated. One
      // who was killed while the store was made leaves nothing to copy.
      if try queue.read(Self.holdsAnything) { try copy(queue, to: "\(path).before-\(newest)") }
    }
    // Several processes may create or migrate a store at once. A step that another has made meanwhile fails here, and
    // the rest is looked at anew; each such failure means that there is a step less to make.
    let migrator = schema.migrator
    while true {
      let before = try queue.read(Self.countSteps)
      do {
        try migrator.migrate(queue)
        return
      } catch {
        guard try queue.read(Self.countSteps) > before else { throw error }
      }
    }
  }

  /// The copies that ``migrate(_:from:)`` made beside the file, in alphabetical order.
  var backups: [URL] {
    let place = URL(fileURLWithPath: path)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.deletingLastPathComponent().path)) ?? []
    return names.filter { $0.hasPrefix("\(place.lastPathComponent).before-") }.sorted()
      .map { place.deletingLastPathComponent().appending(path: $0) }
  }

  private static func holdsAnything(_ database: Database) throws -> Bool {
    try ["study", "baseline", "night"].contains { table in
      try database.tableExists(table) && Row.fetchOne(database, sql: "SELECT 1 FROM \(table)") != nil
    }
  }

  private static func countSteps(_ database: Database) throws -> Int {
    guard try database.tableExists("grdb_migrations") else { return 0 }
    return try Int.fetchOne(database, sql: "SELECT count(*) FROM grdb_migrations") ?? 0
  }

  /// Copies the store as it is into a new file, unless that is there already: another process, which began to migrate
  /// earlier, made it of the older store.
  private func copy(_ queue: DatabaseQueue, to backup: String) throws {
    let place = URL(fileURLWithPath: backup)
    Draft.sweep(of: place)
    Draft.sweep(of: place, suffix: "-journal")
    guard !FileManager.default.fileExists(atPath: backup) else { return }
    let draft = Draft(for: place)
    defer { draft.remove() }
    let unfinished = draft.url.path(percentEncoded: false)
    try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [unfinished]) }
    // Unlike a rename, this replaces nothing.
    guard link(unfinished, backup) == 0 || errno == EEXIST else {
      throw StoreError.unwritableBackup(path: backup, reason: SystemReason.of())
    }
  }
}

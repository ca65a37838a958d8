import Foundation
import GRDB
import Synchronization

/// The SQLite file that keeps studies, trials and what was measured.
///
/// Several processes may use one store at once: each writes in short transactions, and viewers never block a writer.
/// All methods may be called from any thread. They throw ``StoreError``.
package final class Store: Sendable {
  /// What a store is opened for.
  package enum Access: Sendable {
    /// Reading and writing; creates the store where there is none, and brings an older one up to date.
    case readWrite
    /// Reading only; changes nothing, and needs no permission to write.
    case readOnly
    /// Reading a file that nobody changes, without the locks that network file systems don't always have.
    case unchanging
  }

  /// Where the file lies.
  package let path: String
  /// What it was opened for.
  package let access: Access
  let queue: DatabaseQueue
  private let file: StoreFile
  private let wait: BusyWait
  /// The file that was opened for writing.
  private let opened: StoreFile.Identity?
  private let openedLogs: [StoreFile.Identity?]
  /// The error of a file that is no longer at its path, once its contents were copied elsewhere.
  private let replacement = Mutex<StoreError?>(nil)

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - path: The file; its folder must exist.
  ///   - access: Whether it may be written. An older store is copied to `PATH.before-MIGRATION`, by the last one, before it is changed.
  ///   - busySeconds: How long to wait for other processes.
  package convenience init(path: String, access: Access, busySeconds: Double = 10) throws {
    try self.init(path: path, access: access, busySeconds: busySeconds, schema: .current)
  }

  init(path: String, access: Access, busySeconds: Double = 10, schema: Schema) throws {
    let file = StoreFile(path: path, schema: schema)
    let wait = BusyWait(path: file.path, seconds: busySeconds)
    (self.file, self.wait, self.path, self.access) = (file, wait, file.path, access)
    do {
      switch access {
      case .readOnly:
        queue = try wait.whileBusy {
          guard file.hasFolder, let found = try file.inspect(busySeconds: busySeconds) else {
            throw StoreError.missing(path: file.path)
          }
          guard found.isReadable else { throw StoreError.older(path: file.path) }
          return try file.openForReading(busySeconds: busySeconds)
        }
        (opened, openedLogs) = (nil, [])
      case .unchanging:
        guard file.hasFolder, let found = try file.inspect(busySeconds: busySeconds, isUnchanging: true) else {
          throw StoreError.missing(path: file.path)
        }
        guard found.newest == nil else { throw StoreError.older(path: file.path) }
        (opened, openedLogs) = (file.identity, [])
        queue = try file.openUnchanging()
      case .readWrite:
        queue = try wait.whileBusy {
          let found = try file.inspect(busySeconds: busySeconds)
          try file.requireWritable()
          let queue = try file.openForWriting(wait)
          try file.migrate(queue, from: found)
          return queue
        }
        (opened, openedLogs) = (file.identity, file.logs)
      }
    } catch {
      throw StoreError.translated(error, path: file.path)
    }
  }

  /// From now on waits for longer while other processes hold the store, before it throws ``StoreError/busy(path:)``: a
  /// night's work must not end because someone copies the store.
  ///
  /// - Parameter say: hears once that the store is waited for.
  package func bePatient(seconds: Double, say: @escaping @Sendable (String) -> Void) {
    wait.bePatient(seconds: seconds, say: say)
  }

  /// Folds the log into the file and closes it. Where no other process has it open, one whole file is left that anyone
  /// can read without permission to write.
  package func close() throws {
    // Closing would fold the log of whatever lies there now into it, or remove it.
    guard replacement.withLock({ $0 == nil }), opened == file.identity || access != .readWrite else {
      _ = Unmanaged.passRetained(queue)
      throw replaced()
    }
    if access == .readWrite {
      // Where others have it open, the last of them does this.
      try? queue.writeWithoutTransaction { database in
        _ = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        _ = try Row.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
      }
    }
    do { try queue.close() } catch { throw StoreError.translated(error, path: path) }
  }

  /// What SQLite finds wrong with the file; empty for a sound one. Reads all of it.
  package func integrityErrors() throws -> [String] {
    try read { database in
      let lines = try String.fetchAll(database, sql: "PRAGMA integrity_check")
      let strays = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
      return lines.filter { $0 != "ok" } + strays.map { "foreign key: \($0)" }
    }
  }

  func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do { return try queue.read(body) } catch { throw StoreError.translated(error, path: path) }
  }

  /// Runs `body` in one transaction that takes the write lock at once.
  func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
    let value: Value
    do { value = try queue.write(body) } catch { throw StoreError.translated(error, path: path) }
    guard opened == file.identity else { throw replaced() }
    return value
  }

  /// Runs `body` in one transaction in which another store's tables are there as `other.TABLE`, as
  /// ``writeInBulk(beside:_:)`` does.
  func write<Value>(beside other: Store, _ body: (Database) throws -> Value) throws -> Value {
    try writeInBulk(beside: other, body)
  }

  /// Runs `body` in one transaction that takes the write lock at once, for many rows: they are not looked up in the
  /// tables that they refer to, and the log grows to 64 MB before it is folded in.
  ///
  /// - Parameter other: a store whose tables are there as `other.TABLE`.
  func writeInBulk<Value>(beside other: Store? = nil, _ body: (Database) throws -> Value) throws -> Value {
    var value: Value?
    do {
      try queue.writeWithoutTransaction { database in
        if let other {
          try database.execute(
            sql: "ATTACH DATABASE ? AS other",
            arguments: [other.file.address(other.access == .unchanging ? "immutable=1" : "mode=ro")])
        }
        try database.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 16384")
        defer {
          if other != nil { try? database.execute(sql: "DETACH DATABASE other") }
          try? database.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000")
        }
        try database.inTransaction(.immediate) {
          value = try body(database)
          // What was looked at before may have been another file than the one that was attached.
          if let other, other.access == .unchanging, other.opened != other.file.identity {
            throw StoreError.busy(path: other.path)
          }
          return .commit
        }
      }
    } catch {
      throw StoreError.translated(error, path: path)
    }
    guard opened == file.identity, let value else { throw replaced() }
    return value
  }

  /// Bytes of the store that hold nothing any more, and that ``giveSpaceBack()`` gives back.
  package func freeBytes() throws -> Int {
    try read { database in
      let pages = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
      return try pages * (Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }
  }

  /// Writes the store anew without the space that holds nothing. Who is killed meanwhile leaves it as it was; it takes
  /// room on the disk for a second copy.
  package func giveSpaceBack() throws {
    do { try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM") } } catch {
      throw StoreError.translated(error, path: path)
    }
    guard opened == file.identity else { throw replaced() }
  }

  /// The copies of older stores that were made beside this one before it was brought up to date.
  package var backups: [URL] { file.backups }

  /// The kind of file system that a folder lies in, where several machines may see it and no store can be written in place;
  /// `nil` for a disk of this machine.
  package static func sharedFileSystem(at folder: String) -> String? { FileSystemKind.shared(at: folder) }

  /// Copies the store as it is now into a new file, without the log that others may be writing.
  ///
  /// - Parameter place: where no file lies yet.
  package func copy(to place: String) throws {
    do {
      try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [place]) }
    } catch {
      throw StoreError.translated(error, path: place)
    }
  }

  /// The error of a store that was removed or replaced, after its contents were copied beside it.
  private func replaced() -> StoreError {
    replacement.withLock { known in
      let error = known ?? .replaced(path: path, kept: file.rescue(queue, logs: openedLogs))
      known = error
      return error
    }
  }

  /// Seconds since 1970.
  static var now: Double { Date().timeIntervalSince1970 }
}

import Dispatch
import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

/// Linux's own: the user that the calling thread is to the file system, and to nothing else.
@_silgen_name("setfsuid") private func setfsuid(_ user: UInt32) -> Int32

@Suite struct StoreFileTests {
  let folder: Folder
  var path: String { folder.store }

  init() throws { folder = try Folder() }

  func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

  func contents() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }

  @Test(arguments: [Store.Access.readWrite, .readOnly])
  func fileThatIsNoDatabaseIsLeftAlone(access: Store.Access) throws {
    let text = Data("my thesis, the only copy".utf8)
    try text.write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.notSQLite(path: path)) { try Store(path: path, access: access) }
    #expect(try bytes() == text)
    #expect(try contents() == ["bench.db"])
  }

  /// Removes or replaces the file at the path of an open store.
  @Test(arguments: ["removed", "folder removed", "moved", "replaced"])
  func storeThatIsNoLongerAtItsPathIsKeptBesideIt(how: String) throws {
    let store = try Store(path: path, access: .readWrite)
    let sample = Sample()
    let run = try sample.register(in: store)
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    let manager = FileManager.default
    let other = folder.path + "/other.db"
    switch how {
    case "removed": try manager.removeItem(atPath: path)
    case "folder removed": try manager.removeItem(atPath: folder.path)
    case "moved": try manager.moveItem(atPath: path, toPath: other)
    default:
      let stranger = try Store(path: other, access: .readWrite)
      try stranger.close()
      try #require(rename(other, path) == 0)
    }
    let stranger = try? bytes()
    var found: StoreError?
    do {
      try store.record(attempt, events: [.batchLosses(first: 1, losses: [1, 2])])
    } catch let error as StoreError {
      found = error
    }
    guard case .replaced(path, let kept?)? = found else {
      Issue.record("\(String(describing: found))")
      return
    }
    defer { try? manager.removeItem(atPath: kept) }
    #expect(throws: StoreError.replaced(path: path, kept: kept)) { try store.close() }
    // What lies at the path now is left alone, without the log of the old store, which would be folded into it, and what
    // was measured last is in the copy.
    #expect((try? bytes()) == stranger)
    #expect(!manager.fileExists(atPath: path + "-wal"))
    if how == "replaced" { #expect(try Store(path: path, access: .readOnly).studies().isEmpty) }
    let copy = try Store(path: kept, access: .readOnly)
    #expect(try copy.losses(of: sample.key(0, 0)).map(\.loss) == [1, 2])
  }

  @Test(arguments: [Store.Access.readWrite, .readOnly])
  func databaseOfAnotherProgramIsLeftAlone(access: Store.Access) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE note (text TEXT)") }
    try queue.close()
    let before = try bytes()
    #expect(throws: StoreError.notOurs(path: path)) { try Store(path: path, access: access) }
    #expect(try bytes() == before)
    #expect(try contents() == ["bench.db"])
  }

  @Test func damagedDatabaseIsAClearError() throws {
    var data = Data("SQLite format 3\0".utf8)
    data.append(Data(repeating: 0xA5, count: 5000))
    try data.write(to: URL(fileURLWithPath: path))
    #expect(throws: StoreError.self) { try Store(path: path, access: .readWrite) }
    #expect(try bytes() == data)
  }

  @Test func missingPlacesAreNamed() throws {
    #expect(throws: StoreError.missingFolder(path: folder.path + "/no/bench.db")) {
      try Store(path: folder.path + "/no/bench.db", access: .readWrite)
    }
    #expect(throws: StoreError.missing(path: path)) { try Store(path: path, access: .readOnly) }
    #expect(throws: StoreError.unreadable(path: folder.path, reason: "it is a directory; expected a file")) {
      try Store(path: folder.path, access: .readWrite)
    }
    #expect(try contents().isEmpty)
  }

  @Test func emptyFileBecomesAStore() throws {
    try Data().write(to: URL(fileURLWithPath: path))
    let store = try Store(path: path, access: .readWrite)
    #expect(try store.studies().isEmpty)
  }

  @Test func settingsAreThoseOfTheDesign() throws {
    let store = try Store(path: path, access: .readWrite)
    #expect(try store.rows("PRAGMA journal_mode") == [["wal".databaseValue]])
    #expect(try store.rows("PRAGMA synchronous") == [[2.databaseValue]])
    #expect(try store.rows("PRAGMA foreign_keys") == [[1.databaseValue]])
    #expect(try store.rows("PRAGMA application_id") == [[Schema.applicationID.databaseValue]])
    let tables = try store.rows(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'"
    )
    #expect(tables == [["grdb_migrations".databaseValue]])
  }

  @Test func closedStoreIsOneFileForAnyReader() throws {
    let sample = Sample()
    let store = try Store(path: path, access: .readWrite)
    let attempt = try #require(try store.claim(sample.key(0, 0), for: sample.register(in: store)))
    try store.record(attempt, events: [.batchLosses(first: 1, losses: [1, 2])])
    #expect(try contents().count > 1)
    try store.close()
    #expect(try contents() == ["bench.db"])
    let viewer = try Store(path: path, access: .readOnly)
    #expect(try viewer.losses(of: sample.key(0, 0)).count == 2)
    #expect(try viewer.rows("PRAGMA journal_mode") == [["delete".databaseValue]])
    #expect(try contents() == ["bench.db"])
  }

  @Test func viewerReadsWhileAWriterIsAtWork() throws {
    let sample = Sample()
    let writer = try Store(path: path, access: .readWrite)
    let run = try sample.register(in: writer)
    let viewer = try Store(path: path, access: .readOnly, busySeconds: 0)
    let attempt = try #require(try writer.claim(sample.key(0, 0), for: run))
    try writer.queue.write { database in
      try database.execute(sql: "UPDATE revision SET title = 'changed'")
      try Store.sealRows(in: database)
      #expect(try viewer.study(named: "sample").title == "A sample")
    }
    #expect(try viewer.study(named: "sample").title == "changed")
    try viewer.read { database in
      _ = try Row.fetchAll(database, sql: "SELECT * FROM trials")
      try writer.record(attempt, events: [.batchLosses(first: 1, losses: [1])])
    }
    #expect(try viewer.losses(of: sample.key(0, 0)).count == 1)
    #expect(throws: StoreError.readOnly(path: path)) { try sample.register(in: viewer) }
    try writer.close()
    #expect(try viewer.losses(of: sample.key(0, 0)).count == 1)
  }

  @Test func viewerStaysWhileWritersComeAndGo() throws {
    let sample = Sample()
    try Store(path: path, access: .readWrite).close()
    let viewer = try Store(path: path, access: .readOnly)
    for count in 1...3 {
      let first = try Store(path: path, access: .readWrite)
      let second = try Store(path: path, access: .readWrite)
      try sample.register(in: first)
      try first.close()
      try sample.register(in: second)
      #expect(try viewer.rows("SELECT count(*) FROM run") == [[(2 * count).databaseValue]])
      try second.close()
      #expect(try viewer.rows("SELECT count(*) FROM run") == [[(2 * count).databaseValue]])
    }
    #expect(try viewer.integrityErrors() == [])
  }

  @Test func manyMayCreateAStoreAtOnce() throws {
    for round in 0..<3 {
      let path = folder.path + "/new\(round).db"
      DispatchQueue.concurrentPerform(iterations: 6) { _ in
        do {
          // Patient: on a loaded machine six may wait for each other for long.
          let store = try Store(path: path, access: .readWrite, busySeconds: 300)
          try Sample().register(in: store)
          try store.close()
        } catch {
          Issue.record(error)
        }
      }
      let store = try Store(path: path, access: .readOnly)
      #expect(try store.rows("SELECT count(*), max(revision_id) FROM run") == [[6.databaseValue, 1.databaseValue]])
      #expect(try store.integrityErrors() == [])
    }
  }

  /// What SQLite says at once while another process works on the shape is no error yet.
  @Test(arguments: [ResultCode.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_SCHEMA])
  func anOpeningThatMeetsAnotherIsTriedAgain(code: ResultCode) throws {
    var tries = 0
    let wait = BusyWait(path: path, seconds: 10)
    try wait.whileBusy {
      tries += 1
      if tries < 3 { throw DatabaseError(resultCode: code) }
    }
    #expect(tries == 3)
    #expect(throws: DatabaseError.self) {
      try BusyWait(path: path, seconds: 0).whileBusy { throw DatabaseError(resultCode: code) }
    }
  }

  /// Many small steps make it likely that one process is in the middle when another looks.
  @Test(arguments: [false, true]) func manyMayMigrateAStoreAtOnce(isThere: Bool) throws {
    let steps = (0..<40).map {
      Schema.Migration(name: "step-\($0)", needs: "bench 9.9.0", sql: "CREATE TABLE step_\($0) (x INTEGER) STRICT;")
    }
    let schema = Schema(migrations: Schema.current.migrations + steps)
    for round in 0..<6 {
      let path = folder.path + "/old\(round).db"
      if isThere {
        let old = try Store(path: path, access: .readWrite)
        try Sample().register(in: old)
        try old.close()
      }
      DispatchQueue.concurrentPerform(iterations: 6) { _ in
        do {
          try Store(path: path, access: .readWrite, busySeconds: 300, schema: schema).close()
        } catch {
          Issue.record(error)
        }
      }
      let store = try Store(path: path, access: .readOnly, schema: schema)
      #expect(try store.rows("SELECT count(*) FROM format") == [[schema.migrations.count.databaseValue]])
      if isThere {
        // The copy is of the store as it was, whoever made it.
        let backup = try DatabaseQueue(path: path + ".before-\(schema.migrations.last?.name ?? "")")
        #expect(
          try backup.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM format") }
            == Schema.current.migrations.count)
      }
    }
    #expect(try contents().allSatisfy { !$0.hasPrefix(".") })
  }

  @Test func storeIsReadInAFolderThatCannotBeWritten() throws {
    let sample = Sample()
    for closed in [true, false] {
      let store = try Store(path: path, access: .readWrite)
      let run = try sample.register(in: store)
      if closed {
        try store.close()
      } else {
        // As a kill leaves it: the log folded in, the file still marked as having one.
        _ = try store.claim(sample.key(0, 0), for: run)
        try store.queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let copy = try bytes()
        try store.close()
        try copy.write(to: URL(fileURLWithPath: path))
      }
      try withoutPermission(to: folder.path) {
        let viewer = try Store(path: path, access: .readOnly)
        #expect(try viewer.studies().map(\.trials) == [6])
        #expect(throws: StoreError.readOnly(path: path)) { try Store(path: path, access: .readWrite) }
        #expect(throws: StoreError.readOnly(path: folder.path + "/new.db")) {
          try Store(path: folder.path + "/new.db", access: .readWrite)
        }
      }
    }
  }

  @Test func crashImageOpensSound() throws {
    let sample = Sample()
    let store = try Store(path: path, access: .readWrite)
    let attempt = try #require(try store.claim(sample.key(0, 0), for: sample.register(in: store)))
    // A copy of file and log between any two writes, cut anywhere in the log, is what a kill or a power cut leaves.
    for round in 0..<20 {
      let losses = [Float](repeating: Float(round), count: 100)
      try store.record(attempt, events: [.batchLosses(first: round * 100 + 1, losses: losses)])
      let image = folder.path + "/image\(round).db"
      try FileManager.default.copyItem(atPath: path, toPath: image)
      var log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
      log = log.prefix(log.count - round * 333 % log.count)
      try log.write(to: URL(fileURLWithPath: image + "-wal"))
      let found = try Store(path: image, access: .readWrite)
      #expect(try found.integrityErrors() == [])
      let iterations = (try? found.losses(of: sample.key(0, 0)).map(\.iteration)) ?? []
      #expect(iterations.count % 100 == 0)
      #expect(iterations == Array(1...max(1, iterations.count)).prefix(iterations.count).map { $0 })
      try found.close()
    }
  }

  /// Runs `body` as a user who may not write the folder. The superuser may write everywhere, so its thread gives up
  /// its identity on the file system meanwhile.
  private func withoutPermission(to folder: String, _ body: () throws -> Void) throws {
    chmod(folder, 0o555)
    chmod(path, 0o444)
    if geteuid() == 0 { _ = setfsuid(65534) }
    defer {
      if geteuid() == 0 { _ = setfsuid(0) }
      chmod(folder, 0o755)
      chmod(path, 0o644)
    }
    try body()
  }
}

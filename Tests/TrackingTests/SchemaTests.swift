import Experiments
import Files
import Foundation
import GRDB
import Testing

@testable import Tracking

@Suite struct SchemaTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  @Test func migrationsKeepTheirNamesAndOrder() throws {
    let names = [
      "v1", "v2-hits", "v3-nights", "v4-proof", "v5-loss-interval", "v6-names", "v7-learning-rate", "v8-imports",
      "v9-annotations",
    ]
    #expect(Schema.current.migrations.map(\.name) == names)
    let store = try Store(path: folder.store, access: .readWrite)
    #expect(
      try store.rows("SELECT migration, needs FROM format ORDER BY rowid")
        == Schema.current.migrations.map { [$0.name.databaseValue, $0.needs.databaseValue] })
    #expect(try Set(store.rows("SELECT identifier FROM grdb_migrations")) == Set(names.map { [$0.databaseValue] }))
  }

  /// What is compared at each opening is what the migrations make.
  @Test func theColumnsOfEachSchemaAreThose() throws {
    for (index, migration) in Schema.current.migrations.enumerated() {
      let schema = Schema(migrations: Array(Schema.current.migrations[...index]))
      let model = try DatabaseQueue()
      try schema.migrator.migrate(model)
      let columns = try model.read(StoreFile.columns)
      #expect(migration.columns == StoreFile.digest(of: columns), "\(migration.name)")
    }
  }

  @Test(arguments: [
    (
      "trials",
      "study trial label configuration seed state parameters iterations train_loss validation_loss validation_accuracy "
        + "test_loss test_accuracy best_test_accuracy best_iteration wall_seconds cpu_seconds images_per_second error"
    ),
    ("curves", "study trial label configuration seed split metric iteration epoch value kind"),
  ])
  func publicViewsKeepTheirColumns(view: String, columns: String) throws {
    let store = try Store(path: folder.store, access: .readWrite)
    let names = try store.read {
      try String.fetchAll($0, sql: "SELECT name FROM pragma_table_info(?)", arguments: [view])
    }
    #expect(names == columns.split(separator: " ").map(String.init))
  }

  @Test func viewsShowWhatWasMeasured() throws {
    let store = try Store(path: folder.store, access: .readWrite)
    let sample = Sample()
    let attempt = try #require(try store.claim(sample.key(1, 2), for: sample.register(in: store)))
    try store.record(
      attempt,
      events: [
        .batchLosses(first: 1, losses: [0.5, 0.25]), .evaluation(Sample.evaluation(2, accuracy: 0.5, validation: 0.75)),
      ])
    try store.finish(attempt, result: Sample.result(iterations: 2))
    let trial = try store.rows("SELECT * FROM trials WHERE state <> 'planned'")
    let expected: [any DatabaseValueConvertible] = [
      "sample", sample.key(1, 2), "Model B", sample.identity.configurations[1].hash, 2, "done", 50, 2, 0.5, 0.5, 0.75,
      0.25, 0.5, 0.5, 2, 1.5, 1.25, 1000.0, DatabaseValue.null,
    ]
    #expect(trial == [expected.map(\.databaseValue)])
    let curves = try store.rows("SELECT split, metric, iteration, epoch, value, kind FROM curves")
    let rows: [[any DatabaseValueConvertible]] = [
      ["train", "loss", 1, 0.05, 0.5, "finite"], ["train", "loss", 2, 0.1, 0.25, "finite"],
      ["validation", "loss", 2, 0.1, 0.5, "finite"], ["validation", "accuracy", 2, 0.1, 0.75, "finite"],
      ["test", "loss", 2, 0.1, 0.25, "finite"], ["test", "accuracy", 2, 0.1, 0.5, "finite"],
    ]
    #expect(curves == rows.map { $0.map(\.databaseValue) })
  }

  /// A trial with a scheduler has one curve more, thinned as its losses are, and its evaluations stay what they are.
  @Test(arguments: [1, 2]) func learningRatesAreACurve(interval: Int) throws {
    let store = try Store(path: folder.store, access: .readWrite)
    let sample = Sample()
    let attempt = try #require(
      try store.claim(sample.key(1, 2), for: sample.register(in: store), lossInterval: interval))
    let evaluation = Sample.evaluation(3, accuracy: 0.5)
    try store.record(
      attempt,
      events: [
        .learningRates(first: 1, rates: [0.1, 0.3, .infinity]), .batchLosses(first: 1, losses: [3, 2, 1]),
        .evaluation(evaluation),
      ])
    let curve = try store.rows("SELECT iteration, value, kind FROM curves WHERE split = 'train' AND metric = 'lr'")
    let rows: [[any DatabaseValueConvertible]] = [
      [1, 0.1, "finite"], [2, 0.3, "finite"], [3, Double.infinity, "inf"],
    ]
    let kept = rows.enumerated().filter { ($0.offset + 1) % interval == 0 }.map(\.element)
    #expect(curve == kept.map { $0.map(\.databaseValue) })
    #expect(try store.learningRates(of: sample.key(1, 2)).map(\.iteration) == (interval == 1 ? [1, 2, 3] : [2]))
    let details = try store.trial(prefix: sample.key(1, 2))
    #expect(details.record.evaluations.map(\.iteration) == [3])
    #expect(try store.learningRates(of: sample.key(0, 0)).isEmpty)
  }

  private var next: Schema {
    Schema(
      migrations: Schema.current.migrations + [
        .init(name: "next", needs: "bench 9.9.0", sql: "ALTER TABLE study ADD COLUMN note TEXT;")
      ])
  }

  @Test func newerStoreIsRefusedByTheVersionItNeeds() throws {
    try Store(path: folder.store, access: .readWrite, schema: next).close()
    for access in [Store.Access.readWrite, .readOnly] {
      let error = #expect(throws: StoreError.newer(path: folder.store, needs: "bench 9.9.0")) {
        try Store(path: folder.store, access: access)
      }
      #expect(error?.description.contains("it needs bench 9.9.0 or later") == true)
    }
  }

  @Test func olderStoreIsBackedUpAndBroughtUpToDate() throws {
    let old = try Store(path: folder.store, access: .readWrite)
    try Sample().register(in: old)
    try old.close()
    #expect(throws: StoreError.older(path: folder.store)) {
      try Store(path: folder.store, access: .readOnly, schema: next)
    }
    let new = try Store(path: folder.store, access: .readWrite, schema: next)
    #expect(try new.rows("SELECT name, note FROM study") == [["sample".databaseValue, .null]])
    let backup = try Store(path: folder.store + ".before-next", access: .readOnly)
    #expect(try backup.studies().map(\.name) == ["sample"])
  }

  /// A process that was killed while it copied an older store left a draft of the copy.
  @Test func draftsOfBackupsAreSwept() throws {
    let old = try Store(path: folder.store, access: .readWrite)
    try Sample().register(in: old)
    try old.close()
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let draft = Draft(for: URL(filePath: folder.store + ".before-next")).url
    let left = draft.lastPathComponent.replacing(
      "-\(ProcessInfo.processInfo.processIdentifier).", with: "-\(process.processIdentifier).")
    for suffix in ["", "-journal"] { try Data("half".utf8).write(to: URL(filePath: folder.path + "/" + left + suffix)) }
    try Store(path: folder.store, access: .readWrite, schema: next).close()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["bench.db", "bench.db.before-next"])
  }

  /// As a process leaves it that was killed while it made the store.
  @Test func anEmptyStoreIsNotBackedUp() throws {
    try Store(path: folder.store, access: .readWrite).close()
    try Store(path: folder.store, access: .readWrite, schema: next).close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["bench.db"])
  }

  @Test func olderStoreIsReadAsItIsWhereTheMigrationOnlyAdds() throws {
    let dump = StoreFixtureTests.folder.appending(path: "schema-v1.sql")
    let old = try DatabaseQueue(path: folder.store)
    try old.writeWithoutTransaction { try $0.execute(sql: String(contentsOf: dump, encoding: .utf8)) }
    try old.close()
    let viewer = try Store(path: folder.store, access: .readOnly)
    var record = try viewer.study(named: "old")
    try viewer.addHits(to: &record)
    #expect(record.configurations[0].trials[0].result?.hits == nil)
    #expect(try viewer.trials().count == 4)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["bench.db"])
  }

  @Test func migrationThatFailsChangesNothing() throws {
    try Store(path: folder.store, access: .readWrite).close()
    var broken = next
    broken.migrations[broken.migrations.count - 1].sql = "DROP TABLE comparison; SELECT no_such_column FROM study;"
    #expect(throws: StoreError.self) { try Store(path: folder.store, access: .readWrite, schema: broken) }
    #expect(try Store(path: folder.store, access: .readWrite).rows("SELECT * FROM comparison").isEmpty)
  }

  static let commandLineShell = "/usr/bin/sqlite3"

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: commandLineShell), "needs the sqlite3 command"))
  func plainSQLiteAnswers() throws {
    let store = try Store(path: folder.store, access: .readWrite)
    let sample = Sample()
    let attempt = try #require(try store.claim(sample.key(0, 1), for: sample.register(in: store)))
    try store.record(attempt, events: [.evaluation(Sample.evaluation(100, accuracy: 0.5))])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: SchemaTests.commandLineShell)
    process.arguments = [
      "-readonly", folder.store, "select label, seed, test_accuracy from trials where label = 'Model A'",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(output == "Model A|0|\nModel A|1|0.5\nModel A|2|\n")
  }
}

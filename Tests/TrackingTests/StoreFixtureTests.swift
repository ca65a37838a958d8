import Foundation
import GRDB
import Testing

@testable import Tracking

/// Stores of older programs, one per schema: `Fixtures/schema-NAME.sql` is what the program of that schema made of the
/// grid beside it, as `sqlite3 .dump` prints it. A new migration brings its fixture.
@Suite struct StoreFixtureTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

  @Test(arguments: Schema.current.migrations.map(\.name))
  func storeOfEachSchemaIsReadAndGoesOn(schema: String) throws {
    let folder = try Folder()
    let dump = StoreFixtureTests.folder.appendingPathComponent("schema-\(schema).sql")
    let queue = try DatabaseQueue(path: folder.store)
    try queue.writeWithoutTransaction { try $0.execute(sql: String(contentsOf: dump, encoding: .utf8)) }
    try queue.close()

    let hasNights = !["v1", "v2-hits"].contains(schema)
    let missing = Schema.current.migrations.drop { $0.name != schema }.dropFirst()
    if missing.allSatisfy(\.isOptionalForReading) {
      let viewer = try Store(path: folder.store, access: .readOnly)
      var record = try viewer.study(named: "old")
      try viewer.addHits(to: &record)
      let hits = record.configurations.flatMap(\.trials).compactMap { $0.result?.hits }
      #expect(hits.map(\.count) == (schema == "v1" ? [] : [100, 100, 100]))
      #expect(try viewer.baselines().map(\.name) == ["good"])
      #expect(try viewer.nights(ofStudy: "old").count == (hasNights ? 1 : 0))
      try viewer.close()
    }

    let store = try Store(path: folder.store, access: .readWrite)
    let isOld = schema != Schema.current.migrations.last?.name
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).contains { $0.contains(".before-") } == isOld)
    #expect(try store.integrityErrors() == [])
    #expect(try store.proof().changedRows == [])
    for table in RowProof.Table.allCases.map(\.rawValue) {
      #expect(try store.rows("SELECT count(*) FROM \(table) WHERE proof IS NULL") == [[0.databaseValue]], "\(table)")
    }
    let study = try #require(try store.studies().first)
    #expect((study.name, study.trials, study.counts) == ("old", 4, [.done: 2, .diverged: 1, .planned: 1]))
    let isAnnotated = schema == "v9-annotations"
    #expect(study.annotations.tags == (isAnnotated ? ["later"] : []))
    #expect(try store.trialAnnotations().values.flatMap(\.tags) == (isAnnotated ? ["odd"] : []))
    let trials = try store.trials(of: "old")
    let done = try #require(trials.first { $0.state == .done })
    let details = try store.trial(prefix: done.key)
    #expect(details.record.result?.iterations == 60 && details.record.evaluations.count == 2)
    #expect(try store.losses(of: done.key).count == 60)
    #expect(try store.study(named: "old").configurations.map(\.trials.count) == [2, 2])
    #expect(try store.baselines().map(\.name) == ["good"])
    // Nights and anchors came with a later schema, and a store of an older one has none.
    let nights = try store.nights(ofStudy: "old")
    #expect(nights.map(\.baseline) == (hasNights ? ["good"] : []))
    #expect(nights.allSatisfy { $0.configurations.map(\.label) == ["lr 0.01"] && $0.machine?.host == "host" })
    #expect(try (store.baselines()[0].anchor != nil) == hasNights)

    let run = try Sample(name: "new").register(in: store)
    let attempt = try #require(try store.claim(Sample().key(0, 0), for: run))
    try store.finish(attempt, result: Sample.result())
    #expect(try store.studies().count == 2)
  }
}

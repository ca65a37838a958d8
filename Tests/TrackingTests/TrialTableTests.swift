import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

@Suite struct TrialTableTests {
  let folder: Folder
  let sample = Sample()

  init() throws { folder = try Folder() }

  @Test func listsTheLatestRevisionsTrialsInFileOrder() throws {
    let store = try Store(path: folder.store, access: .readWrite)
    let run = try sample.register(in: store)
    let attempt = try #require(try store.claim(sample.key(0, 1), for: run))
    try store.record(attempt, events: [.evaluation(Sample.evaluation(100, accuracy: 0.9))])
    try store.finish(attempt, result: Sample.result())
    let rows = try store.trials(of: sample.study.name)
    #expect(rows.map(\.key) == sample.identity.keys)
    #expect(rows[1].state == .done && rows[1].test?.accuracy == 0.9 && rows[0].state == .planned)
    #expect(try store.trials().count == rows.count)
    #expect(try store.trials(matching: TrialFilter("test_accuracy > 0.5")).map(\.key) == [sample.key(0, 1)])
    #expect(throws: StoreError.self) { try store.trials(of: "no such study") }
  }

  @Test func filtersByWhatTheConfigurationSays() throws {
    let store = try Store(path: folder.store, access: .readWrite)
    _ = try sample.register(in: store)
    let all = try store.trials()
    #expect(
      try store.trials(matching: TrialFilter("optimizer.lr<2")).map(\.key) == sample.identity.configurations[0].keys)
    #expect(try store.trials(matching: TrialFilter("training.batch_size=10 and loss=cross_entropy")).count == all.count)
    #expect(try store.trials(matching: TrialFilter("dataset.name != ''")).count == all.count)
    #expect(try store.trials(matching: TrialFilter("training.batch_size < 0")).isEmpty)
    #expect(throws: TrialFilterError.unknownPath("training.batchsize", known: TrialRow.columns)) {
      try store.trials(matching: TrialFilter("training.batchsize = 3"))
    }
  }

  @Test func historyKnowsStatesAndTimesOfTheHost() throws {
    let store = try Store(path: folder.store, access: .readWrite)
    let run = try sample.register(in: store)
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    try store.finish(attempt, result: Sample.result())
    let hash = sample.identity.configurations[0].hash
    let history = try #require(try store.history(host: Sample.environment.host)[hash])
    #expect(history.states[sample.study.seeds[0]] == .done && history.states[sample.study.seeds[1]] == .planned)
    #expect(history.wallSeconds == [Sample.result().wallSeconds])
    #expect(try store.history(host: "another")[hash]?.wallSeconds.isEmpty == true)
  }

  /// What a process leaves that is killed in a transaction without a write-ahead log.
  @Test(arguments: [Store.Access.readWrite, .readOnly])
  func whatAKilledProcessLeftHalfWrittenIsRolledBack(access: Store.Access) throws {
    let store = try Store(path: folder.store, access: .readWrite)
    _ = try sample.register(in: store)
    try store.close()
    let queue = try DatabaseQueue(path: folder.store)
    let copy = folder.path + "/copy.db"
    try queue.inDatabase { database in
      try database.execute(sql: "PRAGMA cache_size = 1; BEGIN IMMEDIATE")
      try database.execute(sql: "UPDATE configuration SET canonical = canonical || printf('%20000s', 'x')")
      for suffix in ["", "-journal"] {
        try FileManager.default.copyItem(atPath: folder.store + suffix, toPath: copy + suffix)
      }
      try database.execute(sql: "ROLLBACK")
    }
    try queue.close()
    let journal = try FileManager.default.attributesOfItem(atPath: copy + "-journal")[.size] as? Int ?? 0
    try #require(journal > 0, "the copy is of a moment in the middle")
    let opened = try Store(path: copy, access: access)
    #expect(try opened.integrityErrors().isEmpty)
    #expect(try opened.trials().count == sample.identity.keys.count)
    let longest = try opened.read { try Int.fetchOne($0, sql: "SELECT max(length(canonical)) FROM configuration") }
    #expect((longest ?? 0) < 20_000)
  }
}

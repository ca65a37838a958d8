import Dispatch
import Experiments
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Tracking

@Suite final class EventLogTests: RegisteredStore {
  /// Holds the store's lock with another connection for a while.
  private func hold(milliseconds: UInt32) throws {
    let holder = try DatabaseQueue(path: folder.store)
    let held = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      try? holder.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN IMMEDIATE")
        held.signal()
        usleep(milliseconds * 1000)
        try database.execute(sql: "COMMIT")
      }
    }
    held.wait()
  }

  @Test func aStoreThatIsHeldIsWaitedForAndToldOnce() throws {
    let mine = try Store(path: folder.store, access: .readWrite, busySeconds: 0.3)
    let told = Mutex<[String]>([])
    mine.bePatient(seconds: 60) { text in told.withLock { $0.append(text) } }
    let log = EventLog(store: mine, interval: 1000)
    let attempt = try #require(try mine.claim(sample.key(0, 0), for: run))
    for first in [1, 3] {
      try hold(milliseconds: 1000)
      try log.append(.batchLosses(first: first, losses: [1, 2]), of: attempt)
      try log.flush()
    }
    #expect(try store.losses(of: sample.key(0, 0)).count == 4)
    let texts = told.withLock { $0 }
    #expect(texts.count == 1 && texts[0].contains("another process has held the store for"), "\(texts)")
  }

  @Test func aStoreThatIsHeldForGoodEndsTheWait() throws {
    let mine = try Store(path: folder.store, access: .readWrite, busySeconds: 0.1)
    mine.bePatient(seconds: 0.5) { _ in }
    try hold(milliseconds: 2000)
    #expect(throws: StoreError.busy(path: folder.store)) { try mine.claim(sample.key(0, 0), for: run) }
  }

  @Test func manyWorkersEventsArriveInOrder() throws {
    let log = EventLog(store: store, interval: 0.01, flushThreshold: 50)
    let attempts = try sample.identity.keys.map { try #require(try store.claim($0, for: run)) }
    DispatchQueue.concurrentPerform(iterations: attempts.count) { worker in
      do {
        for iteration in stride(from: 1, through: 991, by: 10) {
          let losses = (iteration..<iteration + 10).map { Float($0 * (worker + 1)) }
          try log.append(.batchLosses(first: iteration, losses: losses), of: attempts[worker])
        }
        try log.append(.evaluation(Sample.evaluation(1000, accuracy: 0.5)), of: attempts[worker])
        try log.finish(attempts[worker], result: Sample.result(iterations: 1000))
      } catch {
        Issue.record(error)
      }
    }
    for (worker, key) in sample.identity.keys.enumerated() {
      let expected = (1...1000).map { LossPoint(iteration: $0, loss: Double($0 * (worker + 1))) }
      #expect(try store.losses(of: key, isProven: false) == expected)
    }
    #expect(try store.studies().map(\.counts) == [[.done: 6]])
  }

  @Test func eventsThatReplaceAResultAreKeptBackUntilItEnds() throws {
    let log = EventLog(store: store, interval: 1000)
    let key = sample.key(0, 0)
    let first = try #require(try store.claim(key, for: run))
    try log.append(.batchLosses(first: 1, losses: [1, 2]), of: first)
    try log.finish(first, result: Sample.result(iterations: 2))
    let second = try #require(try store.claim(key, for: run, again: [.done]))
    try log.append(.batchLosses(first: 1, losses: [3, 4]), of: second)
    try log.flush()
    try log.append(.evaluation(Sample.evaluation(2, accuracy: 0.5)), of: second)
    #expect(try store.losses(of: key, isProven: false).map(\.loss) == [1, 2])
    try log.finish(second, result: Sample.result(iterations: 2))
    #expect(try store.losses(of: key, isProven: false).map(\.loss) == [3, 4])
    #expect(try store.study(named: "sample").configurations[0].trials[0].evaluations.map(\.iteration) == [2])
  }

  @Test func eventsAreWrittenAfterTheInterval() throws {
    let log = EventLog(store: store, interval: 0.02)
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    try log.append(.batchLosses(first: 1, losses: [1, 2]), of: attempt)
    let limit = Date().addingTimeInterval(10)
    while try store.losses(of: sample.key(0, 0)).isEmpty, Date() < limit { usleep(5000) }
    #expect(try store.losses(of: sample.key(0, 0)).count == 2)
    withExtendedLifetime(log) {}
  }

  @Test func checkpointWaitsForItsMeasurements() throws {
    let log = EventLog(store: store, interval: 1000)
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run, leaseSeconds: 1000))
    try log.append(.batchLosses(first: 1, losses: [1, 2, 3]), of: attempt)
    #expect(try store.losses(of: sample.key(0, 0)).isEmpty)
    try log.checkpoint(attempt, iteration: 3)
    #expect(try store.losses(of: sample.key(0, 0)).count == 3)
    #expect(try store.trial(prefix: sample.key(0, 0)).attempts[0].checkpoint == 3)
  }

  @Test func lostClaimStopsItsTrialAlone() throws {
    let log = EventLog(store: store, interval: 1000)
    let lost = try #require(try store.claim(sample.key(0, 0), for: run, leaseSeconds: -5))
    let kept = try #require(try store.claim(sample.key(0, 1), for: run))
    try log.append(.batchLosses(first: 1, losses: [1]), of: lost)
    try log.append(.batchLosses(first: 1, losses: [2]), of: kept)
    _ = try #require(try store.claim(sample.key(0, 0), for: run))
    try log.flush()
    let error = StoreError.claimLost(trial: sample.key(0, 0))
    #expect(throws: error) { try log.append(.batchLosses(first: 2, losses: [1]), of: lost) }
    #expect(throws: error) { try log.finish(lost, result: Sample.result()) }
    try log.finish(kept, result: Sample.result())
    #expect(try store.losses(of: sample.key(0, 1), isProven: false).count == 1)
    #expect(try store.losses(of: sample.key(0, 0)).isEmpty)
  }

  @Test func fullDiskStopsTheLogAndLosesNothingThatWasStored() throws {
    let failures = Mutex<[String]>([])
    let log = EventLog(store: store, interval: 1000) { error in failures.withLock { $0.append("\(error)") } }
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    try log.append(.batchLosses(first: 1, losses: [1, 2, 3]), of: attempt)
    try log.flush()
    try store.queue.writeWithoutTransaction { database in
      let pages = try #require(try Int.fetchOne(database, sql: "PRAGMA page_count"))
      try database.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    let many = (4...20_000).map { Float($0) }
    try log.append(.batchLosses(first: 4, losses: many), of: attempt)
    let error = StoreError.full(path: store.path)
    #expect(throws: error) { try log.flush() }
    #expect(throws: error) { try log.append(.batchLosses(first: 20_001, losses: [1]), of: attempt) }
    #expect(throws: error) { try log.finish(attempt, result: Sample.result()) }
    #expect(failures.withLock { $0 } == [error.description])
    #expect(try store.losses(of: sample.key(0, 0)).map(\.loss) == [1, 2, 3])
    #expect(try store.integrityErrors() == [])
    // With room again, the store goes on.
    try store.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    try store.record(attempt, events: [.batchLosses(first: 4, losses: many)])
    #expect(try store.losses(of: sample.key(0, 0)).count == 20_000)
  }
}

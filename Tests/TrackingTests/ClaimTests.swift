import Dispatch
import Experiments
import GRDB
import Synchronization
import Testing

@testable import Tracking

@Suite struct ClaimTests {
  let folder: Folder
  let store: Store
  let other: Store
  let sample = Sample()
  let run: Run
  var key: String { sample.key(0, 0) }

  init() throws {
    folder = try Folder()
    store = try Store(path: folder.store, access: .readWrite)
    other = try Store(path: folder.store, access: .readWrite)
    run = try sample.register(in: store)
  }

  @Test func oneOfTwoStoresGetsTheTrial() throws {
    #expect(try store.claim(key, for: run)?.number == 1)
    #expect(try other.claim(key, for: run) == nil)
    #expect(throws: StoreError.noTrial(prefix: "none")) { try store.claim("none", for: run) }
  }

  @Test func manyThreadsOnTwoStoresClaimEachTrialOnce() throws {
    let many = Sample(name: "many", labels: (0..<10).map { "c\($0)" }, seeds: Array(0..<8))
    let run = try many.register(in: store)
    let claimed = Mutex<[String]>([])
    let keys = many.identity.keys
    let stores = [store, other]
    DispatchQueue.concurrentPerform(iterations: 8) { worker in
      for key in keys {
        do {
          guard try stores[worker % 2].claim(key, for: run) != nil else { continue }
          claimed.withLock { $0.append(key) }
        } catch {
          Issue.record(error)
        }
      }
    }
    #expect(claimed.withLock { $0.sorted() } == keys.sorted())
  }

  @Test func whoLostItsClaimWritesNothingMore() throws {
    let lost = try #require(try store.claim(key, for: run, owner: .elsewhere, leaseSeconds: -5))
    try store.record(lost, events: [.batchLosses(first: 1, losses: [1, 2])])
    let holder = try #require(try other.claim(key, for: run))
    #expect(holder.number == 2)

    let error = StoreError.claimLost(trial: key)
    #expect(throws: error) { try store.record(lost, events: [.batchLosses(first: 3, losses: [3])]) }
    #expect(throws: error) { try store.finish(lost, result: Sample.result()) }
    #expect(throws: error) { try store.fail(lost, message: "m") }
    #expect(throws: error) { try store.cancel(lost) }
    #expect(throws: error) { try store.noteCheckpoint(lost, iteration: 3) }
    #expect(try store.heartbeat([lost, holder]) == [lost])
    #expect(try store.losses(of: key).isEmpty)
    try other.record(holder, events: [.batchLosses(first: 1, losses: [5])])
    try other.finish(holder, result: Sample.result())
    #expect(try store.trial(prefix: key).attempts.map(\.state) == [.stale, .done])
  }

  /// A process that was suspended while its attempt was removed: SQLite gives the attempt's row number to the next.
  @Test(arguments: [false, true]) func aRemovedClaimIsNoOtherAttempts(ofTheSameTrial: Bool) throws {
    let lost = try #require(try store.claim(key, for: run, owner: .elsewhere, leaseSeconds: -5))
    try other.write { database in
      try database.execute(sql: "UPDATE trial SET attempt_id = NULL; DELETE FROM attempt")
    }
    let next = ofTheSameTrial ? key : sample.key(0, 1)
    let holder = try #require(try other.claim(next, for: run))
    #expect(holder.id == lost.id && holder.number == lost.number)
    let error = StoreError.claimLost(trial: key)
    #expect(throws: error) { try store.record(lost, events: [.batchLosses(first: 1, losses: [3])]) }
    #expect(throws: error) { try store.finish(lost, result: Sample.result()) }
    #expect(throws: error) { try store.cancel(lost) }
    #expect(throws: error) { try store.noteCheckpoint(lost, iteration: 3) }
    #expect(try store.heartbeat([lost, holder]) == [lost])
    try other.record(holder, events: [.batchLosses(first: 1, losses: [5])])
    #expect(try store.losses(of: next).map(\.loss) == [5])
    try other.finish(holder, result: Sample.result())
    #expect(try store.states(of: [next]) == [next: .done])
  }

  @Test func heartbeatKeepsTheClaim() throws {
    let attempt = try #require(try store.claim(key, for: run, owner: .elsewhere, leaseSeconds: 60))
    try store.write { try $0.execute(sql: "UPDATE attempt SET lease_until = 0") }
    #expect(try store.states(of: [key]) == [key: .stale])
    #expect(try store.heartbeat([attempt]) == [])
    #expect(try store.states(of: [key]) == [key: .running])
  }

  @Test(arguments: [TrialState.done, .diverged, .failed])
  func whatHasEndedIsTakenUpOnlyWhenAsked(state: TrialState) throws {
    let first = try #require(try store.claim(key, for: run))
    try store.record(first, events: [.batchLosses(first: 1, losses: [1, 2, 3])])
    switch state {
    case .failed: try store.fail(first, message: "m")
    case .diverged: try store.finish(first, result: Sample.result(.diverged(iteration: 3)))
    default: try store.finish(first, result: Sample.result())
    }
    #expect(try store.claim(key, for: run, resumeFrom: 2) == nil)
    let again = try #require(try store.claim(key, for: run, resumeFrom: 2, again: [state]))
    // A trial that failed goes on after its checkpoint; one that ended by itself begins anew.
    #expect(again.resumedFrom == (state == .failed ? 2 : 0))
    #expect(again.replacesResult == (state != .failed))
    #expect(try store.losses(of: key, isProven: false).map(\.iteration) == (state == .failed ? [1, 2] : [1, 2, 3]))
  }

  /// Ends the trial with a trace of its own.
  private func end(_ attempt: Attempt, losses: [Float], accuracy: Double, digest: String) throws {
    let events: [TrialEvent] = [
      .batchLosses(first: 1, losses: losses), .evaluation(Sample.evaluation(losses.count, accuracy: accuracy)),
    ]
    if !attempt.replacesResult { try store.record(attempt, events: events) }
    try store.finish(
      attempt, result: Sample.result(iterations: losses.count, traceDigest: digest),
      events: attempt.replacesResult ? events : [])
  }

  @Test func resultStandsUntilTheNextOneReplacesIt() throws {
    try end(try #require(try store.claim(key, for: run)), losses: [1, 2, 3], accuracy: 0.5, digest: "one")
    let row = "SELECT state, iterations, test_accuracy FROM trials WHERE trial = ?"
    let first = try store.rows(row, [key])
    let again = try #require(try store.claim(key, for: run, leaseSeconds: -5, again: [.done]))
    #expect(try store.rows(row, [key]) == first)
    #expect(try store.states(of: [key]) == [key: .done])
    // It died: its result is the old one, nothing is at work, and the next try gets the trial.
    #expect(try store.running().isEmpty)
    #expect(try store.claim(key, for: run) == nil)
    let failing = try #require(try store.claim(key, for: run, again: [.done]))
    #expect(failing.number == 3)
    #expect(try store.running().map(\.key) == [key])
    #expect(try store.claim(key, for: run, again: [.done]) == nil)
    try store.fail(failing, message: "m")
    #expect(throws: StoreError.claimLost(trial: key)) { try store.finish(again, result: Sample.result()) }
    #expect(try store.rows(row, [key]) == first)
    #expect(try store.losses(of: key, isProven: false).map(\.loss) == [1, 2, 3])

    let last = try #require(try store.claim(key, for: run, again: [.done]))
    try end(last, losses: [5, 6], accuracy: 0.75, digest: "two")
    #expect(try store.rows(row, [key]) == [["done".databaseValue, 2.databaseValue, 0.75.databaseValue]])
    #expect(try store.losses(of: key, isProven: false).map(\.loss) == [5, 6])
    #expect(try store.trial(prefix: key).attempts.map(\.state) == [.done, .stale, .failed, .done])
    #expect(try store.trial(prefix: key).record.result?.traceDigest == "two")
  }

  @Test func trialWhoseProcessDiedThreeTimesHasFailed() throws {
    for _ in 1...3 { _ = try #require(try store.claim(key, for: run, leaseSeconds: -5)) }
    let error = StoreError.diedRepeatedly(trial: key, times: 3, iteration: 0)
    #expect(throws: error) { try store.claim(key, for: run) }
    #expect(try store.claim(key, for: run) == nil)
    #expect(try store.trial(prefix: key).record.state == .failed)
    #expect(try store.trial(prefix: key).record.error?.contains("died 3 times in a row, each time before") == true)
    // Who asks for another try begins to count anew.
    for _ in 1...3 { _ = try #require(try store.claim(key, for: run, leaseSeconds: -5, again: [.failed])) }
    #expect(throws: error) { try store.claim(key, for: run) }
  }

  @Test func trialThatGotFurtherEachTimeIsTakenUpAgain() throws {
    for death in 1...6 {
      let attempt = try #require(try store.claim(key, for: run, leaseSeconds: -5, resumeFrom: 10 * (death - 1)))
      #expect(attempt.resumedFrom == 10 * (death - 1))
      try store.record(
        attempt, events: [.batchLosses(first: attempt.resumedFrom + 1, losses: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])])
    }
    // From here on it dies before the next measurement.
    for _ in 1...2 { _ = try #require(try store.claim(key, for: run, leaseSeconds: -5, resumeFrom: 60)) }
    #expect(throws: StoreError.diedRepeatedly(trial: key, times: 3, iteration: 60)) {
      try store.claim(key, for: run, resumeFrom: 60)
    }
  }

  @Test func resumedTraceHasNeitherGapsNorDoubles() throws {
    let first = try #require(try store.claim(key, for: run, leaseSeconds: -5))
    try store.record(
      first,
      events: [
        .batchLosses(first: 1, losses: (1...30).map { Float($0) }), .evaluation(Sample.evaluation(30, accuracy: 0.9)),
        .batchLosses(first: 31, losses: (31...60).map { Float($0) }),
        .evaluation(Sample.evaluation(60, accuracy: 0.95)),
      ])
    try store.noteCheckpoint(first, iteration: 40)
    let second = try #require(try other.claim(key, for: run, resumeFrom: 40))
    #expect(second.resumedFrom == 40)
    let summary = "SELECT iterations, test_accuracy, best_iteration FROM trials WHERE trial = ?"
    #expect(try store.rows(summary, [key]) == [[40.databaseValue, 0.9.databaseValue, 30.databaseValue]])
    try other.record(
      second,
      events: [
        .batchLosses(first: 41, losses: (41...100).map { Float($0) }),
        .evaluation(Sample.evaluation(60, accuracy: 0.95)),
      ])
    try other.finish(second, result: Sample.result())
    #expect(try store.losses(of: key, isProven: false) == (1...100).map { LossPoint(iteration: $0, loss: Double($0)) })
    #expect(try store.study(named: "sample").configurations[0].trials[0].evaluations.map(\.iteration) == [30, 60])
    #expect(try store.trial(prefix: key).attempts.map(\.checkpoint) == [40, nil])
  }

  @Test func checkpointAheadOfTheStoreIsNotResumed() throws {
    let first = try #require(try store.claim(key, for: run, leaseSeconds: -5))
    try store.record(first, events: [.batchLosses(first: 1, losses: [1, 2, 3])])
    let second = try #require(try store.claim(key, for: run, resumeFrom: 4))
    #expect(second.resumedFrom == 0)
    #expect(try store.losses(of: key).isEmpty)
  }

  @Test func batchIsWrittenWholeOrNotAtAll() throws {
    let attempt = try #require(try store.claim(key, for: run))
    try store.record(attempt, events: [.batchLosses(first: 1, losses: [1])])
    #expect(throws: StoreError.self) {
      try store.record(attempt, events: [.batchLosses(first: 2, losses: [2, 3]), .batchLosses(first: 1, losses: [1])])
    }
    #expect(try store.losses(of: key).map(\.iteration) == [1])
  }
}

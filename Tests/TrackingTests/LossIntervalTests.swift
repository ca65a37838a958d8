import Experiments
import GRDB
import Presentation
import Testing

@testable import Tracking

/// A trial's curve of losses is of one density, which the store knows.
@Suite final class LossIntervalTests: RegisteredStore {
  /// Records ten losses of a trial, leaves a checkpoint and stops.
  private func begin(_ key: String, lossInterval: Int) throws {
    let attempt = try #require(try store.claim(key, for: run, lossInterval: lossInterval))
    try store.record(attempt, events: [.batchLosses(first: 1, losses: (1...10).map(Float.init))])
    try store.noteCheckpoint(attempt, iteration: 10)
    try store.cancel(attempt)
  }

  @Test func aTrialThatGoesOnKeepsIt() throws {
    let key = sample.key(0, 0)
    try begin(key, lossInterval: 5)
    let second = try #require(try store.claim(key, for: run, resumeFrom: 10, lossInterval: 1))
    #expect(second.resumedFrom == 10 && second.lossInterval == 5)
    try store.record(second, events: [.batchLosses(first: 11, losses: (11...20).map(Float.init))])
    try store.finish(second, result: Sample.result(iterations: 20))
    #expect(try store.losses(of: key).map(\.iteration) == [5, 10, 15, 20])
    // One loss fewer than the interval promises is a gap, and not thinning.
    try store.write { try $0.execute(sql: "DELETE FROM batch_loss WHERE iteration = 15") }
    #expect(throws: StoreError.self) { try store.losses(of: key) }
  }

  @Test func aTrialThatBeginsAnewTakesTheOneThatIsAskedFor() throws {
    try begin(sample.key(0, 0), lossInterval: 5)
    let second = try #require(try store.claim(sample.key(0, 0), for: run, resumeFrom: 0, lossInterval: 2))
    #expect(second.resumedFrom == 0 && second.lossInterval == 2)
  }

  @Test(arguments: [["--keep-loss-every", "5"], ["--keep-loss-every=5"]])
  func storesOfOlderProgramsHaveItInTheCommandLine(words: [String]) throws {
    let key = sample.key(0, 0)
    try begin(key, lossInterval: 5)
    let line = JSONValue(["bench", "run", "grid.json"] + words).compactText
    try store.write {
      try $0.execute(sql: "UPDATE attempt SET loss_interval = NULL")
      try $0.execute(sql: "UPDATE run SET command_line = ?", arguments: [line])
    }
    let second = try #require(try store.claim(key, for: run, resumeFrom: 10, lossInterval: 1))
    #expect(second.lossInterval == 5)
  }
}

import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

/// What the store promises at 10,000 trials of 3,000 iterations: less than 1 GB, and answers at once. By default a small
/// part is made, enough for the size; `BENCH_STORE_TRIALS=10000` makes it all and measures the times too (in a release
/// build, as people run it).
@Suite struct StoreScaleTests {
  static let trials = ProcessInfo.processInfo.environment["BENCH_STORE_TRIALS"].flatMap { Int($0) } ?? 12
  static let iterations = 3000

  @Test func thirtyMillionLossesStayUnderAGigabyte() throws {
    let folder = try Folder()
    let store = try Store(path: folder.store, access: .readWrite)
    let seeds = Array(UInt64(0)..<6)
    let labels = (0..<(StoreScaleTests.trials + 5) / 6).map { "configuration \($0)" }
    var sample = Sample(labels: labels, seeds: seeds)
    for index in labels.indices {
      sample.study.configurations[index].configuration.training.length = .iterations(StoreScaleTests.iterations)
    }
    sample.identity = StudyIdentity(of: sample.study) { _ in "digest" }
    let run = try sample.register(in: store)
    let log = EventLog(store: store, interval: 0.05)
    // Two workers, so that two trials' rows come mixed.
    let keys = sample.identity.keys
    for pair in stride(from: 0, to: keys.count, by: 2) {
      let attempts = try keys[pair..<pair + 2].map { try #require(try store.claim($0, for: run)) }
      for first in stride(from: 1, through: StoreScaleTests.iterations, by: 100) {
        for attempt in attempts {
          let losses = (0..<100).map { _ in Float.random(in: 0..<2.5) }
          try log.append(.batchLosses(first: first, losses: losses), of: attempt)
          guard (first + 99) % 500 == 0 else { continue }
          try log.append(.evaluation(Sample.evaluation(first + 99, accuracy: 0.9787, validation: 0.9812)), of: attempt)
        }
      }
      for attempt in attempts { try log.finish(attempt, result: Sample.result(iterations: StoreScaleTests.iterations)) }
    }
    try store.close()
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.store)
    let bytes = try #require(attributes[.size] as? Int)
    #expect(Double(bytes) / Double(keys.count * StoreScaleTests.iterations) < 1e9 / 30e6)

    guard StoreScaleTests.trials >= 10_000 else { return }
    let viewer = try Store(path: folder.store, access: .readOnly)
    try expect(within: 0.3) { _ = try viewer.studies() }
    try expect(within: 0.3) { _ = try viewer.running() }
    try expect(within: 0.3) { _ = try viewer.trial(prefix: keys[keys.count / 2]) }
    try expect(within: 0.3) { _ = try viewer.rows("SELECT label, seed, test_accuracy FROM trials") }
    try expect(within: 3) {
      _ = try viewer.study(named: "sample", lossCurvePoints: 500, ofLabels: Set(labels.prefix(12)))
    }
  }

  private func expect(within seconds: Double, _ body: () throws -> Void) rethrows {
    let elapsed = try ContinuousClock().measure(body)
    #expect(elapsed < .seconds(seconds))
  }
}

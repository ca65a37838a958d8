import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

/// What the store promises at 10,000 trials of 3,000 iterations: less than 1 GB. A small part tells the size;
/// `make scale` trains it all and measures how long the commands take.
@Suite struct StoreScaleTests {
  static let trials = 12
  static let iterations = 3000

  @Test func thirtyMillionLossesStayUnderAGigabyte() throws {
    let folder = try Folder()
    let store = try Store(path: folder.store, access: .readWrite)
    let seeds = Array(UInt64(0)..<6)
    let labels = (0..<(StoreScaleTests.trials + 5) / 6).map { "configuration \($0)" }
    var sample = Sample(labels: labels, seeds: seeds)
    for index in labels.indices {
      sample.study.configurations[index].resolved.training.length = .iterations(StoreScaleTests.iterations)
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
  }
}

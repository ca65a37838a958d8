import Experiments
import Foundation
import TestSupport
import Testing

@testable import Training

/// Checkpoints with seeded damage: a trial goes on from one, to its end, or refuses it with a message.
@Suite struct HostileCheckpointTests {
  private let trial = cornersTrial(iterations: 12, evaluateEvery: 4, dropout: true)
  private let checkpoint: Checkpoint

  init() throws {
    var saved: Checkpoint?
    _ = try CornersTrace(of: trial, stopAfter: 9) { saved = $0 }
    checkpoint = try #require(saved)
  }

  @Test(.timeLimit(.minutes(60))) func damagedFilesAreRefused() throws {
    let file = [UInt8](try checkpoint.encoded(for: .init(trial: "a")))
    for round in 0..<fuzzRounds(everyDay: 1_000) {
      var random = SeededGenerator(seed: UInt64(round))
      let bytes = file.damaged(&random)
      guard bytes != file else { continue }
      let error = #expect(throws: CheckpointError.self, "round \(round)") {
        try Checkpoint(decoding: Data(bytes), for: .init(trial: "a"))
      }
      #expect((error?.description.count ?? 0) > 20, "round \(round)")
    }
  }

  /// Damage that somebody sealed with a digest that fits.
  @Test(.timeLimit(.minutes(60))) func sealedDamageIsReadOrRefused() throws {
    let body = [UInt8](try checkpoint.body(for: .init(trial: "a")))
    for round in 0..<fuzzRounds(everyDay: 1_000) {
      var random = SeededGenerator(seed: UInt64(round))
      let file = Checkpoint.sealed(Data(body.damaged(&random)))
      goesOnOrRefuses(round) { try Checkpoint(decoding: file, for: .init(trial: "a")) }
    }
  }

  @Test(.timeLimit(.minutes(60))) func impossibleContentsAreRefused() {
    for round in 0..<fuzzRounds(everyDay: 1_000) {
      var random = SeededGenerator(seed: UInt64(round))
      goesOnOrRefuses(round) { changed(&random) }
    }
  }

  private func goesOnOrRefuses(_ round: Int, _ checkpoint: () throws -> Checkpoint) {
    do {
      let trace = try CornersTrace(of: trial, from: try checkpoint())
      #expect(trace.result != nil, "round \(round)")
    } catch {
      #expect("\(error)".count > 20, "round \(round)")
    }
  }

  /// The checkpoint with one or two of its parts changed.
  private func changed(_ random: inout SeededGenerator) -> Checkpoint {
    var changed = checkpoint
    let odd = [0, -1, 1, 5, 13, 90, Int.max, Int.min]
    for _ in 0...Int.random(in: 0..<2, using: &random) {
      let number = odd.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<10, using: &random) {
      case 0: changed.iteration = number
      case 1: changed.losses = Array(repeating: .nan, count: min(max(number, 0), 100))
      case 2: changed.position = number
      case 3: changed.order = changed.order.dropLast(min(max(number, 0), 90))
      case 4 where !changed.order.isEmpty: changed.order[0] = Int32(truncatingIfNeeded: number)
      case 5: changed.evaluations[0].iteration = number
      case 6: changed.evaluations.reverse()
      case 7: changed.generator.words = []
      case 8: changed.generator.position = number
      default: changed.network = Data([UInt8](changed.network).damaged(&random))
      }
    }
    return changed
  }
}

import Experiments
import Foundation
import Harness
import StudySupport
import Testing
import Tracking

/// A trial that is trained again is the same to the last bit, or the first bit that differs is found.
@Suite struct TrialReplayTests {
  private func trained(_ body: (Workspace, _ key: String) async throws -> Void) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
      try await space.run()
      try await body(space, try #require(try space.traceDigests().keys.first))
    }
  }

  private func replay(_ key: String, in space: Workspace) throws -> TrialReplay {
    let store = try space.store()
    let details = try store.trial(prefix: key)
    return try TrialReplay(details, in: store, data: Workspace.data, gridFolder: GridFolder(nil, of: details))
  }

  @Test func findsTheFirstBitThatDiffers() async throws {
    try await trained { space, key in
      let before = try space.measurements()
      let same = try replay(key, in: space)
      let outcome = try await same.run()
      #expect(outcome.isSame && outcome.firstDifference == nil && outcome.losses == 60 && outcome.evaluations == 2)
      #expect(outcome.digest == outcome.storedDigest && same.changes == [] && same.hasNumbersOfThisVersion)
      #expect(throws: Never.self) {
        try same.checkTimes()
        try same.checkWeights()
      }
      #expect(try space.measurements() == before && space.attempts() == 1, "nothing is written")
      try space.meddle("UPDATE batch_loss SET value = value + 1e-6 WHERE iteration >= 17")
      let changed = try await replay(key, in: space).run()
      #expect(!changed.isSame)
      #expect(
        changed.firstDifference?.description.hasPrefix("first difference at iteration 17: the batch loss is") == true)
    }
  }

  /// Losses are of single precision, and stored as SQLite has numbers: a bit that only the stored number has is seen too.
  @Test func aLossThatNoTrainingGivesIsRefused() async throws {
    try await trained { space, key in
      try space.meddle("UPDATE batch_loss SET value = value + 1e-15 WHERE iteration = 3")
      let store = try Store(path: space.storePath, access: .readOnly)
      let error = try #require(throws: StoreError.self) { try store.losses(of: key) }
      #expect("\(error)".contains("its losses or scores"), "\(error)")
    }
  }

  @Test func timesThatNoTrainingGivesAgainAreChecked() async throws {
    try await trained { space, key in
      try space.meddle("UPDATE attempt SET images_per_second = images_per_second * 2")
      let error = try #require(throws: StoreError.self) { try replay(key, in: space).checkTimes() }
      #expect("\(error)".contains("its scores, times or counts"), "\(error)")
    }
  }

  @Test func refusesOtherDataAndAnUnfinishedTrial() async throws {
    try await trained { space, key in
      try space.meddle("UPDATE dataset SET digest = 'other'")
      let other = try #require(throws: OperationalError.self) { try replay(key, in: space) }
      #expect(other.description.contains("the data is not what the trial learnt from"), "\(other)")
      try space.meddle("UPDATE attempt SET trace_digest = NULL, state = 'cancelled'")
      let unfinished = try #require(throws: OperationalError.self) { try replay(key, in: space) }
      #expect(unfinished.description.contains("only what ran to its end can be verified"), "\(unfinished)")
    }
  }
}

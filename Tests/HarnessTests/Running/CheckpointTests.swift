import Experiments
import Foundation
import GRDB
import Harness
import StudySupport
import Testing

/// A study that was stopped goes on to the same bits; a checkpoint that does not fit is told and not used.
@Suite struct CheckpointTests {
  private static let grid = SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 120)

  /// A folder where both trials were stopped in their middle, and the digests that they have without a stop.
  private func stopped(_ body: (Workspace, _ expected: [String: String]) async throws -> Void) async throws {
    let expected = try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid.text, to: "g.json")
      try await space.run()
      return try space.traceDigests()
    }
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid.text, to: "g.json")
      let outcome = try await space.stopInTheMiddle(after: 2) { $0.checkpointInterval = .iterations(20) }
      #expect(outcome.summary.interrupted && !outcome.hasFailures)
      try #require(space.checkpointNames.count == 2)
      try await body(space, expected)
    }
  }

  @Test func aStopKeepsACheckpointAndTheNextRunGoesOn() async throws {
    try await stopped { space, expected in
      #expect(try space.states() == ["cancelled": 2])
      let (outcome, notices) = try await space.runListening()
      #expect(outcome.summary.finished == 2 && notices.isEmpty, "\(notices)")
      #expect(try space.lastResumption() >= 50)
      #expect(try space.traceDigests() == expected)
      #expect(space.checkpointNames.isEmpty, "checkpoints are gone when all is done")
    }
  }

  /// Another store has a folder of its own for the same trials.
  @Test func aStudyInAnotherStoreOfTheFolderLeavesThemAlone() async throws {
    try await stopped { space, expected in
      let names = space.checkpointNames
      let other = space.folder.appending(path: ".bench/other.db").path
      let run = try space.start(store: other)
      let notices = Notices()
      let summary = await run.train { if case .notice(let text) = $0 { notices.append(text) } }
      #expect(try run.finish(summary).summary.finished == 2 && notices.all == [])
      #expect(space.checkpointNames == names)
      let (outcome, told) = try await space.runListening()
      #expect(outcome.summary.finished == 2 && told == [])
      #expect(try space.lastResumption() >= 50)
      #expect(try space.traceDigests() == expected)
    }
  }

  @Test func aDamagedCheckpointIsToldAndTheTrialBeginsAnew() async throws {
    try await stopped { space, expected in
      let place = space.checkpoints.appending(path: try #require(space.checkpointNames.first))
      var bytes = try Data(contentsOf: place)
      bytes[bytes.count / 2] ^= 1
      try bytes.write(to: place)
      let (outcome, notices) = try await space.runListening()
      #expect(outcome.summary.finished == 2)
      #expect(notices.count == 1)
      #expect(notices.first?.contains("digest does not fit its contents; it begins anew") == true, "\(notices)")
      #expect(try space.traceDigests() == expected)
    }
  }

  /// With the same network, everything but the key fits.
  @Test func aCheckpointOfAnotherTrialIsToldAndTheTrialBeginsAnew() async throws {
    try await stopped { space, expected in
      let places = space.checkpointNames.map { space.checkpoints.appending(path: $0) }
      try Data(contentsOf: places[0]).write(to: places[1])
      let (outcome, notices) = try await space.runListening()
      #expect(outcome.summary.finished == 2)
      let key = places[0].lastPathComponent.prefix(12)
      #expect(
        notices.first?.contains("the checkpoint is of another trial: its key is \(key); it begins anew") == true,
        "\(notices)")
      #expect(try space.traceDigests() == expected)
    }
  }
}

import Foundation
import Harness
import StudySupport
import Testing

/// What stops a study is told in words, and its trials are given back.
@Suite struct StudyFailureTests {
  private static let grid = SmallGrid(rates: [0.1], seeds: [0, 1, 2], iterations: 40)

  /// A file lies where the folder of the weights or of the checkpoints should be.
  @Test(arguments: ["weights", "checkpoints"]) func trialsAreGivenBack(folder: String) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid.text, to: "g.json")
      let obstacle = space.folder.appending(path: ".bench/\(folder)")
      try FileManager.default.createDirectory(
        at: obstacle.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("in the way".utf8).write(to: obstacle)
      let run = try space.start { $0.checkpointInterval = .iterations(10) }
      let summary = await run.train()
      let failure = #expect(throws: (any Error).self) { try run.finish(summary) }
      let text = "\(try #require(failure))"
      #expect(text.contains(obstacle.path) && !text.contains("ErrorDomain") && !text.contains("Code="), "\(text)")
      #expect(text.contains("File exists") || text.contains("Not a directory"), "\(text)")
      let states = try space.states()
      #expect(states["running"] == nil && states["stale"] == nil, "\(states)")
      try FileManager.default.removeItem(at: obstacle)
      let outcome = try await space.run()
      #expect(outcome.summary.failed == 0 && !outcome.hasFailures)
      #expect(try space.states() == ["done": 3])
    }
  }

  @Test func aTrialThatGoesOnWithAnotherLossIntervalKeepsItsOwnAndSaysSo() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 120).text, to: "g.json")
      _ = try await space.stopInTheMiddle(after: 2) { ($0.checkpointInterval, $0.lossInterval) = (.iterations(20), 7) }
      let (outcome, notices) = try await space.runListening()
      #expect(outcome.summary.finished == 2)
      #expect(
        notices.count == 2 && notices.allSatisfy { $0.contains("goes on with one loss in 7 stored") }, "\(notices)")
      let store = try space.store()
      for key in try space.traceDigests().keys {
        #expect(try store.losses(of: key).map(\.iteration) == Array(stride(from: 7, through: 120, by: 7)))
      }
    }
  }
}

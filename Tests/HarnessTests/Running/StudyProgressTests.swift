import Experiments
import Harness
import Runner
import StudySupport
import Testing

/// The numbers of a progress display.
@Suite struct StudyProgressTests {
  @Test func countsTheWorkAndEstimatesTheRest() async throws {
    let trials = try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 100).text, to: "g.json")
      return try space.source().study().trials
    }
    var progress = StudyProgress(trials: trials, now: 10)
    #expect(progress.share == 0 && progress.secondsLeft(at: 11) == nil && progress.total == 2)
    progress.take(.started(index: 0), now: 10)
    // It goes on after iteration 20.
    progress.take(.trial(index: 0, .batchLosses(first: 21, losses: [3, 1])), now: 12)
    let running = try #require(progress.running[0])
    #expect(running.name == "lr 0.1 · seed 0" && running.iteration == 22 && running.loss == 2)
    #expect(running.imagesPerSecond(at: 12) == 20)
    #expect(running.secondsLeft(at: 12) == 78)
    #expect(abs(progress.share - 0.11) < 1e-12)
    progress.take(.ended(index: 0, .failed(message: "")), now: 20)
    #expect(progress.running.isEmpty && progress.ended == 1 && progress.share == 0.5)
    #expect(progress.secondsLeft(at: 20) == 10)
  }

  @Test func aLongLabelIsCutAndTheSeedStays() async throws {
    let trials = try await Workspace.inTemporaryFolder { space in
      let grid = SmallGrid(rates: [0.1], seeds: [7]).text
      try space.write(
        grid.replacing(/"axes".*/.dotMatchesNewlines(), with: "\"variants\": {\"a very long label\": {}}}"),
        to: "g.json")
      return try space.source().study().trials
    }
    var progress = StudyProgress(trials: trials, now: 0)
    progress.take(.started(index: 0), now: 0)
    #expect(progress.running[0]?.name(columns: 15) == "a ver… · seed 7")
    #expect(progress.running[0]?.name(columns: 28) == "a very long label · seed 7  ")
  }
}

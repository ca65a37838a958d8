import Experiments
import Harness
import Presentation
import Runner
import StudySupport
import Testing

/// What a terminal shows of a study at work, at every width.
@Suite struct ProgressPictureTests {
  private let picture = ProgressPicture(palette: Palette(isColoured: false))

  private static let result = TrialResult(
    outcome: .done, iterations: 1000, wallSeconds: 61, cpuSeconds: 60, peakBytes: 0, imagesPerSecond: 1234,
    confusion: [[3, 1], [0, 4]], traceDigest: "")

  /// Two configurations, one with a long name; four trials, two of them at work, one done and one to come.
  private func progress() async throws -> StudyProgress {
    let trials = try await Workspace.inTemporaryFolder { space in
      let grid = SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 1000).text
      try space.write(
        grid.replacing(
          /"axes".*/.dotMatchesNewlines(),
          with: "\"variants\": {\"a network with a name of 漢字\": {}, \"B\": {\"optimizer.lr\": 0.2}}}"),
        to: "g.json")
      return try space.source().study().trials
    }
    var progress = StudyProgress(trials: trials, now: 0)
    for index in 0..<3 {
      progress.take(.started(index: index), now: 0)
      progress.take(.trial(index: index, .batchLosses(first: 1, losses: [Float](repeating: 0.5, count: 100))), now: 2)
    }
    progress.take(.trial(index: 0, .learningRates(first: 1, rates: [0.025])), now: 2)
    let score = Score(loss: 1, accuracy: 0.75)
    let evaluation = Evaluation(iteration: 100, epoch: 1, trainLoss: 1, validation: nil, test: score)
    for index in [0, 2] { progress.take(.trial(index: index, .evaluation(evaluation)), now: 2) }
    progress.take(.ended(index: 2, .finished(Self.result)), now: 3)
    return progress
  }

  @Test func noLineReachesTheLastColumn() async throws {
    let progress = try await progress()
    for width in 1...200 {
      for line in picture.lines(progress, now: 4, width: width, height: 24) {
        #expect(line.text.terminalColumns == line.columns && line.columns < max(width, 2), "\(width): \(line.text)")
      }
    }
  }

  @Test func columnsAreLeftOutWhereThereIsLittleRoom() async throws {
    let progress = try await progress()
    func lines(_ width: Int) -> [String] { picture.lines(progress, now: 4, width: width, height: 24).map(\.text) }
    #expect(
      lines(110) == [
        "  a network with a name of 漢字 · seed 0      100/1,000  loss 0.5000   75.00 %    0:36 left     500 images/s",
        "  a network with a name of 漢字 · seed 1      100/1,000  loss 0.5000         –    0:36 left     500 images/s",
        "  mean so far", "  B   75.00 %  1 of 2",
        "  ━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 1/4 trials · 0:04 · about 0:09 left",
      ])
    #expect(lines(130).first?.contains("images/s    lr 0.0250") == true)
    #expect(lines(40).first == "  a network with a name… · seed 0  10 %")
  }

  @Test func aLowTerminalShowsSomeOfTheTrials() async throws {
    let progress = try await progress()
    let lines = picture.lines(progress, now: 4, width: 80, height: 5).map(\.text)
    #expect(lines.count == 3 && lines[1] == "  … and 1 more")
  }

  @Test func theLineOfAnEndedTrialIsCutByWholeParts() {
    #expect(picture.line(for: .failed(message: "no\nmemory"), name: "B", width: nil) == "✗ B  no memory")
    #expect(picture.line(for: .cancelled, name: "B", width: 9) == "· B  stopped")
    func finished(_ width: Int?) -> String? { picture.line(for: .finished(Self.result), name: "B", width: width) }
    #expect(finished(nil) == "✓ B  87.50 %  1:01  1,234 images/s" && finished(34) == finished(nil))
    #expect(finished(33) == "✓ B  87.50 %  1:01" && finished(18) == finished(33))
    #expect(finished(17) == "✓ B  87.50 %" && finished(1) == finished(17), "a name and one part stay")
    #expect(picture.line(for: .skipped, name: "B", width: nil) == nil)
  }

  @Test func theHeartbeatCountsTrials() async throws {
    #expect(
      picture.heartbeat(try await progress(), now: 4)
        == "… 1 of 4 trials ended, 2 at work, 0:04 gone, about 0:09 left")
  }
}

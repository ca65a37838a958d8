import Experiments
import Harness
import Presentation
import StudySupport
import Synchronization
import Testing

/// What is written of a study at work, where and when.
@Suite struct ProgressDisplayTests {
  /// A terminal that keeps what is written.
  private final class Paper: Sendable {
    let text = Mutex("")

    var screen: ProgressDisplay.Screen {
      .init(size: { (60, 24) }, write: { [self] new in text.withLock { $0 += new } })
    }
  }

  private func trials() async throws -> [Trial] {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 100).text, to: "g.json")
      return try space.source().study().trials
    }
  }

  private func shown(_ style: ProgressDisplay.Style, then body: (ProgressDisplay) -> Void) async throws -> String {
    let paper = Paper()
    let display = try await ProgressDisplay(
      trials: trials(), style: style, palette: Palette(isColoured: false), saysEvaluations: true, on: paper.screen)
    display.take(.started(index: 0))
    let evaluation = Evaluation(
      iteration: 50, epoch: 1, trainLoss: 1, validation: nil, test: Score(loss: 1, accuracy: 0.75))
    display.take(.trial(index: 0, .evaluation(evaluation)))
    body(display)
    display.end()
    return paper.text.withLock { $0 }
  }

  @Test func linesHaveNoCodesAndNothingIsTakenAway() async throws {
    let text = try await shown(.lines) { display in
      display.say("one\u{1B}[2J")
      display.take(.ended(index: 0, .failed(message: "disk full")))
    }
    #expect(!text.contains("\u{1B}") && text.contains("75.00 %") && text.contains("one") && text.contains("disk full"))
    #expect(text.hasSuffix("\n"))
  }

  @Test func silenceTellsFailuresAlone() async throws {
    let text = try await shown(.silent) { display in display.take(.ended(index: 0, .failed(message: "disk full"))) }
    #expect(text.contains("disk full") && text.split(separator: "\n").count == 2, "\(text)")
  }

  /// The picture is drawn below each line, and taken off before the next: after the end the lines alone are left.
  @Test func aLivePictureIsTakenAwayBeforeWhatComesNext() async throws {
    let text = try await shown(.live) { display in
      display.say("first")
      display.say("second")
    }
    var rows = [""]
    // A terminal that knows the two codes of the display.
    for part in text.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated() {
      var body = part.element[...]
      if part.offset > 0, let letter = body.firstIndex(where: \.isLetter) {
        if body[letter] == "A", let count = Int(body[..<letter]) { rows.removeLast(min(count, rows.count - 1)) }
        if body[letter] == "A" || body[letter] == "J" { rows[rows.count - 1] = "" }
        body = body[body.index(after: letter)...]
      }
      for character in body {
        switch character {
        case "\r": rows[rows.count - 1] = ""
        case "\n": rows.append("")
        default: rows[rows.count - 1].append(character)
        }
      }
    }
    let left = rows.filter { !$0.isEmpty }
    #expect(text.contains("\u{1B}[") && left.contains("first") && left.contains("second"), "\(left)")
    #expect(!left.contains { $0.contains("trials") || $0.contains("━") }, "\(left)")
  }
}

import StudySupport
import Testing

/// `bench plan GRID --detect X`: the options and where the answer is shown.
@Suite struct DetectionTests {
  @Test func showsTheSeedsUnderThePlan() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(seeds: [0, 1]).text, to: "g.json")
      #expect(try await program.run("run", "g.json", "-q", "--no-weights").code == 0)
      let text = try await program.run("plan", "g.json", "--detect", "2", "--no-timing")
      #expect(text.code == 0 && text.output.contains("To see a difference of 2 points in test accuracy"), "\(text)")
      let json = try await program.run("plan", "g.json", "--detect", "2", "--no-timing", "--format", "json")
      #expect(json.code == 0 && json.output.contains("\"detect\": {"), "\(json)")
      for (format, begins) in [("csv", "pair,first,second,"), ("html", "<!doctype html>")] {
        let outcome = try await program.run("plan", "g.json", "--detect", "2", "--no-timing", "--format", format)
        #expect(outcome.code == 0 && outcome.output.hasPrefix(begins), "\(outcome)")
      }
    }
  }

  @Test func refusesADifferenceThatCannotBeSeen() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(seeds: [0]).text, to: "g.json")
      let outcome = try await program.run("plan", "g.json", "--detect", "0.5")
      #expect(outcome.code == 64 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("--detect 0.5: .bench/bench.db has no pilot"), "\(outcome.errors)")
      for wrong in ["0", "-1", "nan", "inf"] {
        #expect(try await program.run("plan", "g.json", "--detect=\(wrong)").code == 64, "\(wrong)")
      }
    }
  }
}

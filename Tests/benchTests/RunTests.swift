import StudySupport
import Testing

/// What `bench run` says, its exit codes, and that its options reach the run.
@Suite struct RunTests {
  @Test func theSameCommandAgainTrainsNothing() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      let first = try await program.run("run", "g.json", "-j", "2")
      #expect(first.code == 0 && first.errors.contains("6 trials to train, 2 workers"), "\(first.errors)")
      #expect(first.errors.contains("6 trials trained\nreport: "), "\(first.errors)")
      let second = try await program.run("run", "g.json")
      #expect(second.code == 0 && second.errors.contains("nothing to train: all is done"), "\(second.errors)")
      #expect(first.output == second.output, "the table is the same")
      let grown = SmallGrid(rates: [0.1, 0.05, 0.2], seeds: [0, 1, 2, 3])
      try program.write(grown.text, to: "g.json")
      let third = try await program.run("run", "g.json", "-j1", "--only", "seed=3", "--limit", "2")
      #expect(third.code == 0 && third.errors.contains("2 trials to train, 1 worker"), "\(third.errors)")
      #expect(third.errors.contains("the grid has changed: this is revision 2 of the study"), "\(third.errors)")
      #expect(try program.states() == ["done": 8, "planned": 4])
      let all = try await program.run("run", "g.json", "--rerun", "-q")
      #expect(all.code == 0 && all.output.isEmpty && all.errors.isEmpty, "\(all)")
      #expect(try program.attempts() == 20)
    }
  }

  @Test func failedTrialsEndWith3AndAreTriedAgainOnDemand() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      let first = try await program.run("run", "g.json", "--timeout", "0.000001")
      #expect(first.code == 3 && first.errors.contains("0 trials trained, 6 failed ("), "\(first.errors)")
      #expect(first.errors.contains("/bench run g.json --timeout 0.000001 --retry-failed)"), "\(first.errors)")
      #expect(first.output.contains("0 of 6 trials done"), "\(first.output)")
      let second = try await program.run("run", "g.json")
      #expect(
        second.code == 3 && second.errors.contains("nothing to train; 6 trials failed before"), "\(second.errors)")
      let third = try await program.run("run", "g.json", "--retry-failed")
      #expect(third.code == 0 && third.errors.contains("6 trials trained"), "\(third.errors)")
    }
  }

  @Test(arguments: [(["--fail-fast"], 1), (["--max-failures", "2"], 2)])
  func noFurtherTrialBeginsAfterTheFailuresThatAreAllowed(options: [String], failures: Int) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      #expect(try await program.run(["run", "g.json", "-j1", "--timeout", "0.000001"] + options).code == 3)
      #expect(try program.states() == ["failed": failures, "planned": 6 - failures])
    }
  }

  @Test func divergedTrialsAreSaid() async throws {
    try await Program.inTemporaryFolder { program in
      let grid = SmallGrid(rates: [1e6, 0.01], seeds: [0])
      try program.write(grid.text.replacing("\"seeds\":", with: "\"loss\": \"mse\", \"seeds\":"), to: "g.json")
      let outcome = try await program.run("run", "g.json")
      #expect(outcome.code == 0 && outcome.errors.contains("1 of them diverged"), "\(outcome.errors)")
    }
  }
}

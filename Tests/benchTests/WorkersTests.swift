import StudySupport
import Testing

/// Processes share a study's trials.
@Suite struct WorkersTests {
  private let grid = SmallGrid(rates: [0.1, 0.05, 0.02], seeds: [0, 1, 2, 3], iterations: 120)

  @Test func twoProcessesShareTheTrialsAndDoNoneTwice() async throws {
    let expected = try await measurements(of: grid, ["-j1"])
    try await Program.inTemporaryFolder { program in
      try program.write(grid.text, to: "g.json")
      async let one = program.run("run", "g.json", "-j2", "--checkpoint-every", "10")
      async let other = program.run("run", "g.json", "-j2", "--checkpoint-every", "10")
      let outcomes = try await [one, other]
      #expect(outcomes.map(\.code) == [0, 0], "\(outcomes.map(\.errors))")
      #expect(try program.attempts() == grid.trials, "no trial was begun twice")
      #expect(try program.states() == ["done": grid.trials])
      #expect(try program.allNumbers() == expected)
      #expect(try program.storeFaults().isEmpty)
    }
  }

  /// What a study measures in a store of its own.
  private func measurements(of grid: SmallGrid, _ options: [String]) async throws -> AllNumbers {
    try await Program.inTemporaryFolder { program in
      try program.write(grid.text, to: "g.json")
      let outcome = try await program.run(["run", "g.json"] + options)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try program.allNumbers()
    }
  }
}

import Experiments
import Foundation
import GRDB
import Testing

/// The same bits, however the work is shared out.
@Suite struct WorkersTests {
  private let grid = SmallGrid(rates: [0.1, 0.05, 0.02], seeds: [0, 1, 2, 3], iterations: 120)

  @Test func anyNumberOfWorkersAndAnyOrderGiveTheSameBits() async throws {
    let expected = try await measurements(of: grid, ["-j1"])
    #expect(expected.digests.count == grid.trials)
    for options in [["-j2"], ["-j8"], ["-j3", "--threads-per-trial", "2"], ["-j2", "--checkpoint-every", "7"]] {
      let other = try await measurements(of: grid, options)
      #expect(other == expected, "\(options)")
    }
    var shuffled = grid
    shuffled.rates = [0.02, 0.1, 0.05]
    shuffled.seeds = [2, 0, 3, 1]
    #expect(try await measurements(of: shuffled, ["-j2"]) == expected, "shuffled")
  }

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
      #expect(try Measured(digests: program.traceDigests(), rows: program.measurements()) == expected)
      try program.expectSoundStore()
    }
  }

  @Test func aProcessThatLostItsClaimWhileItWasSuspendedWritesNothingMore() async throws {
    let grid = SmallGrid(rates: [0.1], seeds: [0], iterations: 3000)
    let expected = try await measurements(of: grid, ["-j1"])
    // Where the machine is so busy that the trial comes to its end before it is suspended, once more.
    for _ in 0..<100 {
      guard let outcomes = try await suspendedAndTakenOver(grid, expected) else { continue }
      #expect(outcomes.other.code == 0 && outcomes.other.errors.contains("1 trial trained"), "\(outcomes.other.errors)")
      #expect(outcomes.woken.code == 0, "\(outcomes.woken.errors)")
      #expect(
        outcomes.woken.errors.contains("0 trials trained, 1 left to another process"), "\(outcomes.woken.errors)")
      return
    }
    Issue.record("the trial always came to its end before it could be suspended")
  }

  /// Suspends a program in the middle of its trial, lets another one take the trial over, and wakes it; `nil` where the
  /// trial ended too soon.
  private func suspendedAndTakenOver(
    _ grid: SmallGrid, _ expected: Measured
  ) async throws -> (woken: Program.Outcome, other: Program.Outcome)? {
    try await Program.inTemporaryFolder { program in
      try program.write(grid.text, to: "g.json")
      var other: Program.Outcome?
      let woken = try await program.run(["run", "g.json", "--checkpoint-every", "20"]) { running in
        try await program.waitForCheckpoint(of: running)
        guard try await suspend(program, running) else { return }
        other = try await program.run("run", "g.json", "--checkpoint-every", "20")
        running.send(SIGCONT)
      }
      guard let other else { return nil }
      let attempts = try program.query {
        try Row.fetchAll($0, sql: "SELECT state, resumed_from FROM attempt ORDER BY number")
      }
      #expect(attempts.map { $0["state"] as String } == ["stale", "done"])
      #expect(attempts[1]["resumed_from"] as Int > 0)
      #expect(try Measured(digests: program.traceDigests(), rows: program.measurements()) == expected)
      return (woken, other)
    }
  }

  /// Suspends the program at a moment when it does not hold the store, as if the lease of a minute had passed; `false`
  /// where its trial has ended.
  private func suspend(_ program: Program, _ running: Program.Running) async throws -> Bool {
    while running.isRunning {
      running.send(SIGSTOP)
      do {
        try program.meddle("UPDATE attempt SET lease_until = 0")
        if try program.states() == ["stale": 1] { return true }
      } catch {
        // It holds the store; a moment later it does not.
      }
      running.send(SIGCONT)
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  private struct Measured: Equatable {
    var digests: [String: String]
    var rows: [String]
  }

  /// What a study measures in a store of its own.
  private func measurements(of grid: SmallGrid, _ options: [String]) async throws -> Measured {
    try await Program.inTemporaryFolder { program in
      try program.write(grid.text, to: "g.json")
      let outcome = try await program.run(["run", "g.json"] + options)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try Measured(digests: program.traceDigests(), rows: program.measurements())
    }
  }
}

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
    try await Program.inTemporaryFolder { program in
      try program.write(grid.text, to: "g.json")
      let woken = try await program.run(["run", "g.json", "--checkpoint-every", "20"]) { send in
        try await program.waitForCheckpoint()
        try await suspend(program, send)
        let other = try await program.run("run", "g.json", "--checkpoint-every", "20")
        #expect(other.code == 0 && other.errors.contains("1 trial trained"), "\(other.errors)")
        send(SIGCONT)
      }
      #expect(
        woken.code == 0 && woken.errors.contains("0 trials trained, 1 left to another process"), "\(woken.errors)")
      let attempts = try program.query {
        try Row.fetchAll($0, sql: "SELECT state, resumed_from FROM attempt ORDER BY number")
      }
      #expect(attempts.map { $0["state"] as String } == ["stale", "done"])
      #expect(attempts[1]["resumed_from"] as Int > 0)
      #expect(try Measured(digests: program.traceDigests(), rows: program.measurements()) == expected)
    }
  }

  /// Suspends the program at a moment when it does not hold the store, as if the lease of a minute had passed.
  private func suspend(_ program: Program, _ send: (Int32) -> Void) async throws {
    while true {
      send(SIGSTOP)
      do { return try program.meddle("UPDATE attempt SET lease_until = 0") } catch {
        send(SIGCONT)
        try await Task.sleep(for: .milliseconds(5))
      }
    }
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

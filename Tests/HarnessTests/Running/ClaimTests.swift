import Experiments
import Foundation
import GRDB
import Harness
import Runner
import StudySupport
import Testing

/// The same bits, however the work is shared out, and no trial twice.
@Suite struct ClaimTests {
  private struct Measured: Equatable {
    var digests: [String: String]
    var rows: [String]

    init(_ space: Workspace) throws { (digests, rows) = (try space.traceDigests(), try space.measurements()) }
  }

  private let grid = SmallGrid(rates: [0.1, 0.05, 0.02], seeds: [0, 1, 2, 3], iterations: 120)

  /// What a study measures in a store of its own.
  private func measured(_ grid: SmallGrid, _ change: (inout RunSettings) -> Void) async throws -> Measured {
    try await Workspace.inTemporaryFolder { space in
      try space.write(grid.text, to: "g.json")
      try await space.run("g.json", change)
      return try Measured(space)
    }
  }

  @Test func anyNumberOfWorkersAndAnyOrderGiveTheSameBits() async throws {
    let expected = try await measured(grid) { $0.workers = 1 }
    #expect(expected.digests.count == grid.trials)
    for (workers, threads, interval) in [(2, nil, 1_000), (8, nil, 1_000), (3, 2, 1_000), (2, nil, 7)] {
      let other = try await measured(grid) {
        ($0.workers, $0.threadsPerTrial, $0.checkpointInterval) = (workers, threads, .iterations(interval))
      }
      #expect(other == expected, "\(workers) workers, \(threads ?? 0) threads, checkpoints every \(interval)")
    }
    var shuffled = grid
    shuffled.rates = [0.02, 0.1, 0.05]
    shuffled.seeds = [2, 0, 3, 1]
    #expect(try await measured(shuffled) { $0.workers = 2 } == expected, "shuffled")
  }

  @Test func twoRunsAtOnceShareTheTrialsAndDoNoneTwice() async throws {
    let expected = try await measured(grid) { $0.workers = 1 }
    try await Workspace.inTemporaryFolder { space in
      try space.write(grid.text, to: "g.json")
      let runs = try [space.start { $0.workers = 2 }, space.start { $0.workers = 2 }]
      #expect(runs.map(\.trials.count) == [grid.trials, grid.trials], "both have all to do")
      async let one = runs[0].train()
      async let other = runs[1].train()
      let summaries = await [one, other]
      for (run, summary) in zip(runs, summaries) { _ = try run.finish(summary) }
      #expect(summaries.reduce(0) { $0 + $1.finished } == grid.trials)
      #expect(summaries.reduce(0) { $0 + $1.skipped } == grid.trials)
      #expect(try space.attempts() == grid.trials, "no trial was begun twice")
      #expect(try Measured(space) == expected)
      #expect(try space.storeFaults().isEmpty)
    }
  }

  /// As if the machine had slept longer than the lease.
  @Test func aRunThatLostItsClaimWritesNothingMore() async throws {
    let grid = SmallGrid(rates: [0.1], seeds: [0])
    let expected = try await measured(grid) { $0.workers = 1 }
    try await Workspace.inTemporaryFolder { space in
      try space.write(grid.text, to: "g.json")
      let gate = Gate()
      let run = try space.start { $0.checkpointInterval = .iterations(20) }
      async let summary = run.train { event in
        if case .trial(.trial(_, .evaluation)) = event { gate.pass() }
      }
      await gate.reached()
      // Events that still wait are written half a second later, which renews the lease.
      for _ in 0..<100 where try space.states() != ["done": 1] {
        try space.meddle("UPDATE attempt SET lease_until = 0")
        try await space.run()
      }
      #expect(try space.states() == ["done": 1])
      gate.open()
      let late = try run.finish(await summary)
      #expect(late.summary.finished == 0 && late.summary.skipped == 1 && !late.hasFailures)
      let attempts = try space.query {
        try Row.fetchAll($0, sql: "SELECT state, resumed_from FROM attempt ORDER BY number")
      }
      #expect(attempts.map { $0["state"] as String } == ["stale", "done"])
      #expect(attempts[1]["resumed_from"] as Int > 0)
      #expect(try Measured(space) == expected)
    }
  }
}

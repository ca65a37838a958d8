import Foundation
import GRDB
import StudySupport
import Testing

/// A power cut at any moment, again and again: `make soak` makes 200 rounds of it.
@Suite struct KillTests {
  static let rounds = ProcessInfo.processInfo.environment["BENCH_SOAK_ROUNDS"].flatMap { Int($0) } ?? 6
  private static let grid = SmallGrid(rates: [0.1, 0.05, 0.02], seeds: [0, 1], iterations: 1500)
  private static let givenUp = "SELECT count(*) FROM trials WHERE state = 'failed'"
  private static let command = ["run", "g.json", "--checkpoint-every", "20"]

  /// What the rounds came to.
  private struct Tally: CustomStringConvertible {
    var kills = 0
    var studies = 0
    var attempts = 0
    /// Kills that hit a trial in its middle.
    var inTheMiddle = 0
    /// Attempts that went on from a checkpoint.
    var takenUp = 0
    /// Studies of which a trial's process was killed three times in a row before it got on, so that the trial was given
    /// up, and trained with --retry-failed.
    var retried = 0

    /// Whether there were enough kills, one of them in a trial's middle; a busy machine may need more for that.
    var isEnough: Bool {
      kills >= KillTests.rounds && inTheMiddle > 0 || kills >= KillTests.rounds + 60
    }

    var description: String {
      """
      \(kills) kills, \(inTheMiddle) of them in the middle of a trial
      \(studies) studies of \(KillTests.grid.trials) trials come to their end: \(attempts) attempts, \(takenUp) taken up from a checkpoint
      \(retried) of them needed --retry-failed: a trial died three times in a row without getting on
      """
    }
  }

  @Test func killsAtRandomMomentsLoseNothingAndChangeNoBit() async throws {
    let expected = try await Program.inTemporaryFolder { program in
      try program.write(Self.grid.text, to: "g.json")
      let start = ContinuousClock.now
      #expect(try await program.run(Self.command).code == 0)
      let duration = ContinuousClock.now - start
      return (
        digests: try program.traceDigests(), rows: try program.measurements(), weights: try program.weights(),
        report: try await program.reported(), duration: duration
      )
    }
    var tally = Tally()
    var longest = expected.duration
    while !tally.isEnough {
      try await Program.inTemporaryFolder { program in
        try program.write(Self.grid.text, to: "g.json")
        try await killUntilDone(program, longest: &longest, &tally)
        #expect(try program.states() == ["done": Self.grid.trials], "none is lost")
        #expect(try program.traceDigests() == expected.digests)
        #expect(try program.measurements() == expected.rows)
        #expect(try program.weights() == expected.weights && expected.weights.count == Self.grid.trials)
        let report = try await program.reported()
        #expect(report == expected.report, "\(Set(report).symmetricDifference(expected.report))")
        #expect(program.checkpointNames == [], "none is needed any more")
        let (attempts, takenUp, twice) = try program.query { database in
          let row = try Row.fetchOne(
            database,
            sql: """
              SELECT count(*), count(*) FILTER (WHERE resumed_from > 0),
                count(*) FILTER (WHERE state = 'done') - count(DISTINCT trial_id) FILTER (WHERE state = 'done')
              FROM attempt
              """)
          return (row?[0] ?? 0, row?[1] ?? 0, row?[2] ?? 0) as (Int, Int, Int)
        }
        #expect(twice == 0, "none is done twice")
        tally.studies += 1
        tally.attempts += attempts
        tally.takenUp += takenUp
        if Self.rounds > 20 { say("… \(tally.kills) of \(Self.rounds) kills, \(tally.takenUp) trials taken up") }
      }
    }
    say("\(tally)\nevery store sound (PRAGMA integrity_check), every trace and every row as without a kill")
    #expect(tally.takenUp > 0 && tally.inTheMiddle > 0, "the test tests something")
  }

  /// Kills runs of a study at random moments until one comes to its end, or the rounds are used up and it is let be.
  private func killUntilDone(_ program: Program, longest: inout Duration, _ tally: inout Tally) async throws {
    while true {
      let isLast = tally.isEnough
      let delay = longest * Double.random(in: 0...0.4)
      let start = ContinuousClock.now
      let outcome = try await program.run(Self.command) { running in
        if isLast { return }
        try await Task.sleep(for: delay)
        running.send(SIGKILL)
      }
      if outcome.code == 3, try program.query({ try Int.fetchOne($0, sql: Self.givenUp) ?? 0 }) > 0 {
        let last = try await program.run(Self.command + ["--retry-failed"])
        #expect(last.code == 0, "\(last.errors)")
        tally.retried += 1
        return
      }
      if outcome.code == 0 {
        // A machine that is less busy than before would come to the end before every kill.
        if !isLast { longest = min(longest, ContinuousClock.now - start) }
        return
      }
      #expect(outcome.code == 137, "\(outcome.errors)")
      if outcome.code != 137 { return }
      tally.kills += 1
      // A kill before the first transaction leaves no store, or an empty one.
      guard FileManager.default.fileExists(atPath: program.storePath),
        try program.query({ try $0.tableExists("attempt") })
      else { continue }
      #expect(try program.storeFaults().isEmpty)
      let middle = try program.query {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM attempt WHERE state = 'running' AND recorded > 0")
      }
      tally.inTheMiddle += (middle ?? 0) > 0 ? 1 : 0
    }
  }

  private func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

extension Program {
  /// The files of a report, and the trials' results in it without their durations.
  fileprivate func reported() async throws -> [String] {
    let outcome = try await run("report", "small", "-q")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = folder.appending(path: "reports/small")
    let lines = try String(contentsOf: report.appending(path: "results.csv"), encoding: .utf8).split(
      whereSeparator: \.isNewline)
    let names = lines.first.map { $0.split(separator: ",", omittingEmptySubsequences: false) } ?? []
    let kept = names.indices.filter { !names[$0].hasSuffix("_seconds") && names[$0] != "images_per_second" }
    let results = lines.map { line in
      let values = line.split(separator: ",", omittingEmptySubsequences: false)
      return kept.map { String(values[$0]) }.joined(separator: ",")
    }
    return try FileManager.default.subpathsOfDirectory(atPath: report.path).sorted() + results
  }
}

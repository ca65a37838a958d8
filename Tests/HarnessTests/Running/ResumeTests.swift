import Experiments
import Foundation
import GRDB
import Harness
import Runner
import StudySupport
import Testing

/// Only what is missing is trained, and one bad trial stops nothing.
@Suite struct ResumeTests {
  /// Seconds in which a small trial ends on a machine that is busy elsewhere too.
  private static let timeout = 5.0

  @Test func aSecondRunTrainsNothing() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      let first = try await space.run()
      #expect(first.summary.finished == 6 && !first.hasFailures)
      let before = try space.measurements()
      let second = try space.start()
      #expect(second.trials.isEmpty && second.before == [.done: 6])
      let outcome = try second.finish(await second.train())
      #expect(try space.attempts() == 6)
      #expect(try space.measurements() == before)
      #expect(outcome.report.text(.text) == first.report.text(.text))
    }
  }

  @Test func aGrownGridTrainsTheNewPointsOnly() async throws {
    try await Workspace.inTemporaryFolder { space in
      var grid = SmallGrid()
      try space.write(grid.text, to: "g.json")
      try await space.run()
      let before = try space.traceDigests()
      grid.rates = [0.2, 0.1, 0.05]
      grid.seeds = [3, 0, 1, 2]
      try space.write(grid.text, to: "g.json")
      let grown = try space.start()
      #expect(grown.trials.count == 6 && grown.before == [.done: 6, .planned: 6])
      #expect(grown.run.isNewRevision && grown.run.revision == 2)
      _ = try grown.finish(await grown.train())
      #expect(try space.attempts() == 12)
      #expect(try space.traceDigests().merging(before) { new, old in old } == space.traceDigests())
      #expect(try space.states() == ["done": 12])
    }
  }

  @Test func studiesThatShareATrialShareItsResult() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(name: "one").text, to: "one.json")
      try space.write(SmallGrid(name: "other", rates: [0.05, 0.3]).text, to: "other.json")
      try await space.run("one.json")
      let other = try space.start("other.json")
      #expect(other.trials.count == 3 && other.before == [.done: 3, .planned: 3])
      _ = try other.finish(await other.train())
      #expect(try space.attempts() == 9)
      #expect(try space.states() == ["done": 12], "each study has its six")
    }
  }

  @Test func selectionAndLimitChooseTrials() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      #expect(try await space.run(only: ["optimizer.lr=0.05", "seed=2"]).summary.ends.count == 1)
      #expect(try space.states() == ["done": 1, "planned": 5])
      try await space.run { $0.limit = 2 }
      #expect(try space.states() == ["done": 3, "planned": 3])
    }
  }

  @Test func trainingAllAgainGivesTheSameBits() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      try await space.run()
      let before = try space.measurements()
      let again = try await space.run { $0.rerunsAll = true }
      #expect(again.summary.finished == 6)
      #expect(try space.attempts() == 12)
      #expect(try space.measurements() == before)
    }
  }

  @Test func trainingAgainKeepsTheOldResultWhereItIsStopped() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      try await space.run()
      let before = try space.measurements()
      let run = try space.start { ($0.rerunsAll, $0.workers, $0.checkpointInterval) = (true, 1, .iterations(5)) }
      let cancellation = Cancellation()
      let summary = await run.train(cancellation: cancellation) { event in
        if case .trial(.trial(2, .evaluation)) = event { cancellation.request() }
      }
      #expect(summary.interrupted)
      _ = try run.finish(summary)
      #expect(try space.states() == ["done": 6])
      #expect(try space.measurements() == before)
      #expect(
        try FileManager.default.subpathsOfDirectory(atPath: space.folder.path).filter { $0.hasSuffix(".checkpoint") }
          == [])
    }
  }

  @Test func aTrialThatKillsItsProcessFailsAndTheOthersAreTrained() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      try await space.run { $0.limit = 1 }
      // As if three processes had died with the second trial, and left no checkpoint.
      try space.meddle(
        """
        INSERT INTO attempt (trial_id, number, run_id, state, host, process, process_start, boot, process_namespace,
          claimed_at, heartbeat_at, lease_until, resumed_from, recorded)
        SELECT 2, number + value, run_id, 'stale', host, process, process_start, boot, process_namespace,
          claimed_at, heartbeat_at, lease_until, 0, 0 FROM attempt, (SELECT 0 AS value UNION SELECT 1 UNION SELECT 2);
        UPDATE trial SET attempt_id = (SELECT max(id) FROM attempt) WHERE id = 2;
        """)
      let outcome = try await space.run()
      #expect(outcome.summary.failed == 1 && outcome.summary.finished == 4)
      #expect(outcome.report.text(.text).contains("died 3 times in a row"), "\(outcome.report.text(.text))")
      #expect(try space.states() == ["done": 5, "failed": 1])
      #expect(try await space.run { $0.retriesFailed = true }.summary.finished == 1)
    }
  }

  @Test func aFailedTrialStopsNothingAndIsTriedAgainOnDemand() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid.withAnEndlessVariant, to: "g.json")
      let run = try space.start { $0.timeout = Self.timeout }
      // The endless ones come first; they sleep their time away, while the others have plenty.
      let summary = await run.train { event in
        if case .trial(.trial(0...1, .batchLosses)) = event { Thread.sleep(forTimeInterval: Self.timeout) }
      }
      let first = try run.finish(summary)
      #expect(first.summary.finished == 2 && first.summary.failed == 2 && first.hasFailures)
      let failed = try space.query {
        try Row.fetchAll($0, sql: "SELECT error, log_tail FROM attempt WHERE state = 'failed'")
      }
      #expect(failed.count == 2)
      for row in failed {
        #expect((row["error"] as String).contains("ran out of time"))
        #expect((row["log_tail"] as String).contains("attempt 1 begins"))
      }
      let second = try await space.run()
      #expect(second.summary.ends.isEmpty && second.hasFailures, "what failed before is a failure still")
      let third = try await space.run {
        $0.retriesFailed = true
        $0.timeout = 1e-6
      }
      #expect(third.summary.failed == 2)
      #expect(try space.query { try Int.fetchOne($0, sql: "SELECT count(*) FROM attempt WHERE number = 2") } == 2)
    }
  }

  @Test(arguments: [1, 2]) func noFurtherTrialBeginsAfterTheFailuresThatAreAllowed(failures: Int) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid.withAnEndlessVariant, to: "g.json")
      try await space.run {
        ($0.workers, $0.timeout, $0.maximumFailures) = (1, 1e-6, failures)
      }
      #expect(try space.states() == ["failed": failures, "planned": 4 - failures])
    }
  }

  @Test func aTrialThatTakesTooLongFailsAndGoesOnWithMoreTime() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
      let expected = try await Workspace.inTemporaryFolder { other in
        try other.write(SmallGrid(rates: [0.1], seeds: [0]).text, to: "g.json")
        try await other.run()
        return try other.traceDigests()
      }
      let run = try space.start { ($0.timeout, $0.checkpointInterval) = (Self.timeout, .iterations(20)) }
      // The evaluation after iteration 50 takes longer than the trial may.
      let summary = await run.train { event in
        if case .trial(.trial(_, .evaluation)) = event { Thread.sleep(forTimeInterval: Self.timeout) }
      }
      #expect(try run.finish(summary).hasFailures)
      #expect(
        try #require(try space.query { try String.fetchOne($0, sql: "SELECT error FROM attempt") }).contains(
          "ran out of time"))
      let enough = try await space.run { $0.retriesFailed = true }
      #expect(enough.summary.finished == 1 && !enough.hasFailures)
      #expect(try space.lastResumption() >= 20)
      #expect(try space.traceDigests() == expected)
    }
  }

  @Test func divergenceIsAnOutcome() async throws {
    try await Workspace.inTemporaryFolder { space in
      let grid = SmallGrid(rates: [1e6, 0.01], seeds: [0])
      try space.write(grid.text.replacing("\"seeds\":", with: "\"loss\": \"mse\", \"seeds\":"), to: "g.json")
      let outcome = try await space.run()
      #expect(outcome.summary.diverged == 1 && outcome.summary.finished == 2 && !outcome.hasFailures)
      #expect(try space.states() == ["diverged": 1, "done": 1])
      let row = try #require(
        try space.query {
          try Row.fetchOne($0, sql: "SELECT diverged_at, error FROM attempt WHERE state = 'diverged'")
        })
      #expect((row["error"] as String).contains("at iteration \(row["diverged_at"] as Int)"))
    }
  }

  @Test func theViewsAreReadBySQL() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(SmallGrid().text, to: "g.json")
      try await space.run()
      let best = try space.query {
        try Row.fetchOne(
          $0, sql: "SELECT label, seed FROM trials WHERE study = 'small' ORDER BY test_accuracy DESC LIMIT 1")
      }
      #expect(best != nil)
      let curves = try space.query {
        try Row.fetchAll(
          $0, sql: "SELECT split, metric, count(*) FROM curves WHERE kind = 'finite' GROUP BY 1, 2 ORDER BY 1, 2")
      }
      #expect(
        curves.map { "\($0[0] as String) \($0[1] as String) \($0[2] as Int)" } == [
          "test accuracy 12", "test loss 12", "train loss 360",
        ])
    }
  }
}

import Foundation
import GRDB
import Testing

/// Only what is missing is trained, and one bad trial stops nothing.
@Suite struct ResumeTests {
  @Test func theSameCommandAgainTrainsNothing() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      let first = try await program.run("run", "g.json")
      #expect(first.code == 0 && first.errors.contains("6 trials trained"), "\(first.errors)")
      let before = try program.measurements()
      let second = try await program.run("run", "g.json")
      #expect(second.code == 0 && second.errors.contains("nothing to train: all is done"), "\(second.errors)")
      #expect(try program.attempts() == 6)
      #expect(try program.measurements() == before)
      #expect(first.output == second.output, "the table is the same")
    }
  }

  @Test func aGrownGridTrainsTheNewPointsOnly() async throws {
    try await Program.inTemporaryFolder { program in
      var grid = SmallGrid()
      try program.write(grid.text, to: "g.json")
      _ = try await program.run("run", "g.json")
      let before = try program.traceDigests()
      grid.rates = [0.2, 0.1, 0.05]
      grid.seeds = [3, 0, 1, 2]
      try program.write(grid.text, to: "g.json")
      let grown = try await program.run("run", "g.json")
      #expect(grown.code == 0 && grown.errors.contains("6 trials to train, 6 done already"), "\(grown.errors)")
      #expect(try program.attempts() == 12)
      #expect(try program.traceDigests().merging(before) { new, old in old } == program.traceDigests())
      #expect(try program.states() == ["done": 12])
    }
  }

  @Test func studiesThatShareATrialShareItsResult() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(name: "one").text, to: "one.json")
      try program.write(SmallGrid(name: "other", rates: [0.05, 0.3]).text, to: "other.json")
      _ = try await program.run("run", "one.json")
      let other = try await program.run("run", "other.json")
      #expect(other.errors.contains("3 trials to train, 3 done already"), "\(other.errors)")
      #expect(try program.attempts() == 9)
      #expect(try program.states() == ["done": 12], "each study has its six")
    }
  }

  @Test func onlyAndLimitChooseTrials() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      let one = try await program.run("run", "g.json", "--only", "optimizer.lr=0.05", "--only", "seed=2")
      #expect(one.errors.contains("1 trial to train"), "\(one.errors)")
      #expect(try program.states() == ["done": 1, "planned": 5])
      _ = try await program.run("run", "g.json", "--limit", "2")
      #expect(try program.states() == ["done": 3, "planned": 3])
    }
  }

  @Test(arguments: [
    ("label=lr 0.05", 3), ("label = \"lr 0.05\"", 3), ("seed>0", 4), ("optimizer.lr<0.1 and (seed=0 or seed=2)", 2),
    ("not label~0.05", 3), ("training.batch_size=20 and seed=1", 2), ("optimizer.lr=0.10", 3),
  ])
  func onlyTakesConditions(condition: String, trials: Int) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(iterations: 2, train: 40).text, to: "g.json")
      let outcome = try await program.run("run", "g.json", "--only", condition)
      #expect(outcome.code == 0 && outcome.errors.contains("\(trials) trial"), "\(outcome.errors)")
      #expect(try program.states()["done"] == trials)
    }
  }

  @Test(arguments: [
    ("seed=7", "no trial is like that; seed is one of 0, 1, 2"), ("seed", "at character 5: the text ends"),
    ("optimizer.momentun=0", "no trial has \"optimizer.momentun\"; expected one of label, seed, optimizer.lr"),
    ("label=Model", "label is one of lr 0.1, lr 0.05"),
  ])
  func onlySaysWhatThereIs(condition: String, says: String) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      let outcome = try await program.run("run", "g.json", "--only", condition)
      #expect(outcome.code == 64 && outcome.errors.contains(says), "\(outcome.errors)")
    }
  }

  @Test func rerunTrainsAllAgainToTheSameBits() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      _ = try await program.run("run", "g.json")
      let before = try program.measurements()
      let again = try await program.run("run", "g.json", "--rerun")
      #expect(again.code == 0 && again.errors.contains("6 trials trained"), "\(again.errors)")
      #expect(try program.attempts() == 12)
      #expect(try program.measurements() == before)
    }
  }

  @Test func aFailedTrialStopsNothingAndIsTriedAgainOnDemand() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid.withAnEndlessVariant, to: "g.json")
      let first = try await program.run("run", "g.json", "--timeout", "2")
      #expect(first.code == 3)
      #expect(first.errors.contains("2 trials trained, 2 failed ("), "\(first.errors)")
      #expect(first.output.contains("2 of 4 trials done"), "\(first.output)")
      let failed = try program.query {
        try Row.fetchAll($0, sql: "SELECT error, log_tail FROM attempt WHERE state = 'failed'")
      }
      #expect(failed.count == 2)
      for row in failed {
        #expect((row["error"] as String).contains("ran out of time"))
        #expect((row["log_tail"] as String).contains("attempt 1 begins"))
      }
      let second = try await program.run("run", "g.json")
      #expect(
        second.code == 3 && second.errors.contains("nothing to train; 2 trials failed before"), "\(second.errors)")
      #expect(try program.query { try Int.fetchOne($0, sql: "SELECT max(number) FROM attempt") } == 1)
      let third = try await program.run("run", "g.json", "--retry-failed", "--timeout", "1")
      #expect(third.code == 3)
      #expect(try program.query { try Int.fetchOne($0, sql: "SELECT count(*) FROM attempt WHERE number = 2") } == 2)
    }
  }

  @Test(arguments: [(["--fail-fast"], 1), (["--max-failures", "2"], 2)])
  func noFurtherTrialBeginsAfterTheFailuresThatAreAllowed(options: [String], failures: Int) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid.withAnEndlessVariant, to: "g.json")
      let outcome = try await program.run(["run", "g.json", "-j1", "--timeout", "1"] + options)
      #expect(outcome.code == 3)
      let states = try program.query {
        try Row.fetchAll($0, sql: "SELECT state, count(*) FROM trials WHERE study = 'one-fails' GROUP BY state")
      }
      #expect(
        Dictionary(uniqueKeysWithValues: states.map { ($0[0], $0[1]) }) == [
          "failed": failures, "planned": 4 - failures,
        ])
    }
  }

  @Test func aTrialThatTakesTooLongFailsAndGoesOnWithMoreTime() async throws {
    try await Program.inTemporaryFolder { program in
      let grid = SmallGrid(rates: [0.1], seeds: [0], iterations: 150_000)
      try program.write(grid.text, to: "g.json")
      let late = try await program.run("run", "g.json", "--timeout", "1.5", "--checkpoint-every", "20")
      #expect(late.code == 3 && late.errors.contains("ran out of time"), "\(late.errors)")
      let enough = try await program.run("run", "g.json", "--retry-failed")
      #expect(enough.code == 0, "\(enough.errors)")
      #expect(
        try program.query { try Int.fetchOne($0, sql: "SELECT resumed_from FROM attempt WHERE number = 2") ?? 0 } > 0)
    }
  }

  @Test func divergenceIsAnOutcome() async throws {
    try await Program.inTemporaryFolder { program in
      let grid = SmallGrid(rates: [1e6, 0.01], seeds: [0])
      try program.write(grid.text.replacing("\"seeds\":", with: "\"loss\": \"mse\", \"seeds\":"), to: "g.json")
      let outcome = try await program.run("run", "g.json")
      #expect(outcome.code == 0 && outcome.errors.contains("1 of them diverged"), "\(outcome.errors)")
      #expect(try program.states() == ["diverged": 1, "done": 1])
      let row = try #require(
        try program.query {
          try Row.fetchOne($0, sql: "SELECT diverged_at, error FROM attempt WHERE state = 'diverged'")
        })
      #expect((row["error"] as String).contains("at iteration \(row["diverged_at"] as Int)"))
    }
  }

  @Test func theViewsAreReadBySQL() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      _ = try await program.run("run", "g.json")
      let best = try program.query {
        try Row.fetchOne(
          $0, sql: "SELECT label, seed FROM trials WHERE study = 'small' ORDER BY test_accuracy DESC LIMIT 1")
      }
      #expect(best != nil)
      let curves = try program.query {
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

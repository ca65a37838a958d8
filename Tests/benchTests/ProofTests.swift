import Experiments
import Foundation
import Presentation
import Testing

/// Numbers that were changed behind the program's back are an error that names them, never a result.
@Suite struct ProofTests {
  private static let reading: [[String]] = [
    ["report", "--format", "json"], ["compare", "base.json", "#small"], ["baseline", "save", "again"],
    ["export", "csv"], ["export", "json"], ["doctor"],
  ]

  /// Trial 2 is the one of seed 1 with the first rate.
  static let changes = [
    "UPDATE metric SET value = value - 0.4 WHERE series_id = 4 AND trial_id = 2",
    "DELETE FROM metric WHERE trial_id = 2",
    "DELETE FROM metric WHERE trial_id = 2 AND iteration = 60",
    "UPDATE attempt SET trace_digest = NULL WHERE trial_id = 2",
    "UPDATE attempt SET trace_digest = printf('%064d', 1) WHERE trial_id = 2",
    "UPDATE attempt SET wall_seconds = wall_seconds + 1 WHERE trial_id = 2",
    "UPDATE attempt SET state = 'diverged', diverged_at = 60 WHERE trial_id = 2",
    "UPDATE confusion SET counts = replace(counts, '0', '1') WHERE attempt_id = 2",
    "UPDATE trial SET attempt_id = 3 WHERE id = 2",
  ]

  private func prepared(_ program: Program, _ options: String...) async throws {
    try program.write(SmallGrid().text, to: "grid.json")
    let run = try await program.run(["run", "grid.json", "-q", "-j", "1", "--no-weights"] + options)
    #expect(run.code == 0, "\(run.errors)")
    #expect(try await program.run("baseline", "save", "base").code == 0)
    #expect(try await program.run("baseline", "export", "base", "base.json").code == 0)
  }

  private func expectRefusal(_ program: Program, _ command: [String], _ label: String = "lr 0.1") async throws {
    let outcome = try await program.run(command)
    #expect(outcome.code == 1, "\(command): \(outcome.output)\(outcome.errors)")
    let said = outcome.output + outcome.errors
    for part in ["bench.db", "study small", label, "seed 1", "--rerun"] {
      #expect(said.contains(part), "\(command): \(part) in \(said)")
    }
  }

  @Test(arguments: changes) func aChangedResultIsAnError(change: String) async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      try program.meddle(change)
      for command in Self.reading { try await expectRefusal(program, command) }
    }
  }

  @Test func changedLossesAreAnErrorWhereTheyAreRead() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      try program.meddle("UPDATE batch_loss SET value = value + 1e-6 WHERE iteration = 17 AND trial_id = 2")
      for command in [["report"], ["export", "csv", "--curves"], ["export", "npz"], ["doctor"]] {
        try await expectRefusal(program, command)
      }
      try program.meddle("DELETE FROM batch_loss WHERE iteration > 57 AND trial_id = 2")
      let doctor = try await program.run("doctor")
      #expect(doctor.code == 1 && doctor.output.contains("57 of its 60 losses are stored"), "\(doctor.output)")
    }
  }

  @Test func doctorListsAllOfThem() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      #expect(try await program.run("doctor", "--format", "json").output.contains("whose numbers fit their digests"))
      try program.meddle("UPDATE metric SET value = value / 2 WHERE trial_id IN (2, 3) AND series_id = 4")
      try program.meddle("UPDATE batch_loss SET value = NULL WHERE trial_id = 5 AND iteration = 1")
      let doctor = try await program.run("doctor")
      #expect(doctor.code == 1)
      for part in ["3 trials are not what was stored", "lr 0.1, seed 1", "lr 0.1, seed 2", "lr 0.05, seed 1"] {
        #expect(doctor.output.contains(part), "\(part) in \(doctor.output)")
      }
    }
  }

  /// Where only some of the losses are kept, the scores prove themselves all the same.
  @Test func thinnedLossesAreNoHindrance() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program, "--keep-loss-every", "7")
      for command in [["report", "-q"], ["export", "csv", "--curves"], ["doctor"]] {
        let outcome = try await program.run(command)
        #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
      }
      try program.meddle(Self.changes[0])
      for command in Self.reading { try await expectRefusal(program, command) }
    }
  }

  /// Older programs stored a trace digest alone.
  @Test func aTrialOfAnOlderProgramIsProvenByItsTrace() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      try program.meddle("UPDATE attempt SET result_digest = NULL")
      for command in Self.reading {
        let outcome = try await program.run(command + (command[0] == "compare" ? ["--tolerance", "test_loss=1"] : []))
        #expect(outcome.code == (command[0] == "compare" ? 64 : 0), "\(command): \(outcome.errors)")
      }
      try program.meddle(Self.changes[0])
      for command in Self.reading { try await expectRefusal(program, command) }
    }
  }

  @Test func verifyTellsWhatNoTrainingGivesAgain() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      let key = try #require(try program.traceDigests().keys.first)
      try program.meddle("UPDATE attempt SET images_per_second = images_per_second * 2")
      let verify = try await program.run("verify", key)
      #expect(verify.code == 1 && verify.errors.contains("its scores, times or counts"), "\(verify)")
    }
  }

  @Test func aChangedBaselineFileIsAnError() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      let again = try await program.run("run", "grid.json", "-q", "--no-weights", "--db", "again.db")
      #expect(again.code == 0)
      let text = try String(contentsOf: program.folder.appending(path: "base.json"), encoding: .utf8)
      let changed = text.replacing(/"test_accuracy": [0-9.]+/, with: "\"test_accuracy\": 0.99")
      try program.write(changed, to: "changed.json")
      let refused = try await program.run("compare", "changed.json", "again.db")
      #expect(refused.code == 1 && refused.errors.contains("changed.json: it was changed or is damaged"), "\(refused)")
      // Another layout is the same baseline.
      var reader = JSONReader(Array(text.utf8))
      try program.write(reader.read().value.compactText, to: "compact.json")
      let compact = try await program.run("compare", "compact.json", "again.db")
      #expect(compact.code == 0 && compact.errors.isEmpty, "\(compact)")
      try program.write(unsealed(text), to: "older.json")
      let older = try await program.run("compare", "older.json", "again.db")
      #expect(older.code == 0 && older.errors.contains("older.json carries no digest"), "\(older)")
      // One in the store is held against its digest too.
      try program.meddle("UPDATE baseline SET document = replace(document, '\"seed\": 1', '\"seed\": 7')")
      for command in [["compare", "base", "again.db"], ["baseline", "export", "base"]] {
        let outcome = try await program.run(command)
        #expect(outcome.code == 1 && outcome.errors.contains("it was changed or is damaged"), "\(outcome)")
      }
    }
  }
}

import Experiments
import Foundation
import Presentation
import StudySupport
import Testing

/// Numbers that were changed behind the program's back are an error that names them, never a result.
@Suite struct ProofTests {
  private static let reading: [[String]] = [
    ["report", "--format", "json"], ["compare", "base.json", "#small"], ["baseline", "save", "again"],
    ["export", "csv"], ["export", "json"], ["doctor"],
  ]

  /// Trial 2 is the one of seed 1 with the first rate.
  private static let change = "UPDATE metric SET value = value - 0.4 WHERE series_id = 4 AND trial_id = 2"

  private func prepared(_ program: Program, _ options: String...) async throws {
    try program.write(SmallGrid().text, to: "grid.json")
    let run = try await program.run(["run", "grid.json", "-q", "-j", "1", "--no-weights"] + options)
    #expect(run.code == 0, "\(run.errors)")
    #expect(try await program.run("baseline", "save", "base").code == 0)
    #expect(try await program.run("baseline", "export", "base", "base.json").code == 0)
  }

  private func expectRefusal(_ program: Program, _ command: [String]) async throws {
    let outcome = try await program.run(command)
    #expect(outcome.code == 1, "\(command): \(outcome.output)\(outcome.errors)")
    let said = outcome.output + outcome.errors
    for part in ["bench.db", "study small", "lr 0.1", "seed 1", "--rerun"] {
      #expect(said.contains(part), "\(command): \(part) in \(said)")
    }
  }

  @Test func aChangedResultIsAnErrorOfEveryCommand() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      try program.meddle(Self.change)
      for command in Self.reading { try await expectRefusal(program, command) }
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
      try program.meddle(Self.change)
      for command in Self.reading { try await expectRefusal(program, command) }
    }
  }

  @Test func aChangedConfigurationIsAnError() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      try program.meddle(
        "UPDATE named_configuration SET stored = replace(stored, '\"evaluate_every\":50', '\"evaluate_every\":5 ')",
        sealsRows: true)
      for command in [["report", "--format", "json"], ["export", "csv"], ["baseline", "save", "again"]] {
        let outcome = try await program.run(command)
        #expect(outcome.code == 1 && outcome.errors.contains("configuration whose hash is"), "\(outcome)")
      }
    }
  }

  /// SQLite reads a schema with a damaged name without complaint.
  @Test func aColumnThatIsMissingIsAnError() async throws {
    try await Program.inTemporaryFolder { program in
      try await prepared(program)
      try program.meddle("ALTER TABLE baseline RENAME COLUMN created_at TO created")
      for command in [["baseline", "list"], ["run", "grid.json", "-q"]] {
        let outcome = try await program.run(command)
        #expect(outcome.code == 1 && outcome.errors.contains("baseline has no column created_at"), "\(outcome)")
      }
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
      // One in the store is checked against its digest too.
      try program.meddle("UPDATE baseline SET document = replace(document, '\"seed\": 1', '\"seed\": 7')")
      for command in [["compare", "base", "again.db"], ["baseline", "export", "base"]] {
        let outcome = try await program.run(command)
        #expect(outcome.code == 1 && outcome.errors.contains("it was changed or is damaged"), "\(outcome)")
      }
    }
  }
}

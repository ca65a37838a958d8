import Experiments
import Foundation
import Presentation
import StudySupport
import Testing

/// `bench report` and what `bench run` tells a workflow, as people use them.
@Suite struct ReportTests {
  private static let grid = """
    {"name": "tiny", "dataset": {"name": "digits", "train": 80, "test": 40, "validation": 20},
     "model": {"family": "mlp", "hidden": []}, "optimizer": {"name": "sgd", "lr": 0.1},
     "training": {"batch_size": 20, "iterations": 4, "evaluate_every": 2}, "seeds": [0, 1],
     "axes": {"model.hidden": [[], [4]], "optimizer.lr": [0.1, 0.01, 1000000]}}
    """

  private func contents(_ program: Program, _ path: String) throws -> String {
    try String(contentsOf: program.folder.appending(path: path), encoding: .utf8)
  }

  @Test func aWorkflowsPageShowsWhatWasTrained() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      let workflow = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": program.folder.appending(path: "page.md").path]
      let run = try await program.run(
        ["run", "grid.json", "-q", "--no-weights", "--timeout", "0.000001"], environment: workflow)
      #expect(run.code == 3, "\(run.errors)")
      #expect(run.errors.contains("::error title=Trial failed::") && run.errors.contains("::error title=More::3 more"))
      #expect(try contents(program, "page.md").contains("## What failed"))
      let again = try await program.run(["run", "grid.json", "-q", "--no-weights", "--retry-failed"])
      #expect(again.code == 0, "\(again.errors)")
      #expect(!again.errors.contains("::"))
      let report = try await program.run(["report", "-q"], environment: workflow)
      #expect(report.code == 0, "\(report.errors)")
      #expect(!report.errors.contains("::error"))
      #expect(try contents(program, "page.md").contains("## Ranking"))
      // The report is there even where the page is not.
      try FileManager.default.removeItem(at: program.folder.appending(path: "reports"))
      let unwritable = try await program.run(
        ["report", "-q"], environment: ["GITHUB_STEP_SUMMARY": "/nowhere/page.md"])
      #expect(unwritable.code == 1 && unwritable.errors.contains("GITHUB_STEP_SUMMARY names /nowhere/page.md"))
      #expect(try contents(program, "reports/tiny/README.md").contains("## Ranking"))
    }
  }

  @Test func theSameStoreGivesTheSameBytes() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      #expect(try await program.run("run", "grid.json", "-q", "--no-weights").code == 0)
      for folder in ["first", "second"] {
        let report = try await program.run(
          "report", "-q", "--no-time", "--out", folder, "--tune", "optimizer.lr", "--target", "0.2")
        #expect(report.code == 0, "\(report.errors)")
      }
      let files = FileManager.default
      let first = program.folder.appending(path: "first").path
      let names = try files.subpathsOfDirectory(atPath: first).sorted()
      #expect(names.contains("tiny/README.md") && names.contains("tiny/results.json"))
      let second = program.folder.appending(path: "second").path
      #expect(try files.subpathsOfDirectory(atPath: second).sorted() == names)
      for name in names {
        #expect(files.contentsEqual(atPath: "\(first)/\(name)", andPath: "\(second)/\(name)"), "\(name)")
      }
    }
  }

  @Test func resultsHoldTheAnswersToEachTestImage() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      #expect(try await program.run("run", "grid.json", "-q", "--no-weights").code == 0)
      let report = try await program.run("report", "--format", "json")
      var reader = JSONReader(Array(report.output.utf8))
      let results = try reader.read().value
      let trials = try #require(results["configurations"]?.array).flatMap { $0["trials"]?.array ?? [] }
      #expect(trials.count == 12)
      for trial in trials {
        let confusion = try #require(trial["confusion"]?.array)
        let right = confusion.enumerated().reduce(0) { $0 + ($1.element.array?[$1.offset].int ?? 0) }
        let hits = try #require(HitMask(count: 40, base64: trial["hits"]?["mask"]?.string ?? ""))
        #expect(trial["hits"]?["images"]?.int == 40 && hits.hits == right)
        #expect(trial["evaluations"]?.array?.last?["test_accuracy"]?.double == Double(right) / 40)
      }
    }
  }

  @Test func eachAtItsOwnBestValueAndRefusalsWithAWayOut() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid, to: "grid.json")
      #expect(try await program.run("run", "grid.json", "-q", "--no-weights").code == 0)
      let tuned = try await program.run("report", "--tune", "optimizer.lr", "--format", "md")
      #expect(tuned.code == 0 && tuned.output.contains("## Each at its own best learning rate"), "\(tuned.errors)")
      let typo = try await program.run("report", "--tune", "optimizer.rate")
      #expect(typo.code == 64 && typo.errors.contains("its axes are model.hidden, optimizer.lr"), "\(typo.errors)")
      #expect(
        try await program.run("run", "grid.json", "-q", "--no-weights", "--set", "dataset.validation=0").code == 0)
      let blind = try await program.run("report", "--tune", "optimizer.lr")
      #expect(blind.code == 64 && blind.errors.contains("no validation examples"), "\(blind.errors)")
      // What was there before is still there, as revision 1.
      let older = try await program.run("report", "--revision", "1", "--tune", "optimizer.lr")
      #expect(older.code == 0 && older.output == "reports/tiny-revision-1/README.md\n", "\(older.errors)")
      #expect(try contents(program, "reports/tiny-revision-1/README.md").contains("revision 1 (the latest is 2)"))
      let none = try await program.run("report", "--revision", "7")
      #expect(none.code == 1 && none.errors.contains("expected 1 to 2"), "\(none.errors)")
    }
  }
}

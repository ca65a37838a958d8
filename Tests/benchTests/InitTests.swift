import Foundation
import StudySupport
import Testing

/// `bench init` writes a grid that `bench plan` and `bench run` take as it is.
@Suite struct InitTests {
  @Test func writesAGridThatCanBePlannedAndRun() async throws {
    try await Program.inTemporaryFolder { program in
      let written = try await program.run("init")
      #expect(written.code == 0 && written.output.isEmpty, "\(written)")
      #expect(written.errors == "grid.json: written; next: bench plan grid.json\n")
      let plan = try await program.run("plan", "grid.json", "--no-timing")
      #expect(plan.code == 0 && plan.output.contains("12 trials"), "\(plan)")
      let run = try await program.run(
        "run", "grid.json", "-q", "--set", "training.epochs=1", "--set", "seeds=[0]", "--set", "dataset.train=400")
      #expect(run.code == 0, "\(run)")
      let list = try await program.run("list", "--format", "json")
      #expect(list.output.contains("\"tags\"") && list.output.contains("example"), "\(list)")
      let report = try await program.run("report", "first")
      let page = program.folder.appending(path: "reports/first/README.md")
      #expect(try String(contentsOf: page, encoding: .utf8).contains("\nTags: example\n"), "\(report)")
    }
  }

  @Test func replacesNoFileUnasked() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write("{}", to: "mine.json")
      let refused = try await program.run("init", "mine.json")
      #expect(refused.code == 64, "\(refused)")
      #expect(
        refused.errors.contains("mine.json: is there already; name another file, or replace this one with --force"))
      #expect(try String(contentsOf: program.folder.appending(path: "mine.json"), encoding: .utf8) == "{}")
      #expect(try await program.run("init", "mine.json", "--force").code == 0)
      #expect(
        try String(contentsOf: program.folder.appending(path: "mine.json"), encoding: .utf8).contains(
          "\"name\": \"first\""))
      let folder = try await program.run("init", ".", "--force")
      #expect(folder.code == 64 && folder.errors.contains("is a folder"), "\(folder)")
    }
  }
}

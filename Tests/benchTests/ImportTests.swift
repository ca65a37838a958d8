import Foundation
import Testing

/// `bench import` as people type it.
@Suite struct ImportTests {
  private static let text = "label,seed,iteration,split,metric,value\nA,0,5,test,loss,1\nA,1,5,test,loss,2\n"

  @Test func readsAFile() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.text, to: "curves.csv")
      let file = try await program.run("import", "curves.csv", "--study", "theirs")
      #expect(file.code == 0 && file.output.hasPrefix("study theirs, revision 1: 2 trials of 1 configuration"))
      let again = try await program.run("import", "curves.csv", "--study", "theirs", "--format", "json")
      #expect(again.code == 0 && again.output.contains("\"new\": false"))
      let report = try await program.run("report", "theirs")
      #expect(report.code == 0, "\(report.errors)")
    }
  }

  /// The lines for a PyTorch script write what is read.
  @Test func theDocumentedScriptWritesWhatIsRead() async throws {
    try await Program.inTemporaryFolder { program in
      let page = try String(
        contentsOf: Program.package.appending(path: "Sources/bench/bench.docc/Exchange.md"), encoding: .utf8)
      let section = try #require(page.components(separatedBy: "In a PyTorch script:").last)
      let script = try #require(section.components(separatedBy: "```python\n").dropFirst().first)
        .components(separatedBy: "```")[0]
      try program.write(
        "def train():\n  for step in (1, 2, 3):\n    yield step, 1 / step\n\n" + script, to: "script.py")
      try #require(Tool.run("/usr/bin/env", ["python3", "script.py"], in: program.folder) == 0)
      let imported = try await program.run("import", "curves.csv", "--study", "pytorch")
      #expect(imported.output.hasPrefix("study pytorch, revision 1: 2 trials of 1 configuration"), "\(imported)")
      let curves = try await program.run("export", "csv", "pytorch", "--curves")
      // Of each seed three losses of training, and loss and accuracy.
      let lines = curves.output.split(whereSeparator: \.isNewline).count
      #expect(lines == 11, "\(curves.output)")
    }
  }

  @Test func faultsEndWithTheCodeOfUsage() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.text + "A,2,5,test,accuracy,50\n", to: "curves.csv")
      let bad = try await program.run("import", "curves.csv", "--study", "theirs")
      #expect(bad.code == 64)
      #expect(
        bad.errors == "bench: curves.csv: line 4: accuracy is 50; expected a share from 0 to 1: 50 % is 0.5\n")
      let away = try await program.run("import", "nowhere.csv", "--study", "theirs")
      #expect(away.code == 64 && away.errors.contains("nowhere.csv: can't be read"))
      #expect(!FileManager.default.fileExists(atPath: program.storePath))
    }
  }
}

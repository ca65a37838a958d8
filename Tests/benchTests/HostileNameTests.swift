import Experiments
import Foundation
import GRDB
import Presentation
import StudySupport
import Testing

/// Names are data, whatever they look like.
@Suite struct HostileNameTests {
  static let names = [
    "it's \"quoted\"", "two\nlines", "$(touch pwned)", "`touch pwned`", "../../pwned", "/etc/pwned",
    "<script>alert(1)</script>", "'; DROP TABLE trial; --", "\u{1B}[2Jgone", "x\u{202E}gnp.exe", "|&;<>*?~#{}[]\\",
    "..", ".",
  ]

  @Test(arguments: names) func goesThroughGridStoreAndReport(name: String) async throws {
    try await Program.inTemporaryFolder { program in
      let grid: JSONValue = [
        "name": .string(name), "title": .string(name),
        "dataset": ["name": "digits", "train": 100, "test": 50],
        "model": ["family": "mlp", "hidden": [4]], "optimizer": ["name": "sgd", "lr": 1],
        "training": ["batch_size": 20, "iterations": 10], "seeds": [0, 1],
        "variants": .object([.init(name, ["model.hidden": [5]]), .init("plain", ["model.hidden": [4]])]),
      ]
      try program.write(grid.prettyText, to: "g.json")
      let run = try await program.run("run", "g.json")
      try #require(run.code == 0, "\(run.errors)")
      let stored = try program.query { try Row.fetchAll($0, sql: "SELECT DISTINCT study, label FROM trials") }
      #expect(stored.allSatisfy { $0["study"] == name })
      #expect(Set(stored.map { $0["label"] as String }) == [name, "plain"])
      let before = Set(try program.contents)
      let report = try await program.run("report", name)
      #expect(report.code == 0, "\(report.errors)")
      let written = try Set(program.contents).subtracting(before)
      #expect(!written.isEmpty && written.allSatisfy { $0 == "reports" || $0.hasPrefix("reports/") }, "\(written)")
      #expect(written.count { $0.hasSuffix("/README.md") && $0.split(separator: "/").count == 3 } == 1, "\(written)")
      let page = try #require(written.first { $0.hasSuffix("/index.html") })
      let html = try String(contentsOf: program.folder.appending(path: page), encoding: .utf8)
      #expect(!html.contains("<script>alert"))
      for outcome in [run, report, try await program.run("list"), try await program.run("plan", "g.json")] {
        #expect(!(outcome.output + outcome.errors).contains("\u{1B}[2J"), "a name moves no cursor")
        #expect(!(outcome.output + outcome.errors).contains("\u{202E}"), "a name turns no text round")
      }
      let around = try FileManager.default.contentsOfDirectory(atPath: program.folder.deletingLastPathComponent().path)
      #expect(!around.contains("pwned") && !FileManager.default.fileExists(atPath: "/etc/pwned"))
      #expect(try program.contents.allSatisfy { !$0.hasSuffix("pwned") || $0.hasPrefix("reports/") })
    }
  }
}

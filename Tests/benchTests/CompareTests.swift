import Foundation
import Presentation
import StudySupport
import Testing

/// `bench compare`, `bench baseline` and `bench export` as a nightly job uses them.
@Suite struct CompareTests {
  @Test func theSameBitsOfAnotherRunAreEqual() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      #expect(try await program.run("baseline", "save", "first").output == "first: tiny, revision 1, 12 trials\n")
      let list = try await program.run("baseline", "list").output
      #expect(list.contains(#/first +tiny +1 +12 +12 /#), "\(list)")
      #expect(try await program.run("baseline", "export", "first", "first.json").code == 0)
      let again = try await program.run("run", "grid.json", "-q", "--no-weights", "--db", "again.db")
      #expect(again.code == 0, "\(again.errors)")
      for sides in [
        ["first", "again.db"], ["first.json", "again.db#tiny"], ["tiny", "again.db"],
        [".bench/bench.db#tiny", "again.db"],
      ] {
        let outcome = try await program.run(["compare"] + sides)
        #expect(outcome.code == 0, "\(sides): \(outcome.errors)")
        #expect(outcome.output.hasPrefix("Equal to the last bit: 2 equal to the last bit.\n"), "\(outcome.output)")
        #expect(outcome.output.contains("12 of 12 common trials are equal to the last bit"))
      }
      #expect(try await program.run("baseline", "rm", "first").code == 0)
      let gone = try await program.run("compare", "first")
      #expect(gone.code == 64 && gone.errors.contains("Baselines: none; studies: tiny"), "\(gone.errors)")
    }
  }

  @Test func aRegressionEndsWith2AndIsSaidEverywhere() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      _ = try await program.run("baseline", "save", "first")
      // A baseline that was better by three tenths, seed by seed.
      let text = unsealed(try await program.run("baseline", "export", "first").output)
      let better = text.split(separator: "\n", omittingEmptySubsequences: false).map { (line: Substring) -> String in
        guard let match = line.firstMatch(of: /"test_accuracy": ([0-9.]+)/), let value = Double(match.1) else {
          return String(line)
        }
        return String(line).replacing(String(match.0), with: "\"test_accuracy\": \(value + 0.3)")
          .replacing("\"trace\": \"", with: "\"trace\": \"other")
      }
      try program.write(better.joined(separator: "\n"), to: "better.json")
      let outcome = try await program.run(
        [
          "compare", "better.json", "--junit", "out/junit.xml", "--comment", "out/comment.md", "--format", "json",
          "--record",
        ],
        environment: [
          "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "me/mine", "GITHUB_RUN_ID": "7",
          "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": program.folder.appending(path: "summary.md").path,
        ])
      #expect(outcome.code == 2, "\(outcome.errors)")
      #expect(outcome.output.contains("\"outcome\": \"regression\""))
      #expect(outcome.errors.contains("::error title=Regression::"))
      let summary = try String(contentsOf: program.folder.appending(path: "summary.md"), encoding: .utf8)
      #expect(summary.contains("**worse**") || summary.contains("**collapsed: "))
      let junit = try String(contentsOf: program.folder.appending(path: "out/junit.xml"), encoding: .utf8)
      #expect(junit.contains("failures=\"2\""))
      let comment = try String(contentsOf: program.folder.appending(path: "out/comment.md"), encoding: .utf8)
      #expect(comment.hasPrefix("<!-- bench compare tiny better.json -->\n**Regression: "), "\(comment)")
      #expect(comment.contains("[The run](https://github.com/me/mine/actions/runs/7)"))
      let lax = try await program.run("compare", "better.json", "--tolerance", "test_accuracy=100%")
      #expect(lax.code == 0, "\(lax.output)")
    }
  }

  /// The comment of a night that did not finish takes the place of the one before it.
  @Test func theNightlyKnowsItsCommentsFirstLine() async throws {
    let workflow = try String(
      contentsOf: Program.package.appending(path: ".github/workflows/nightly.yml"), encoding: .utf8)
    let marker = try #require(workflow.firstMatch(of: /MARKER: "(.*)"/)?.1)
    let makefile = try String(contentsOf: Program.package.appending(path: "Makefile"), encoding: .utf8)
    let baseline = try #require(makefile.firstMatch(of: /\$\(BENCH\) compare ([^ ]+) "\$\(NIGHTLY\)/)?.1)
    let document = try String(contentsOf: Program.package.appending(path: String(baseline)), encoding: .utf8)
    let study = try #require(document.firstMatch(of: /"study": "([^"]+)"/)?.1)
    #expect(marker == "<!-- bench compare \(study) \(baseline) -->")
  }

  @Test func aTrialThatIsMissingEndsWith3() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      let part = try await program.run(
        "run", "grid.json", "-q", "--no-weights", "--limit", "11", "--db", "part.db")
      #expect(part.code == 0, "\(part.errors)")
      let outcome = try await program.run(
        "compare", ".bench/bench.db", "part.db", "--tolerance", "test_accuracy=0.005")
      #expect(outcome.code == 3, "\(outcome.errors)")
      #expect(outcome.output.contains("has not ended: planned"))
      // Who asks for more than there is to see is told so where that is wanted.
      let again = try await program.run("run", "grid.json", "-q", "--no-weights", "--db", "again.db")
      #expect(again.code == 0, "\(again.errors)")
      let lax = ["compare", "#tiny", "again.db", "--tolerance", "validation_accuracy=0.1"]
      #expect(try await program.run(lax).code == 4)
      let strict = try await program.run(lax + ["--strict"])
      #expect(strict.code == 4, "\(strict.errors)")
      #expect(strict.output.hasPrefix("Nothing is comparable: 2 not comparable."), "\(strict.output)")
    }
  }

  @Test func savingABaselineSaysWhatItReplaces() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      try program.write(
        Program.tinyGrid.replacing("tiny", with: "other").replacing("[0.1,", with: "[0.2,"), to: "other.json")
      try program.write(
        Program.tinyGrid.replacing("tiny", with: "empty").replacing("[0.1, 0.01]", with: "[1e6]")
          .replacing("\"seeds\":", with: "\"loss\": \"mse\", \"seeds\":"), to: "empty.json")
      let run = try await program.run("run", "empty.json", "-q", "--no-weights")
      #expect(run.code == 0, "\(run.errors)")
      let empty = try await program.run("baseline", "save", "main", "empty")
      #expect(empty.code == 64 && empty.errors.contains("bench list"), "\(empty.errors)")
      #expect(try await program.run("baseline", "save", "main", "tiny").code == 0)
      let more = try await program.run("run", "other.json", "-q", "--no-weights", "--limit", "1")
      #expect(more.code == 0, "\(more.errors)")
      let replaced = try await program.run("baseline", "save", "main", "other")
      #expect(
        replaced.output == "main: other, revision 1, 7 of 12 trials done; replaced tiny, revision 1\n",
        "\(replaced.output)")
    }
  }

  @Test func whatCannotBeReadIsSaid() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write("{}", to: "empty.json")
      try program.write(#"{"alhpa": 1}"#, to: "policy.json")
      #expect(try await program.run("compare", "empty.json").errors.contains("this is not a baseline"))
      let policy = try await program.run("compare", "empty.json", "--policy", "policy.json")
      #expect(policy.code == 64 && policy.errors.contains("policy.json: \"alhpa\" is not a key"), "\(policy.errors)")
      #expect(try await program.run("compare", "nothing").code == 64)
      #expect(try await program.run("compare").code == 64)
    }
  }

  @Test func exportsReadBack() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      let trials = try await program.run("export", "csv").output
      #expect(trials.split(separator: "\r\n").count == 13)
      let curves = try await program.run("export", "csv", "--curves").output
      let points = 12 * (4 + 2 * 2)
      #expect(curves.split(separator: "\r\n").count == 1 + points)
      #expect(try await program.run("export", "json", "tiny", "-o", "tiny.json").code == 0)
      let json = try Data(contentsOf: program.folder.appending(path: "tiny.json"))
      let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect((object["trials"] as? [Any])?.count == 12)
      let arrays = try await program.run("export", "npz")
      #expect(arrays.code == 0 && arrays.output == "tiny.npz\n", "\(arrays.errors)")
      let archive = try Data(contentsOf: program.folder.appending(path: "tiny.npz"))
      #expect(archive.starts(with: Data("PK".utf8)) && archive.count > 2000)
      #expect(try program.contents.filter { $0.hasPrefix(".tiny") }.isEmpty)
    }
  }

  /// Text and pages for people, values for programs: by every command that prints a result.
  @Test func everyCommandPrintsInEveryFormat() async throws {
    try await Program.inTemporaryFolder { program in
      try await program.trainTinyStudy()
      #expect(try await program.run("baseline", "save", "first").code == 0)
      let again = try await program.run("run", "grid.json", "-q", "--no-weights", "--db", "again.db")
      #expect(again.code == 0, "\(again.errors)")
      #expect(try await program.run("compare", "first", "again.db", "--record").code == 0)
      let list = try await program.run("list", "tiny", "--format", "csv").output
      let key = try #require(list.split(separator: "\n").dropFirst().first?.split(separator: ",").dropFirst().first)
      let commands = [
        ["list"], ["list", "tiny"], ["status"], ["plan", "grid.json", "--no-timing"], ["show", String(key)],
        ["compare", "first", "again.db"], ["report", "tiny"], ["history"], ["baseline", "list"],
        ["summary", "grid.json"], ["speed", "mlp", "--seconds", "0.01", "--layers"], ["verify", String(key), "-q"],
        ["doctor"], ["data", "list"], ["data", "show", "digits"],
      ]
      let beginnings = ["json": "[{", "md": "#|", "html": "<"]
      for command in commands {
        for format in OutputFormat.allCases.map(\.rawValue) {
          let outcome = try await program.run(command + ["--format", format])
          #expect(outcome.code == 0 && outcome.output.utf8.last == 10, "\(command) \(format): \(outcome.errors)")
          let first = try #require(outcome.output.first)
          #expect(beginnings[format]?.contains(first) ?? true, "\(command) \(format): \(outcome.output.prefix(80))")
          guard format == "csv" else { continue }
          let names = try #require(outcome.output.split(whereSeparator: \.isNewline).first).split(separator: ",")
          #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z_.]+/) != nil }, "\(command): \(names)")
        }
      }
    }
  }
}

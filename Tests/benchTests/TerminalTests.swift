import Foundation
import Presentation
import StudySupport
import Testing

/// What a terminal shows: the program's streams are one, of 80 columns and 24 rows.
@Suite struct TerminalTests {
  /// Starts a program on a terminal of its own.
  private static let launcher = [
    "/usr/bin/env", "python3", "-c",
    "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
  ]
  private static let settings = ["TERM": "xterm", "LC_ALL": "C.UTF-8", "PAGER": "sed s/^/paged:/"]

  /// Gives `body` a program and the same on a terminal, with a study of 30 trials in their store.
  private func withStudy(_ body: (Program, Program) async throws -> Void) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(
        SmallGrid(rates: [0.1, 0.03, 0.01, 0.003, 0.001], seeds: [0, 1, 2, 3, 4, 5], iterations: 2).text, to: "g.json")
      #expect(try await program.run("run", "g.json", "-j", "2", "-q").code == 0)
      var terminal = program
      terminal.launcher = Self.launcher
      try await body(program, terminal)
    }
  }

  @Test func longOutputGoesThroughAPagerOnATerminalOnly() async throws {
    try await withStudy { program, terminal in
      let study = try #require(try await study(of: program))
      let paged = try await terminal.run(["list", study], environment: Self.settings)
      #expect(paged.code == 0 && paged.output.ranges(of: "paged:").count > 30, "\(paged.output)")
      let plain = try await terminal.run(["list", study, "--no-pager"], environment: Self.settings)
      #expect(plain.code == 0 && !plain.output.contains("paged:") && plain.output.contains("lr 0.03"))
      let piped = try await program.run(["list", study], environment: Self.settings)
      #expect(!piped.output.contains("paged:") && piped.errors.isEmpty)
      let short = try await terminal.run(["list"], environment: Self.settings)
      #expect(!short.output.contains("paged:"), "\(short.output)")
      let missing = try await terminal.run(
        ["list", study], environment: Self.settings.merging(["PAGER": "no-such-pager"]) { $1 })
      #expect(missing.code == 0 && missing.output.contains("lr 0.03"), "\(missing.output)")
    }
  }

  @Test func aTerminalShowsTheAnswerInItsWidthAndItsCharacters() async throws {
    try await withStudy { program, terminal in
      let text = try await terminal.run(["run", "g.json"], environment: Self.settings)
      let lines = text.output.replacing("\r", with: "").split(separator: "\n")
      #expect(text.code == 0 && text.output.contains("─") && text.output.contains("Rank"), "\(text.output)")
      #expect(lines.filter { !$0.contains("/") }.allSatisfy { $0.terminalColumns <= 80 }, "\(lines)")
      #expect(!text.output.contains("All configurations share"))
      let piped = try await program.run(["run", "g.json"], environment: Self.settings)
      #expect(piped.output.contains("All configurations share"))
      let ascii = try await terminal.run(["run", "g.json"], environment: Self.settings.merging(["LC_ALL": "C"]) { $1 })
      #expect(ascii.output.utf8.allSatisfy { $0 < 0x80 } && ascii.output.contains("Rank"), "\(ascii.output)")
    }
  }

  @Test(arguments: [
    (["rn"], "run"), (["data", "ftch"], "fetch"), (["lst", "--db", "x"], "list"), (["baseline", "sav"], "save"),
  ]) func aMistypedCommandIsToldTheNearest(words: [String], meant: String) async throws {
    try await Program.inTemporaryFolder { program in
      let outcome = try await program.run(words)
      #expect(outcome.code == 64 && outcome.errors.contains("Did you mean \"\(meant)\"?"), "\(outcome.errors)")
      #expect(outcome.errors.contains("expected one of"))
    }
  }

  @Test func theShellIsOfferedWhatThereIs() async throws {
    try await withStudy { program, _ in
      let study = try #require(try await study(of: program))
      #expect(try await program.run("baseline", "save", "known-good", "-q").code == 0)
      func offered(_ command: [String], _ place: Int = 0) async throws -> [Substring] {
        let words = ["bench"] + command + [""]
        let call = ["---completion"] + command + ["--", "positional@\(place)", "\(words.count - 1)", "0"] + words
        return try await program.run(call).output.split(separator: "\n")
      }
      for command in [["report"], ["list"], ["history"], ["export", "csv"]] {
        #expect(try await offered(command).contains { $0 == study }, "\(command)")
      }
      #expect(try await offered(["compare"]).contains("known-good"))
      #expect(try await offered(["baseline", "rm"]) == ["known-good"])
      #expect(try await offered(["verify"]).count == 30)
      let models = try await offered(["summary"])
      #expect(models.contains("lab7") && models.contains("g.json"), "\(models)")
    }
  }

  private func study(of program: Program) async throws -> String? {
    try await program.run("list", "--format", "csv").output.split(separator: "\n").dropFirst().first
      .flatMap { $0.split(separator: ",").first.map(String.init) }
  }
}

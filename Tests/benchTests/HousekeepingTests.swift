import Foundation
import StudySupport
import Testing

/// `rm`, `gc`, `annotate` and `diff` as they are typed.
@Suite struct HousekeepingTests {
  private func trained(_ body: (Program) async throws -> Void) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(rates: [0.1], seeds: [0, 1], iterations: 3000).text, to: "g.json")
      #expect(try await program.run("run", "g.json", "-q").code == 0)
      try await body(program)
    }
  }

  @Test func nothingGoesUnasked() async throws {
    try await trained { program in
      let looked = try await program.run("rm", "small", "--dry-run", "--format", "json")
      #expect(looked.code == 0 && looked.output.contains("\"trials\": 2"), "\(looked)")
      let unasked = try await program.run("rm", "small")
      #expect(unasked.code == 64 && unasked.output.contains("revision 1"), "\(unasked)")
      #expect(
        unasked.errors
          == "bench: nobody can be asked whether this may be removed: give --yes, or --dry-run to look only\n")
      let unknown = try await program.run("rm", "smal", "--yes")
      #expect(unknown.code == 1 && unknown.errors.contains("no study \"smal\""), "\(unknown)")
      #expect(try await program.run("baseline", "save", "base").code == 0)
      let refused = try await program.run("rm", "small", "--yes")
      #expect(refused.code == 1 && refused.errors.hasPrefix("bench: baseline base was saved of study small"))
      #expect(try program.states() == ["done": 2] && program.weightFiles.count == 2)
      let removed = try await program.run("rm", "small", "--yes", "--force")
      #expect(removed.code == 0 && removed.errors == "removed; bench gc makes the store's file smaller\n", "\(removed)")
      #expect(try program.states() == [:] && program.weightFiles == [] && program.storeFaults() == [])
      let swept = try await program.run("gc", "--format", "csv")
      #expect(swept.code == 0 && swept.output.hasPrefix("what,files,bytes\nweights,0,0\n"), "\(swept)")
      #expect(swept.errors.hasSuffix(" given back\n"))
      let stray = ".bench/weights/bench.db/\(String(repeating: "0d", count: 32)).safetensors"
      try program.write("x", to: stray)
      let asked = try await program.run("gc", "-q")
      #expect(asked.code == 64 && asked.output.contains("weight files"), "\(asked)")
      #expect(
        asked.errors
          == "bench: nobody can be asked whether these files may be removed: give --yes, or --dry-run to look only\n")
      let kept = FileManager.default.fileExists(atPath: program.folder.appending(path: stray).path)
      let told = try await program.run("gc", "--yes", "-q")
      #expect(kept && told.code == 0 && !FileManager.default.fileExists(atPath: program.folder.path + "/" + stray))
      let none = try await program.run("gc", "--db", "none.db")
      #expect(none.code == 1 && !FileManager.default.fileExists(atPath: program.folder.path + "/none.db"))
    }
  }

  @Test func tagsAndDifferencesAreTypedAsTheyAreShown() async throws {
    try await trained { program in
      let tagged = try await program.run("annotate", "small", "--tag", "-v2", "--note", "--looks odd")
      #expect(tagged.code == 0 && tagged.output.contains("--looks odd"), "\(tagged)")
      for (tag, count) in [("-v2", 1), ("v3", 0)] {
        let found = try await program.run("list", "--tag=\(tag)", "--format", "csv")
        #expect(found.code == 0 && found.output.split(separator: "\n").count == 1 + count, "\(found)")
      }
      #expect(try await program.run("annotate", "small", "--untag", "x").code == 64)
      #expect(try await program.run("annotate", "none", "--tag", "x").code == 1)
      let alone = try await program.run("diff", "small")
      #expect(
        alone.code == 1 && alone.errors.hasPrefix("bench: study small: there is no revision before 1"), "\(alone)")
      try program.write(SmallGrid(rates: [0.2], seeds: [0, 1], iterations: 20).text, to: "g.json")
      #expect(try await program.run("run", "g.json", "-q").code == 0)
      let revised = try await program.run("diff", "small")
      #expect(revised.code == 0 && revised.output.contains("training.iterations"), "\(revised)")
    }
  }

  @Test(arguments: [("y", true), ("no", false), ("", false)]) func aTerminalIsAsked(answer: String, goes: Bool)
    async throws
  {
    try await trained { program in
      var terminal = program
      terminal.launcher = [
        "/bin/sh", "-c", "printf '%s\\n' \"$1\" | { shift; exec python3 -c \"$0\" \"$@\"; }",
        "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))", answer,
      ]
      let asked = try await terminal.run(["rm", "small"], environment: ["TERM": "xterm"])
      #expect(asked.code == 0 && asked.output.contains("Remove this? [y/N]"), "\(asked)")
      #expect(asked.output.contains("nothing was removed") == !goes)
      #expect(try program.states() == (goes ? [:] : ["done": 2]))
    }
  }
}

import Foundation
import StudySupport
import Testing

/// The exit code tells whether all that was to be written is there.
@Suite struct EndTests {
  /// Runs the program in a shell, which does with its output what `redirection` says.
  private func redirected(_ program: Program, _ redirection: String) -> Program {
    var program = program
    program.launcher = ["/bin/bash", "-c", "set -o pipefail; \"$0\" \"$@\" \(redirection)"]
    return program
  }

  private func prepared(_ body: (Program) async throws -> Void) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      #expect(try await program.run("run", "g.json", "-q", "--no-weights").code == 0)
      #expect(try await program.run("baseline", "save", "base").code == 0)
      try await body(program)
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func outputThatCannotBeWrittenIsAnError() async throws {
    try await prepared { program in
      let full = redirected(program, "> /dev/full")
      for command in [
        ["list"], ["list", "small", "--format", "csv"], ["status"], ["report"], ["report", "--format", "json"],
        ["baseline", "export", "base"], ["baseline", "list"], ["export", "csv"], ["export", "json"], ["doctor"],
        ["schema"], ["plan", "g.json"], ["run", "g.json"], ["compare", "--self-test", "--nights", "20"],
        ["--help"],
      ] {
        let outcome = try await full.run(command)
        #expect(outcome.code == 1, "\(command): \(outcome)")
        #expect(outcome.errors.contains("standard output can't be written"), "\(command): \(outcome)")
      }
    }
  }

  @Test func aReaderThatGoesAwayIsNoError() async throws {
    try await prepared { program in
      for command in [["report", "--format", "json"], ["list"], ["run", "g.json"]] {
        let outcome = try await redirected(program, "| true").run(command)
        #expect([0, 141].contains(outcome.code) && !outcome.errors.contains("can't be written"), "\(outcome)")
      }
    }
  }

  @Test(.enabled(if: FaultLibrary.isAvailable, "needs a C compiler"), arguments: [true, false])
  func aKillBesideTheExchangeLeavesAReport(isAfter: Bool) async throws {
    try await prepared { program in
      #expect(try await program.run("report", "-q").code == 0)
      let picture = program.folder.appending(path: "reports/small/trials/x.svg")
      try FileManager.default.createDirectory(
        at: picture.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("picture".utf8).write(to: picture)
      let fault = try FaultLibrary(in: program.folder)
      let killed = try await program.run(
        ["report", "-q"], environment: fault.environment(killing: isAfter ? .after : .before, moveTo: "reports/small"))
      #expect(killed.code == 137, "\(killed)")
      #expect(try program.contents.contains("reports/small/README.md"))
      #expect(try Data(contentsOf: picture) == Data("picture".utf8))
      #expect(try program.contents.contains { $0.hasPrefix("reports/.small.") })
      #expect(try await program.run("report", "-q").code == 0)
      #expect(try Data(contentsOf: picture) == Data("picture".utf8))
      #expect(try program.contents.contains { $0.hasPrefix("reports/.") } == false)
    }
  }

  /// After a power cut, a file that was moved to its place has its contents only where they were forced to the disk before,
  /// and its name only where the folder was forced to it after.
  @Test(
    .enabled(if: FaultLibrary.isAvailable, "needs a C compiler"),
    arguments: [
      (["run", "grid.json", "-q", "--limit", "1", "--db", "other.db"], "*/weights/other.db/.*", false),
      (["run", "grid.json", "-q", "--limit", "1", "--db", "other.db"], "*/weights/other.db", true),
      (["run", "grid.json", "-q", "--limit", "1", "--db", "other.db"], "*/weights", true),
      (["report", "-q"], "*/reports/.tiny.*/README.md", false), (["report", "-q"], "*/reports/.tiny.*/charts", true),
      (["report", "-q"], "*/reports", true), (["report", "-q", "--out", "first"], "*/first", true),
      (["baseline", "export", "main", "main.json"], "*/.main.json.*", false),
      (["baseline", "export", "main", "main.json"], "*/bench-tests-????????-*-????????????", true),
      (["export", "csv", "-o", "results.csv"], "*/.results.csv.*", false),
      (["export", "csv", "-o", "results.csv"], "*/bench-tests-????????-*-????????????", true),
      (["export", "tensorboard", "-o", "board"], "*/.board.*/lr 0.1/mean/*", false),
      (["export", "tensorboard", "-o", "board"], "*/.board.*/lr 0.1/seed 3", true),
      (["export", "tensorboard", "-o", "board"], "*/bench-tests-????????-*-????????????", true),
    ]) func whatIsMovedIsForcedToTheDisk(command: [String], path: String, isFolder: Bool) async throws
  {
    try await Program.inTemporaryFolder { tools in
      try await Program.inTemporaryFolder { program in
        let fault = try FaultLibrary(in: tools.folder)
        try await program.trainTinyStudy()
        for command in [["baseline", "save", "main"], ["report", "-q"]] {
          #expect(try await program.run(command).code == 0)
        }
        let told = try await program.run(
          command,
          environment: fault.environment(
            .init(kind: .error, call: isFolder ? .fsyncFolder : .fsync, number: 1), at: path))
        #expect(told.code == 1 && told.errors.contains("Input/output error"), "\(command): \(told)")
      }
    }
  }
}

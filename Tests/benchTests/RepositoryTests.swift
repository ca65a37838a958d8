import Foundation
import GRDB
import StudySupport
import Testing

private let hasGit = FileManager.default.isExecutableFile(atPath: "/usr/bin/git")

/// A repository's settings name programs, and what was not committed may hold secrets.
@Suite(.enabled(if: hasGit, "needs git")) struct RepositoryTests {
  /// Gives `body` a program in a repository with a grid and one committed file of each name.
  private func inRepository(_ names: [String], _ body: (Program) async throws -> Void) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallStudy.grid, to: "grid.json")
      for name in names {
        try FileManager.default.createDirectory(
          at: program.folder.appending(path: name).deletingLastPathComponent(), withIntermediateDirectories: true)
        try program.write("first\n", to: name)
      }
      try git(program, "init", "-q", "-b", "main")
      try git(program, "add", "-A")
      try git(program, "-c", "user.name=n", "-c", "user.email=e@x", "commit", "-q", "-m", "first")
      try await body(program)
    }
  }

  private enum SmallStudy {
    static let grid = """
      {"name": "tiny", "dataset": {"name": "digits", "train": 40, "test": 20}, "seeds": [0],
       "model": {"family": "mlp", "hidden": []}, "optimizer": {"name": "sgd", "lr": 0.1},
       "training": {"batch_size": 20, "iterations": 2}}
      """
  }

  private func git(_ program: Program, _ arguments: String...) throws {
    try #require(Tool.run("/usr/bin/git", arguments, in: program.folder) == 0)
  }

  private func storedDiff(_ program: Program) throws -> String? {
    try program.query { try String.fetchOne($0, sql: "SELECT diff FROM source") }
  }

  @Test func nothingThatItNamesRunsAndItsLockIsFree() async throws {
    try await inRepository(["a.txt", "b.bin", "c.lfs"]) { program in
      let folder = program.folder
      func trap(_ name: String) throws -> String {
        let script = folder.appending(path: "\(name).sh")
        try program.write("#!/bin/sh\ntouch '\(folder.path)/ran-\(name)'\ncat\n", to: "\(name).sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        return script.path
      }
      try git(program, "config", "core.fsmonitor", trap("fsmonitor"))
      try git(program, "config", "diff.x.textconv", trap("textconv"))
      try git(program, "config", "diff.external", trap("external"))
      try git(program, "config", "filter.x.clean", trap("clean"))
      try git(program, "config", "filter.with=sign.process", trap("process"))
      try git(program, "config", "filter.with=sign.required", "true")
      try program.write("*.txt filter=x\n*.bin diff=x\n", to: ".gitattributes")
      try program.write("*.lfs filter=with=sign\n", to: ".git/info/attributes")
      for name in ["a.txt", "b.bin", "c.lfs"] { try program.write("second\n", to: name) }
      // A user's commit at that moment.
      try program.write("", to: ".git/index.lock")
      let run = try await program.run("run", "grid.json", "-q", "--no-weights")
      #expect(run.code == 0, "\(run.errors)")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(names.filter { $0.hasPrefix("ran-") } == [])
      let diff = try #require(try storedDiff(program))
      for name in ["a.txt", "b.bin", "c.lfs"] { #expect(diff.contains("diff --git a/\(name) b/\(name)"), "\(diff)") }
      #expect(diff.contains("+second") && diff.contains("untracked: .gitattributes"))
    }
  }

  @Test func secretsAreNamedButNotQuoted() async throws {
    let secret = "s3cr3tV4lueThatNobodyMaySee"
    let files = [".env.local", "server.pem", "deploy/id_ed25519", "my-credentials.json"]
    try await inRepository(files + ["train.py"]) { program in
      for file in files { try program.write("first\n\(secret)\n", to: file) }
      try program.write(
        """
        first
        lr = 0.01
        API_KEY = "\(secret)"
        header = {"Authorization": "Bearer \(secret)"}
        url = "https://me:\(secret)@example.org/x"
        hub = "ghp_0123456789abcdefABCDEF0123456789abcd"
        commit = "d068d19225825213a3060428a0091a42c3141c9e"
        -----BEGIN RSA PRIVATE KEY-----
        MIIEowIBAAKCAQEA7
        -----END RSA PRIVATE KEY-----
        tokens = tokenizer
        last = 1

        """, to: "train.py")
      #expect(try await program.run("run", "grid.json", "-q", "--no-weights").code == 0)
      let diff = try #require(try storedDiff(program))
      for hidden in [secret, "ghp_", "MIIEow"] { #expect(!diff.contains(hidden), "\(diff)") }
      for file in files { #expect(diff.contains("diff --git a/\(file)"), "\(diff)") }
      for kept in ["+lr = 0.01", "+last = 1", "d068d19225825213a3060428a0091a42c3141c9e", "API_KEY = [masked]"] {
        #expect(diff.contains(kept), "\(kept) in \(diff)")
      }
      let store = try Data(contentsOf: program.folder.appending(path: ".bench/bench.db"))
      #expect(store.range(of: Data(secret.utf8)) == nil)
    }
  }

  @Test func aLongDiffIsCutAndNoDiffKeepsNone() async throws {
    try await inRepository(["notes.txt"]) { program in
      try program.write(String(repeating: "a line of 40 characters, more or less ..\n", count: 20_000), to: "notes.txt")
      #expect(try await program.run("run", "grid.json", "-q", "--no-weights").code == 0)
      let diff = try #require(try storedDiff(program))
      #expect(
        (65_000...66_000).contains(diff.utf8.count) && diff.contains("… cut here: the diff has 8"),
        "\(diff.suffix(200))")
    }
    try await inRepository(["notes.txt"]) { program in
      try program.write("second\n", to: "notes.txt")
      #expect(try await program.run("run", "grid.json", "-q", "--no-weights", "--no-diff").code == 0)
      let diff = try #require(try storedDiff(program))
      #expect(diff == "there were changes; --no-diff was given, so they were not kept\n")
      let refusal = try await program.run("run", "grid.json", "-q", "--require-clean")
      #expect(refusal.code == 1 && refusal.errors.contains("uncommitted changes"))
    }
  }
}

import Foundation
import StudySupport
import Testing

/// A disk that is full and a folder that is read-only, made with file systems in memory that only the program sees.
@Suite(.enabled(if: PrivateMounts.areAllowed, "needs unshare and the right to mount in a namespace of one's own"))
struct HostileDiskTests {
  private static let grid = SmallGrid(rates: [0.1, 0.05], seeds: [0, 1], iterations: 3000)

  @Test func aFullDiskIsToldAndTheStudyGoesOnWhenThereIsRoom() async throws {
    let expected = try await Program.inTemporaryFolder { program in
      try program.write(Self.grid.text, to: "g.json")
      #expect(try await program.run("run", "g.json").code == 0)
      return (digests: try program.traceDigests(), rows: try program.measurements())
    }
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid.text, to: "g.json")
      // The store's tables take 200 kB before the first loss, the log beside it as much again.
      let outcome = try await program.withPrivateMounts(
        """
        mkdir small && mount -t tmpfs -o size=900k tmpfs small
        "$BENCH" run g.json --db small/bench.db --checkpoint-every 100 2>first; echo "first: $?"
        df --output=avail small | tail -1
        "$BENCH" doctor --db small/bench.db --format json > doctor.json
        mount -o remount,size=100m small
        "$BENCH" run g.json --db small/bench.db; echo "second: $?"
        mkdir .bench && cp small/bench.db .bench/
        """)
      let told = try String(contentsOf: program.folder.appending(path: "first"), encoding: .utf8)
      #expect(outcome.output.contains("first: 1\n"), "\(outcome.output)\n\(told)")
      #expect(told.contains("the disk is full") || told.contains("No space left on device"), "\(told)")
      #expect(told.contains("the same command goes on when that is mended"), "\(told)")
      let doctor = try String(contentsOf: program.folder.appending(path: "doctor.json"), encoding: .utf8)
      #expect(doctor.contains(": sound; 1 studies") || doctor.contains(": sound; 1 study"), "\(doctor)")
      #expect(outcome.output.contains("second: 0\n"), "\(outcome.output)\n\(outcome.errors)")
      #expect(try program.storeFaults().isEmpty)
      #expect(try program.traceDigests() == expected.digests)
      #expect(try program.measurements() == expected.rows)
    }
  }

  @Test func aReadOnlyFolderIsToldAndItsStoreCanBeRead() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid().text, to: "g.json")
      #expect(try await program.run("run", "g.json").code == 0)
      let outcome = try await program.withPrivateMounts(
        """
        mount --bind . . && cd "$PWD" && mount -o remount,bind,ro .
        for command in list "list small" status "plan g.json" "report small --format csv"; do
          "$BENCH" $command >/dev/null || echo "can't $command"
        done
        "$BENCH" run g.json --rerun; echo "there: $?"
        "$BENCH" run g.json --db new/bench.db; echo "new: $?"
        "$BENCH" report small; echo "report: $?"
        """)
      #expect(outcome.output == "there: 1\nnew: 1\nreport: 1\n", "\(outcome.output)")
      #expect(
        outcome.errors.contains("can't write the store: the file or its folder is read-only"), "\(outcome.errors)")
      #expect(
        outcome.errors.contains(
          "new: can't be made for the store: Read-only file system. Name another place with --db"),
        "\(outcome.errors)")
      #expect(outcome.errors.contains("the report can't be written: "), "\(outcome.errors)")
    }
  }
}

/// File systems that are mounted for one program and gone with it.
enum PrivateMounts {
  /// What runs a shell as a superuser who may mount, in a namespace of its own.
  static let shell = ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c"]

  /// Whether the system lets us; containers often don't.
  static let areAllowed: Bool = {
    (try? Tool.run(shell[0], shell.dropFirst() + ["mount -t tmpfs tmpfs /mnt"])) == 0
  }()
}

extension Program {
  /// Runs a shell script that may mount file systems; `$BENCH` is the program.
  func withPrivateMounts(_ script: String) async throws -> Outcome {
    let shell = Program(
      folder: folder, launcher: PrivateMounts.shell + ["BENCH=\"$0\"\n" + script])
    return try await shell.run([])
  }
}

import Foundation
import Processor
import StudySupport
import TestSupport
import Testing
import Tracking

/// What a stop costs: asked for, at once, or without a word.
@Suite struct InterruptionTests {
  /// Long enough to be stopped in the middle.
  private static let grid = SmallGrid(rates: [0.1, 0.05], seeds: [0, 1], iterations: 1500)

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func aPoliteStopKeepsACheckpointAndTheSameCommandGoesOn(signal: Int32) async throws {
    let expected = try await Self.uninterrupted.value
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid.text, to: "g.json")
      // Where the tests themselves run under nohup, the program would inherit its deafness.
      let hearing = Program(folder: program.folder, launcher: ["/usr/bin/env", "--default-signal=HUP"])
      let stopped = try await hearing.stopInTheMiddle(["run", "g.json", "--checkpoint-every", "20"], signals: [signal])
      #expect(stopped.code == 130)
      #expect(stopped.errors.contains("stopping after the iterations at work"), "\(stopped.errors)")
      #expect(stopped.errors.contains("/bench run g.json --checkpoint-every 20"), "\(stopped.errors)")
      #expect(try program.states()["cancelled", default: 0] > 0)
      let resumed = try await program.run("run", "g.json")
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(try program.lastResumption() > 0)
      #expect(try program.allNumbers() == expected)
      #expect(try program.contents.allSatisfy { !$0.hasSuffix(".checkpoint") }, "checkpoints are gone when all is done")
    }
  }

  @Test func theEndOfTheTerminalIsNothingUnderNohup() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(rates: [0.1], seeds: [0], iterations: 3000).text, to: "g.json")
      let sheltered = Program(folder: program.folder, launcher: ["/usr/bin/nohup"])
      let outcome = try await sheltered.run(["run", "g.json", "--checkpoint-every", "20"]) { running in
        try await program.waitForCheckpoint(of: running)
        running.send(SIGHUP)
      }
      #expect(outcome.code == 0 && outcome.errors.contains("1 trial trained"), "\(outcome.errors)")
    }
  }

  @Test func theSecondStopIsAtOnceAndLosesNothingThatWasStored() async throws {
    let expected = try await Self.uninterrupted.value
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid.text, to: "g.json")
      let stopped = try await program.stopInTheMiddle(
        ["run", "g.json", "--checkpoint-every", "20"], signals: [SIGINT, SIGTERM])
      #expect(stopped.code == 130)
      #expect(try program.storeFaults().isEmpty)
      #expect(try await program.run("run", "g.json").code == 0)
      #expect(try program.allNumbers() == expected)
    }
  }

  /// A trial may go on on another machine: narrow and wide vectors give the same bits.
  @Test(.enabled(if: KernelLevel.available.count > 1, "needs a processor that has x86-64-v4"))
  func aTrialThatGoesOnWithOtherVectorsHasTheSameBits() async throws {
    let grid = SmallGrid(rates: [0.1], seeds: [0], iterations: 20_000)
    let levels = KernelLevel.available.map { ["BENCH_KERNELS": $0.rawValue] }
    try await Program.inTemporaryFolder { program in
      try program.write(grid.text, to: "g.json")
      let whole = try await program.run(
        "run", "g.json", "-q", "--no-weights", "--db", "whole.db", environment: levels[1])
      #expect(whole.code == 0, "\(whole.errors)")
      let stopped = try await program.run(
        ["run", "g.json", "-j1", "--checkpoint-every", "20"], environment: levels[0]
      ) { running in
        try await program.waitForCheckpoint(of: running)
        running.send(SIGKILL)
      }
      #expect(stopped.code == 137)
      let again = try await program.run("run", "g.json", environment: levels[1])
      #expect(again.code == 0 && !again.errors.contains("begins anew"), "\(again.errors)")
      let same = try await program.run("compare", "whole.db", ".bench/bench.db")
      #expect(same.output.hasPrefix("Equal to the last bit"), "\(same.output)")
    }
  }

  @Test func aLevelThatIsNotThereIsRefused() async throws {
    try await Program.inTemporaryFolder { program in
      let outcome = try await program.run("list", environment: ["BENCH_KERNELS": "v9"])
      #expect(outcome.code == 1)
      #expect(outcome.errors.hasPrefix("BENCH_KERNELS is \"v9\", which is no level of the kernels; expected "))
    }
  }

  @Test(.disabled(if: Sanitizer.watchesThreads, "ThreadSanitizer maps a file of its own, larger than the limit"))
  func aLimitOnTheSizeOfFilesIsToldAndTheStudyGoesOnWhenItIsLifted() async throws {
    let expected = try await Self.uninterrupted.value
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid.text, to: "g.json")
      // Making a store takes more of its log than training: that comes first.
      try FileManager.default.createDirectory(
        at: program.folder.appending(path: ".bench"), withIntermediateDirectories: true)
      try Store(path: program.folder.appending(path: ".bench/bench.db").path, access: .readWrite).close()
      // 700 blocks of 512 bytes: the log soon meets it.
      let limited = Program(folder: program.folder, launcher: ["/bin/sh", "-c", "ulimit -f 700; exec \"$0\" \"$@\""])
      let outcome = try await limited.run("run", "g.json")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("limit on the size of files"), "\(outcome.errors)")
      #expect(outcome.errors.contains("/bench run g.json"), "\(outcome.errors)")
      #expect(try program.storeFaults().isEmpty)
      let resumed = try await program.run("run", "g.json")
      #expect(resumed.code == 0, "\(resumed.errors)")
      #expect(try program.allNumbers() == expected)
    }
  }

  /// What the grid measures without a stop; trained once for all tests.
  private static let uninterrupted = Task {
    try await Program.inTemporaryFolder { program in
      try program.write(grid.text, to: "g.json")
      let outcome = try await program.run("run", "g.json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try program.allNumbers()
    }
  }
}

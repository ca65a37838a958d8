import Foundation
import StudySupport
import TestSupport
import Testing

/// The built program reads stores that were edited: it ends with a result or an error, 0 or 1, in time.
@Suite struct EditedStoreTests {
  private static let commands = [
    ["list"], ["list", "tiny", "--format", "csv"], ["status"], ["report", "-q", "--gnuplot", "/no/gnuplot"],
    ["report", "--format", "html"], ["compare", "main", "#tiny"], ["export", "csv", "--curves"], ["export", "json"],
    ["export", "npz"], ["plan", "grid.json", "--no-timing"], ["baseline", "list"], ["baseline", "export", "main"],
    ["history"], ["show", "KEY"], ["show", "KEY", "--format", "json"], ["export", "weights", "KEY"],
    ["export", "tensorboard"], ["export", "onnx", "KEY"], ["verify", "KEY", "-q"],
  ]

  @Test func everyCommandEndsWithZeroOrOne() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Program.tinyGrid.replacing("[0, 1, 2, 3, 4, 5]", with: "[0, 1]"), to: "grid.json")
      #expect(try await program.run("run", "grid.json", "-q", "-j", "1").code == 0)
      #expect(try await program.run("baseline", "save", "main").code == 0)
      try program.meddle("UPDATE attempt SET wall_seconds = 2 * wall_seconds, result_digest = NULL")
      #expect([0, 4].contains(try await program.run("compare", "main", "#tiny", "--record").code))
      let key = try #require(try program.traceDigests().keys.sorted().first)
      let environment = ProcessInfo.processInfo.environment
      let first = environment["BENCH_STORES_FROM"].flatMap { Int($0) } ?? 0
      let count = environment["BENCH_STORES"].flatMap { Int($0) } ?? 3
      let sound = try Data(contentsOf: URL(filePath: program.storePath))
      for round in first..<first + count {
        var random = SeededGenerator(seed: UInt64(round))
        let edit = try program.query { try StoreEdit(round: round, &random, $0) }
        do { try edit.apply(to: program.storePath) } catch { continue }
        // Every day some of the commands with every store; `make fuzz` all.
        for (place, command) in Self.commands.enumerated() where count > 100 || (place + round) % 3 == 0 {
          let words = command.map { $0 == "KEY" ? String(key.prefix(12)) : $0 }
          let begin = ContinuousClock.now
          let outcome = try await program.run(words)
          let allowed = command[0] == "compare" ? [0, 1, 2, 3, 4, 64] : [0, 1]
          #expect(allowed.contains(outcome.code), "\(edit): \(words): \(outcome.code) \(outcome.errors)")
          #expect(ContinuousClock.now - begin < .seconds(60), "\(edit): \(words)")
        }
        try sound.write(to: URL(filePath: program.storePath))
      }
    }
  }
}

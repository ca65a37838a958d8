import Foundation
import GRDB
import Presentation
import StudySupport
import TestSupport
import Testing

/// The memory that `bench plan` states is what a trial takes.
@Suite struct MemoryTests {
  private static func grid(channels: Int, batch: Int) -> String {
    """
    {"name": "m\(channels)", "dataset": {"name": "digits", "train": 600, "test": 50},
     "model": {"family": "cnn", "channels": [\(channels)], "kernel_size": 3}, "optimizer": {"name": "sgd", "lr": 0.01},
     "training": {"batch_size": \(batch), "iterations": 1}, "seeds": [0]}
    """
  }

  /// The peak that the plan states, and the process's own.
  private func peaks(_ program: Program, channels: Int, batch: Int) async throws -> (stated: Double, measured: Double) {
    try program.write(Self.grid(channels: channels, batch: batch), to: "g.json")
    let plan = try await program.run("plan", "g.json", "--no-timing", "--format", "json")
    var reader = JSONReader(Array(plan.output.utf8))
    let stated = try #require(try reader.read().value["configurations"]?.array?.first?["peak_bytes"]?.double)
    #expect(try await program.run("run", "g.json", "-q", "-j", "1", "--no-weights").code == 0)
    let measured = try #require(
      try program.query { try Double.fetchOne($0, sql: "SELECT peak_bytes FROM attempt ORDER BY id DESC LIMIT 1") })
    return (stated, measured)
  }

  @Test(.disabled(if: Sanitizer.isOn, "a sanitizer has memory of its own"))
  func theStatedPeakIsNeverBelowWhatIsTaken() async throws {
    try await Program.inTemporaryFolder { program in
      let small = try await peaks(program, channels: 1, batch: 1)
      let large = try await peaks(program, channels: 128, batch: 600)
      let growth = (stated: large.stated - small.stated, measured: large.measured - small.measured)
      // What both processes take otherwise differs by up to ten megabytes.
      #expect(growth.measured > 1e8 && growth.stated > growth.measured - 1e7, "\(growth)")
      #expect(growth.stated < 1.3 * growth.measured, "\(growth)")
    }
  }
}

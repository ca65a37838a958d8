import Experiments
import Foundation
import StudySupport
import Testing

/// However the program ends, a trial is not done without its weights.
@Suite struct KeptWeightTests {
  private static let grid = SmallGrid(rates: [0.1], seeds: [0, 1])

  private func trained(_ body: (Program, _ digests: [String: String]) async throws -> Void) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid.text, to: "g.json")
      let run = try await program.run("run", "g.json", "-q", "-j", "1")
      #expect(run.code == 0, "\(run.errors)")
      let weights = try program.weights()
      #expect(weights.count == 2)
      try await body(program, weights.mapValues { ContentDigest.hex(of: $0) })
    }
  }

  private func expectWhole(_ program: Program, like expected: [String: String]) async throws {
    #expect(try program.states() == ["done": 2])
    #expect(try program.weights().mapValues { ContentDigest.hex(of: $0) } == expected)
    for (key, digest) in expected {
      let export = try await program.run("export", "weights", key, "-o", "out.safetensors")
      #expect(export.code == 0, "\(export.errors)")
      #expect(ContentDigest.hex(of: try Data(contentsOf: program.folder.appending(path: "out.safetensors"))) == digest)
    }
  }

  @Test func theNextRunCountsTheWeightsThatAreGone() async throws {
    try await trained { program, digests in
      try FileManager.default.removeItem(at: program.weightFile(try #require(digests.values.first)))
      let again = try await program.run("run", "g.json", "-j", "1")
      #expect(again.code == 0)
      #expect(
        again.errors.contains("the weights of 1 trial that is done are not there any more: copy the files back"),
        "\(again.errors)")
    }
  }

  @Test func weightsThatCannotBeKeptLeaveATrialThatGoesOn() async throws {
    try await trained { _, expected in
      try await Program.inTemporaryFolder { program in
        try program.write(Self.grid.text, to: "g.json")
        let obstacle = program.folder.appending(path: ".bench/weights")
        try FileManager.default.createDirectory(
          at: obstacle.deletingLastPathComponent(), withIntermediateDirectories: true)
        try program.write("", to: ".bench/weights")
        let stopped = try await program.run("run", "g.json", "-q", "-j", "1")
        #expect(stopped.code == 1 && stopped.errors.contains("can't be written: Not a directory"), "\(stopped.errors)")
        #expect(try program.states()["done"] == nil)
        try FileManager.default.removeItem(at: obstacle)
        let again = try await program.run("run", "g.json", "-q", "-j", "1")
        #expect(again.code == 0, "\(again.errors)")
        try await expectWhole(program, like: expected)
      }
    }
  }

  @Test(.enabled(if: FaultLibrary.isAvailable, "needs a C compiler"), arguments: [1, 2], [true, false])
  func aKillAroundTheWeightsLosesNone(trial: Int, isAfter: Bool) async throws {
    try await trained { _, expected in
      try await Program.inTemporaryFolder { program in
        try program.write(Self.grid.text, to: "g.json")
        let fault = try FaultLibrary(in: program.folder)
        let killed = try await program.run(
          ["run", "g.json", "-q", "-j", "1"],
          environment: fault.environment(killing: isAfter ? .after : .before, moveTo: ".safetensors", count: trial))
        #expect(killed.code == 137, "\(killed)")
        #expect(try program.states()["done"] == (trial == 1 ? nil : 1))
        let again = try await program.run("run", "g.json", "-q", "-j", "1")
        #expect(again.code == 0, "\(again.errors)")
        try await expectWhole(program, like: expected)
      }
    }
  }
}

import Experiments
import Foundation
import GRDB
import Testing

/// Weights stand before the row that names them, and are what the row says or an error.
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

  @Test(.enabled(if: FaultLibrary.isAvailable, "needs a C compiler"))
  func whatAKillLeftIsReplaced() async throws {
    try await trained { _, expected in
      try await Program.inTemporaryFolder { program in
        try program.write(Self.grid.text, to: "g.json")
        // A file of the right name that was cut short: by a disk that lied, say.
        for digest in expected.values {
          let place = program.weightFile(digest)
          try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
          try Data("cut".utf8).write(to: place)
        }
        #expect(try await program.run("run", "g.json", "-q").code == 0)
        try await expectWhole(program, like: expected)
      }
    }
  }

  enum Damage: String, CaseIterable { case flipped, cut, swapped, removed }

  @Test(arguments: Damage.allCases) func damagedWeightsAreAnError(damage: Damage) async throws {
    try await trained { program, digests in
      let (key, otherKey) = (try #require(digests.keys.min()), try #require(digests.keys.max()))
      let (digest, other) = (try #require(digests[key]), try #require(digests[otherKey]))
      let file = program.weightFile(digest)
      var bytes = try Data(contentsOf: file)
      switch damage {
      case .flipped: bytes[bytes.count - 9] ^= 4
      case .cut: bytes.removeLast(100)
      case .swapped: bytes = try Data(contentsOf: program.weightFile(other))
      case .removed: break
      }
      try FileManager.default.removeItem(at: file)
      if damage != .removed { try bytes.write(to: file) }
      let commands = [
        ["export", "weights", key], ["show", key, "--kernels"], ["show", key, "--mistakes"], ["verify", key],
        ["doctor"],
      ]
      for command in commands {
        let outcome = try await program.run(command)
        let said = (outcome.output + outcome.errors).replacing(/\s+/, with: " ")
        #expect(outcome.code == 1, "\(command): \(said)")
        #expect(said.contains("\(digest).safetensors: "), "\(command): \(said)")
        if damage == .removed {
          #expect(said.contains("are not there any more"), "\(command): \(said)")
        } else {
          #expect(said.contains("SHA-256 is \(ContentDigest.hex(of: bytes)), the store has \(digest)"), "\(said)")
        }
      }
      #expect(try await program.run("export", "weights", otherKey).code == 0)
    }
  }

  @Test func storesInOneFolderKeepTheirWeightsApart() async throws {
    try await trained { program, digests in
      let run = try await program.run("run", "g.json", "-q", "--db", ".bench/other.db")
      #expect(run.code == 0)
      try FileManager.default.removeItem(at: program.folder.appending(path: ".bench/weights/bench.db"))
      let key = try #require(digests.keys.first)
      #expect(try await program.run("export", "weights", key).code == 1)
      #expect(try await program.run("export", "weights", key, "--db", ".bench/other.db").code == 0)
    }
  }

  /// Earlier programs named the files by the trials' keys, in one folder for all stores.
  @Test func weightsOfOlderProgramsAreFound() async throws {
    try await trained { program, digests in
      let (key, digest) = try #require(digests.first)
      try FileManager.default.moveItem(
        at: program.weightFile(digest), to: program.folder.appending(path: ".bench/weights/\(key).safetensors"))
      try program.plant("UPDATE attempt SET weights_digest = NULL")
      let export = try await program.run("export", "weights", key, "-o", "out.safetensors")
      #expect(export.code == 0 && export.errors.contains("an older program kept its weights"), "\(export.errors)")
      #expect(ContentDigest.hex(of: try Data(contentsOf: program.folder.appending(path: "out.safetensors"))) == digest)
      #expect(try await program.run("show", key, "--kernels").code == 0)
    }
  }
}

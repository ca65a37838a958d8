import Foundation
import StudySupport
import Testing

/// What `bench export` writes for other programs, as a user types it; what those read is `make exchange`.
@Suite struct ExchangeTests {
  private func trained(_ body: (Program) async throws -> Void) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(SmallGrid(rates: [0.1, 0.05], seeds: [0, 1], iterations: 20).text, to: "g.json")
      let run = try await program.run("run", "g.json", "-q", "-j", "2", "--tensorboard", "live")
      #expect(run.code == 0, "\(run.errors)")
      try await body(program)
    }
  }

  private func names(_ program: Program, _ folder: String) throws -> Set<String> {
    let all = try FileManager.default.subpathsOfDirectory(atPath: program.folder.appending(path: folder).path)
    return Set(all.filter { $0.hasSuffix(".bench") })
  }

  @Test func aStudyIsExportedForTensorBoardAsItIsAppended() async throws {
    try await trained { program in
      let export = try await program.run("export", "tensorboard")
      #expect(export.code == 0 && export.output == "tensorboard/small\n", "\(export)")
      let found = try names(program, "tensorboard/small")
      #expect(found.count == 1 + 4 + 6 && found.contains("lr 0.05/seed 1/events.out.tfevents.0000000001.bench"))
      #expect(try names(program, "live") == found)
      let again = try await program.run("export", "tensorboard", "small", "-o", "live")
      #expect(again.code == 0 && again.output == "live\n", "\(again)")
      try program.write("mine", to: "live/mine.txt")
      for command in [["export", "tensorboard", "-o", "live"], ["run", "g.json", "--tensorboard", "live"]] {
        let refused = try await program.run(command)
        #expect(refused.code == 1, "\(refused)")
        #expect(
          refused.errors.contains(
            "/live: holds mine.txt, which bench did not write, and is not touched; name a folder that is empty or not "
              + "there yet, or move this one away"), "\(refused)")
      }
      let shard = try await program.run("run", "--job", "job", "--shard", "0", "--tensorboard", "live")
      #expect(shard.code == 64 && shard.errors.contains("--tensorboard has no place beside --job"), "\(shard)")
    }
  }

  @Test func aTrialIsExportedForONNX() async throws {
    try await trained { program in
      let key = try #require(try program.traceDigests().keys.min())
      let export = try await program.run("export", "onnx", String(key.prefix(12)))
      #expect(export.code == 0 && export.output == "\(key.prefix(12)).onnx\n", "\(export)")
      let file = try Data(contentsOf: program.folder.appending(path: "\(key.prefix(12)).onnx"))
      // IR version 8, made by bench; the weights under PyTorch's names.
      #expect(file.prefix(9) == Data([0x08, 0x08, 0x12, 0x05]) + Data("bench".utf8))
      for name in ["1.weight", "1.bias", "3.weight", "3.bias", key] { #expect(file.range(of: Data(name.utf8)) != nil) }
      let unknown = try await program.run("export", "onnx", "zz")
      #expect(unknown.code == 1, "\(unknown)")
      let without = try await program.run("run", "g.json", "-q", "--rerun", "--no-weights")
      #expect(without.code == 0, "\(without.errors)")
      let refused = try await program.run("export", "onnx", key)
      #expect(refused.code == 1 && refused.errors.contains("its weights were not kept"), "\(refused)")
    }
  }
}

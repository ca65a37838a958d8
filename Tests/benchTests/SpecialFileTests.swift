import Foundation
import StudySupport
import Testing

/// What is not a file is refused with a message, and never waited for.
@Suite struct SpecialFileTests {
  private static let grid = """
    {"name": "tiny", "dataset": {"name": "digits", "train": 40, "test": 20}, "seeds": [0],
     "model": {"family": "mlp", "hidden": []}, "optimizer": {"name": "sgd", "lr": 0.1},
     "training": {"batch_size": 20, "iterations": 2}}
    """

  static let calls: [[String]] = [
    ["status", "--db", "FILE"], ["report", "--db", "FILE"], ["run", "grid.json", "--db", "FILE"],
    ["compare", "FILE", "FILE"], ["compare", "FILE", "other", "--policy", "FILE"], ["plan", "weights.json"],
    ["plan", "data.json"], ["plan", "FILE"],
  ]

  @Test(.timeLimit(.minutes(20)), arguments: ["pipe", "folder", "socket", "/dev/zero"])
  func nothingHangs(kind: String) async throws {
    try await Program.inTemporaryFolder { program in
      let path = kind.hasPrefix("/") ? kind : program.folder.appending(path: kind).path
      switch kind {
      case "pipe": try #require(mkfifo(path, 0o600) == 0)
      case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      case "socket": try makeSocket("socket", in: program.folder)
      default: break
      }
      try program.write(Self.grid, to: "grid.json")
      let weights = Self.grid.replacing("\"seeds\"", with: "\"initial_weights\": \"\(path)\", \"seeds\"")
      try program.write(weights, to: "weights.json")
      let files = ["train_images", "train_labels", "test_images", "test_labels"].map { "\"\($0)\": \"\(path)\"" }
      let data = Self.grid.replacing(
        "{\"name\": \"digits\", \"train\": 40, \"test\": 20}",
        with: "{\"name\": \"idx\", \(files.joined(separator: ", "))}")
      try program.write(data, to: "data.json")
      for call in Self.calls {
        let outcome = try await program.run(call.map { $0 == "FILE" ? path : $0 })
        #expect([1, 64].contains(outcome.code), "\(call): \(outcome)")
        let words = ["a pipe", "a directory", "a socket", "a device", "not a regular file", "no such file", "no store"]
        #expect(words.contains { outcome.errors.contains($0) }, "\(call): \(outcome.errors)")
        #expect(!outcome.errors.contains("ErrorDomain"), "\(call): \(outcome.errors)")
      }
    }
  }

  private func makeSocket(_ name: String, in folder: URL) throws {
    let script = "import socket; socket.socket(socket.AF_UNIX).bind('\(name)')"
    try #require(Tool.run("python3", ["-c", script], in: folder) == 0)
  }

  @Test(arguments: [
    "'\(Program.executable.path)' plan <(cat grid.json)",
    "cat grid.json | '\(Program.executable.path)' plan /dev/stdin",
  ])
  func aGridMayComeThroughAPipe(command: String) async throws {
    try await Program.inTemporaryFolder { program in
      var program = program
      program.launcher = ["/bin/bash", "-c", command]
      try program.write(Self.grid, to: "grid.json")
      let outcome = try await program.run()
      #expect(outcome.code == 0 && outcome.output.contains("tiny"), "\(outcome.errors)")
    }
  }
}

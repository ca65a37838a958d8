import Foundation
import Testing

/// Weight files through the program: what it gives out it takes back, and what does not fit it refuses by name.
@Suite struct WeightTests {
  private static let grid = """
    {"name": "NAME", "dataset": {"name": "digits", "train": 200, "test": 60},
     "model": {"layers": [{"type": "conv2d", "out_channels": 4, "kernel_size": 5}, {"type": "relu"},
       {"type": "max_pool2d", "kernel_size": 4}, {"type": "flatten"}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": RATE}, "training": {"batch_size": 20, "iterations": COUNT}, "seeds": [SEED]
     MORE}
    """

  /// A grid; at a rate of 1e-30 the weights stay what they are to the bit.
  private static func grid(
    _ name: String, rate: String, iterations: Int, seed: Int = 0, weights: String? = nil
  ) -> String {
    grid.replacing("NAME", with: name).replacing("RATE", with: rate).replacing("COUNT", with: "\(iterations)")
      .replacing("SEED", with: "\(seed)")
      .replacing("MORE", with: weights.map { ", \"initial_weights\": \"\($0)\"" } ?? "")
  }

  @Test func givesBackTheAccuracyOfTheTrialThatItWasExportedFrom() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid("first", rate: "0.1", iterations: 60), to: "first.json")
      try program.write(
        Self.grid("again", rate: "1e-30", iterations: 1, seed: 7, weights: "first.safetensors"), to: "again.json")
      #expect(try await program.run("run", "first.json", "-q").code == 0)
      let first = try await row(of: "first", program)
      let export = try await program.run("export", "weights", first["trial"] ?? "", "-o", "first.safetensors")
      #expect(export.code == 0, "\(export.errors)")
      let run = try await program.run("run", "again.json", "-q")
      #expect(run.code == 0, "\(run.errors)")
      let again = try await row(of: "again", program)
      #expect(again["test_accuracy"] == first["test_accuracy"])
      #expect(again["test_loss"] == first["test_loss"])
      #expect(again["trial"] != first["trial"])
      #expect(Double(first["test_accuracy"] ?? "") ?? 0 > 0.3, "it learned something that could be lost")
      _ = try await program.run("export", "weights", again["trial"] ?? "", "-o", "again.safetensors")
      #expect(
        try Data(contentsOf: program.folder.appending(path: "again.safetensors"))
          == Data(contentsOf: program.folder.appending(path: "first.safetensors")))
    }
  }

  /// What is wrong with a file, and what the program must say of it.
  enum Fault: String, CaseIterable {
    case wrongShape, missing, unexpected, truncatedHeader, truncatedValues, lyingOffset, empty, absent, notANumber

    var words: [String] {
      switch self {
      case .wrongShape: ["0.weight", "[4, 5, 5]", "[4, 1, 5, 5]"]
      case .missing: ["4.bias", "missing"]
      case .unexpected: ["9.weight", "not in this network"]
      case .truncatedHeader: ["header", "truncated"]
      case .truncatedValues: ["4.bias", "truncated"]
      case .lyingOffset: ["4.bias", "offsets"]
      case .empty: ["0 bytes"]
      case .absent: ["can't be read"]
      case .notANumber: ["4.weight", "nan", "index 7"]
      }
    }

    var bytes: Data? {
      var file = WeightTests.fitting
      switch self {
      case .wrongShape: file.entries[0].shape = [4, 5, 5]
      case .missing: file.entries.removeLast()
      case .unexpected: file.entries.append(.init(name: "9.weight", shape: [1], values: [1]))
      case .lyingOffset: file.lie = 4000
      case .notANumber: file.entries[2].values[7] = .nan
      case .truncatedHeader: return file.data.prefix(40)
      case .truncatedValues: return file.data.dropLast(4)
      case .empty: return Data()
      case .absent: return nil
      }
      return file.data
    }
  }

  fileprivate static let fitting = WeightFileBytes(entries: [
    .init(name: "0.weight", shape: [4, 1, 5, 5], values: [Float](repeating: 0.1, count: 100)),
    .init(name: "0.bias", shape: [4], values: .init(repeating: 0, count: 4)),
    .init(name: "4.weight", shape: [10, 144], values: .init(repeating: 0.01, count: 1440)),
    .init(name: "4.bias", shape: [10], values: .init(repeating: 0, count: 10)),
  ])

  @Test(arguments: Fault.allCases)
  func refusesAFileThatDoesNotFitAndWritesNothing(fault: Fault) async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid("refused", rate: "0.1", iterations: 1, weights: "w.safetensors"), to: "grid.json")
      try fault.bytes?.write(to: program.folder.appending(path: "w.safetensors"))
      let before = try program.contents
      var commands = [["plan", "grid.json"], ["run", "grid.json"]]
      // What diverged may be looked at.
      if fault != .notANumber { commands.append(["show", "grid.json", "--weights", "w.safetensors", "--kernels"]) }
      for command in commands {
        let outcome = try await program.run(command)
        #expect(outcome.code == 64, "\(command)")
        #expect(outcome.output.isEmpty)
        for word in fault.words + ["w.safetensors"] {
          #expect(outcome.errors.contains(word), "\(command) should say \(word): \(outcome.errors)")
        }
        #expect(try program.contents == before)
      }
    }
  }

  @Test func takesAFileThatFits() async throws {
    try await Program.inTemporaryFolder { program in
      try program.write(Self.grid("taken", rate: "0.1", iterations: 1, weights: "w.safetensors"), to: "grid.json")
      try Self.fitting.data.write(to: program.folder.appending(path: "w.safetensors"))
      #expect(try await program.run("run", "grid.json", "-q").code == 0)
      let plan = try await program.run("plan", "grid.json")
      #expect(plan.code == 0 && plan.output.contains("nothing to train"), "\(plan.output)\(plan.errors)")
    }
  }

  /// The only row of a study's CSV, by column.
  private func row(of study: String, _ program: Program) async throws -> [String: String] {
    let lines = try await program.run("report", study, "--format", "csv").output.split(whereSeparator: \.isNewline)
    try #require(lines.count == 2)
    let (names, values) = (fields(lines[0]), fields(lines[1]))
    try #require(names.count == values.count)
    return Dictionary(uniqueKeysWithValues: zip(names, values))
  }

  private func fields(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

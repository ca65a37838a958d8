import Experiments
import Foundation
import Harness
import NeuralNetwork
import StudySupport
import Testing
import Tracking

/// First weights from a file for each seed, and from files that fit in part.
@Suite struct PartialWeightTests {
  /// At a rate of 1e-30 the weights stay what they are to the bit.
  private static func grid(_ weights: String, name: String = "g", seeds: String = "[0, 1]") -> String {
    """
    {"name": "\(name)", "dataset": {"name": "digits", "train": 60, "test": 20},
     "model": {"layers": [{"type": "conv2d", "out_channels": 4, "kernel_size": 5}, {"type": "batch_norm2d"},
       {"type": "relu"}, {"type": "max_pool2d", "kernel_size": 4}, {"type": "flatten"},
       {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 1e-30}, "training": {"batch_size": 20, "iterations": 1}, "seeds": \(seeds)\(weights)}
    """
  }

  private static func partly(_ file: String) -> String {
    ",\n \"initial_weights\": {\"file\": \"\(file)\", \"strict\": false}"
  }

  /// A convolution as this network has it, and the last layer of another.
  private static func file(_ value: Float) -> WeightFileBytes {
    WeightFileBytes(entries: [
      .init(name: "0.weight", shape: [4, 1, 5, 5], values: .init(repeating: value, count: 100)),
      .init(name: "0.bias", shape: [4], values: .init(repeating: value, count: 4)),
      .init(name: "9.weight", shape: [3, 2], values: .init(repeating: value, count: 6)),
    ])
  }

  private func write(_ file: WeightFileBytes, to name: String, in space: Workspace) throws {
    try file.data.write(to: space.folder.appending(path: name))
  }

  /// The tensors of each seed's trial of a study.
  private func tensors(_ study: String, in space: Workspace) throws -> [UInt64: [String: Tensor]] {
    var tensors: [UInt64: [String: Tensor]] = [:]
    for trial in try space.store().study(named: study).configurations[0].trials {
      let file = try StoreFolders(store: space.storePath).weights(of: trial) { Issue.record("\($0)") }
      let read = try SafetensorsFile.read([UInt8](file))
      tensors[trial.seed] = Dictionary(read.map { ($0.name, $0) }) { first, _ in first }
    }
    return tensors
  }

  private func keys(_ study: String, in space: Workspace) throws -> [UInt64: String] {
    let trials = try space.store().study(named: study).configurations[0].trials
    return Dictionary(trials.map { ($0.seed, $0.key) }) { first, _ in first }
  }

  @Test func whatTheFileLacksStaysAsDrawn() async throws {
    try await Workspace.inTemporaryFolder { space in
      try write(Self.file(0.125), to: "w.safetensors", in: space)
      try space.write(Self.grid("", name: "drawn"), to: "drawn.json")
      try space.write(Self.grid(Self.partly("w.safetensors"), name: "partly"), to: "g.json")
      let notes = try PlannedStudy(space.source(), storePath: space.storePath, workers: 1).plan.notes
      #expect(
        notes.last == "initial weights: w.safetensors: 2 of 9 tensors are taken; as drawn: 1.weight, 1.bias, "
          + "1.running_mean, 1.running_var, 1.num_batches_tracked, 5.weight, 5.bias; in the file alone: 9.weight",
        "\(notes)")
      try await space.run("drawn.json")
      try await space.run("g.json")
      let (drawn, partly) = (try tensors("drawn", in: space), try tensors("partly", in: space))
      for seed in [0, 1] as [UInt64] {
        let (without, with) = (try #require(drawn[seed]), try #require(partly[seed]))
        #expect(with["0.weight"]?.values == [Float](repeating: 0.125, count: 100))
        #expect(with["0.bias"]?.values == [Float](repeating: 0.125, count: 4))
        // The draws of the convolution were made all the same, so that those behind them are the same.
        #expect(with["5.weight"] == without["5.weight"] && with["5.bias"] == without["5.bias"])
        #expect(with["0.weight"] != without["0.weight"] && with["9.weight"] == nil)
      }
    }
  }

  @Test func aNameInAnotherShapeIsRefusedAndSoIsAFileWithoutAName() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid(Self.partly("w.safetensors")), to: "g.json")
      var other = Self.file(1)
      other.entries[0].shape = [4, 5, 5]
      try write(other, to: "w.safetensors", in: space)
      let shape = try #require(throws: UsageError.self) { _ = try space.start() }
      #expect(shape.description.contains("0.weight has shape [4, 5, 5], this network needs [4, 1, 5, 5]"), "\(shape)")
      #expect(!shape.description.contains("missing") && !shape.description.contains("9.weight"), "\(shape)")
      var strange = Self.file(1)
      strange.entries.removeFirst(2)
      try write(strange, to: "w.safetensors", in: space)
      let nothing = try #require(throws: UsageError.self) { _ = try space.start() }
      #expect(nothing.description.contains("no tensor of it has the name of one in the network"), "\(nothing)")
    }
  }

  @Test func eachSeedHasItsFile() async throws {
    try await Workspace.inTemporaryFolder { space in
      for seed in 0..<3 { try write(Self.file(Float(seed + 1)), to: "w-\(seed).safetensors", in: space) }
      try space.write(Self.grid(Self.partly("w-{seed}.safetensors"), name: "each"), to: "g.json")
      try await space.run()
      for (seed, tensors) in try tensors("each", in: space) {
        #expect(tensors["0.bias"]?.values == [Float](repeating: Float(seed + 1), count: 4))
      }
      let keys = try keys("each", in: space)
      // A seed that is added leaves the others' trials; a trial is that of its own file, named without a placeholder.
      try space.write(
        Self.grid(Self.partly("w-{seed}.safetensors"), name: "each", seeds: "[0, 1, 2]"), to: "g.json")
      let more = try await space.run()
      #expect(try self.keys("each", in: space).filter { $0.key < 2 } == keys)
      #expect(more.record.configurations[0].trials.count == 3)
      #expect(try space.attempts() == 3)
      try space.write(Self.grid(Self.partly("w-1.safetensors"), name: "one", seeds: "[1]"), to: "one.json")
      try await space.run("one.json")
      #expect(try self.keys("one", in: space) == [1: try #require(keys[1])])
      // What is stored can be read, proven and trained again.
      let store = try space.store()
      #expect(try store.proof().unproven.isEmpty)
      let details = try store.trial(prefix: try #require(keys[0]))
      let replay = try TrialReplay(
        details, in: store, data: Workspace.data, gridFolder: GridFolder(space.folder.path, of: details))
      let again = try await replay.run()
      #expect(replay.hasNumbersOfThisVersion && again.isSame)
      // A changed file is another beginning.
      try write(Self.file(9), to: "w-0.safetensors", in: space)
      try await space.run()
      let changed = try self.keys("each", in: space)
      #expect(changed[0] != keys[0] && changed[1] == keys[1])
      try FileManager.default.removeItem(at: space.folder.appending(path: "w-2.safetensors"))
      let gone = try #require(throws: UsageError.self) { _ = try space.start() }
      #expect(gone.description.contains("w-2.safetensors"), "\(gone)")
    }
  }

  @Test func strictnessChangesNoKey() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid("", name: "drawn", seeds: "[0]"), to: "drawn.json")
      try await space.run("drawn.json")
      let trial = try space.store().study(named: "drawn").configurations[0].trials[0]
      try StoreFolders(store: space.storePath).weights(of: trial) { _ in }
        .write(to: space.folder.appending(path: "w.safetensors"))
      try space.write(Self.grid(Self.partly("w.safetensors"), name: "partly", seeds: "[0]"), to: "g.json")
      try space.write(
        Self.grid(",\n \"initial_weights\": \"w.safetensors\"", name: "whole", seeds: "[0]"), to: "whole.json")
      try await space.run("g.json")
      try await space.run("whole.json")
      #expect(try keys("partly", in: space) == keys("whole", in: space))
      #expect(try space.attempts() == 2)
    }
  }
}

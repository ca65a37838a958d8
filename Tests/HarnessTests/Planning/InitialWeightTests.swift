import Experiments
import Foundation
import Harness
import StudySupport
import Testing

/// A study takes the weight file that it is to begin with, and refuses by name what does not fit.
@Suite struct InitialWeightTests {
  private static let grid = """
    {"name": "taken", "dataset": {"name": "digits", "train": 200, "test": 60},
     "model": {"layers": [{"type": "conv2d", "out_channels": 4, "kernel_size": 5}, {"type": "relu"},
       {"type": "max_pool2d", "kernel_size": 4}, {"type": "flatten"}, {"type": "linear", "out_features": 10}]},
     "optimizer": {"name": "sgd", "lr": 0.1}, "training": {"batch_size": 20, "iterations": 1}, "seeds": [0],
     "initial_weights": "w.safetensors"}
    """

  /// What is wrong with a file, and what must be said of it.
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
      var file = InitialWeightTests.fitting
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
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid, to: "g.json")
      let file = space.folder.appending(path: "w.safetensors")
      try fault.bytes?.write(to: file)
      let before = try space.contents
      var kernels = NetworkPictures.Choice()
      kernels.kernels = true
      var uses: [() throws -> Void] = [
        { _ = try PlannedStudy(space.source(), storePath: space.storePath, workers: 1) }, { _ = try space.start() },
      ]
      // What diverged may be looked at.
      if fault != .notANumber {
        uses.append {
          let subject = try PictureSubject(
            model: space.folder.appending(path: "g.json").path, weights: file.path, label: nil, data: Workspace.data)
          _ = try NetworkPictures(of: subject, kernels)
        }
      }
      for use in uses {
        let error = try #require(throws: UsageError.self) { try use() }
        for word in fault.words + ["w.safetensors"] {
          #expect(error.description.contains(word), "it should say \(word): \(error)")
        }
        #expect(try space.contents == before)
      }
    }
  }

  @Test func givesBackTheAccuracyOfTheTrialThatTheFileIsFrom() async throws {
    try await Workspace.inTemporaryFolder { space in
      let first = Self.grid.replacing("\"iterations\": 1}", with: "\"iterations\": 60}")
        .replacing(",\n \"initial_weights\": \"w.safetensors\"", with: "")
      try space.write(first, to: "first.json")
      // At a rate of 1e-30 the weights stay what they are to the bit.
      let again = Self.grid.replacing("0.1}", with: "1e-30}").replacing("\"seeds\": [0]", with: "\"seeds\": [7]")
      try space.write(again.replacing("taken", with: "again"), to: "again.json")
      func trained(_ grid: String) async throws -> (score: Score?, weights: Data) {
        let trial = try #require(try await space.run(grid).record.configurations.first?.trials.first)
        let weights = try StoreFolders(store: space.storePath).weights(of: trial) { Issue.record("\($0)") }
        return (trial.evaluations.last?.test, weights)
      }
      let (score, weights) = try await trained("first.json")
      try weights.write(to: space.folder.appending(path: "w.safetensors"))
      let (scoreAgain, weightsAgain) = try await trained("again.json")
      #expect(scoreAgain == score && weightsAgain == weights)
      #expect(try #require(score?.accuracy) > 0.3, "it learned something that could be lost")
    }
  }

  @Test func takesAFileThatFits() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Self.grid, to: "g.json")
      try Self.fitting.data.write(to: space.folder.appending(path: "w.safetensors"))
      try await space.run()
      let plan = try PlannedStudy(space.source(), storePath: space.storePath, workers: 1).plan
      #expect(plan.notes == ["nothing to train"] && plan.rows.map(\.done) == [1])
    }
  }
}

import Architectures
import Experiments
import Foundation
import Harness
import Presentation
import StudySupport
import Testing
import Tracking

/// Weights that are evaluated without training give the numbers of the trial that they are from.
@Suite struct NetworkEvaluationTests {
  /// A grid for each thing that an evaluation depends on beside weights: statistics of batches, their size, transforms, a
  /// loss with options, a reconstruction.
  enum Kind: String, CaseIterable {
    case dropoutAndBatchNorm, convolution, statisticsOfBatches, weightedLoss, reconstruction, diverged

    var grid: String {
      let (model, more): (String, String) =
        switch self {
        case .dropoutAndBatchNorm:
          (
            #"""
            {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 12}, {"type": "batch_norm1d"},
              {"type": "relu"}, {"type": "dropout"}, {"type": "linear", "out_features": 10}]}
            """#, #""metrics": ["top_5_accuracy", "expected_calibration_error"],"#
          )
        case .convolution:
          (#"{"family": "cnn", "channels": [4, 8], "padding": "same"}"#, #""metrics": ["f1_macro"],"#)
        case .statisticsOfBatches:
          (
            #"""
            {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 12},
              {"type": "batch_norm1d", "track_running_stats": false}, {"type": "relu"},
              {"type": "linear", "out_features": 10}]}
            """#, ""
          )
        case .weightedLoss:
          (
            #"{"family": "mlp", "hidden": [8]}"#,
            #"""
            "loss": {"name": "cross_entropy", "label_smoothing": 0.1, "weight": [1, 2, 1, 1, 1, 1, 1, 1, 1, 3]},
            "metrics": ["balanced_accuracy"],
            """#
          )
        case .reconstruction:
          (
            #"{"layers": [{"type": "conv2d", "out_channels": 1, "kernel_size": 3, "padding": 1}]}"#, #""loss": "mse","#
          )
        case .diverged: (#"{"family": "mlp", "hidden": [8]}"#, #""loss": "mse", "metrics": ["f1_macro"],"#)
        }
      return #"""
        {"name": "evaluated", "dataset": {"name": "digits", "train": 130, "test": 70, "validation": 30}, \#(more)
         "model": \#(model), "optimizer": {"name": "sgd", "lr": \#(self == .diverged ? "1000000" : "0.1")},
         "training": {"batch_size": 20, "iterations": 12, "evaluate_every": 4, "evaluation_batch_size": 32},
         "seeds": [3]}
        """#
    }
  }

  private func subject(_ space: Workspace, _ key: String, weights: String? = nil) throws -> PictureSubject {
    let details = try space.store().trial(prefix: key)
    return try PictureSubject(
      details, weights: weights, store: space.storePath, data: Workspace.data, gridFolder: GridFolder(nil, of: details)
    ) { Issue.record("\($0)") }
  }

  @Test(arguments: Kind.allCases) func givesTheBitsOfTheLastEvaluation(kind: Kind) async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(kind.grid, to: "g.json")
      try await space.run()
      let key = try #require(try space.weights().keys.first)
      let record = try space.store().trial(prefix: key).record
      #expect(record.state == (kind == .diverged ? .diverged : .done))
      let last = try #require(record.evaluations.last)
      func expectSame(_ evaluation: NetworkEvaluation, _ what: String) {
        for (now, then) in [(evaluation.scores.validation, last.validation), (evaluation.scores.test, last.test)] {
          #expect(now?.loss.bitPattern == then?.loss.bitPattern || now?.loss.isNaN == then?.loss.isNaN, "\(what)")
          #expect(kind == .diverged || now == then, "\(what)")
        }
      }
      let before = try space.contents
      for threads in [1, 3] {
        expectSame(try NetworkEvaluation(subject(space, key), threads: threads), "the trial's own, \(threads) threads")
      }
      let file = space.folder.appending(path: "w.safetensors")
      try #require(try space.weights()[key]).write(to: file)
      expectSame(try NetworkEvaluation(subject(space, key, weights: file.path)), "a file in the trial's network")
      let grid = space.folder.appending(path: "g.json").path
      expectSame(
        try NetworkEvaluation(
          PictureSubject(model: grid, weights: file.path, label: nil, data: Workspace.data)),
        "a file in the grid's network")
      try FileManager.default.removeItem(at: file)
      #expect(try space.contents == before, "nothing is stored")
    }
  }

  @Test func itIsPrintedInEveryFormat() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Kind.dropoutAndBatchNorm.grid, to: "g.json")
      try await space.run()
      let key = try #require(try space.weights().keys.first)
      let evaluation = try NetworkEvaluation(subject(space, key))
      let value = try json(evaluation)
      #expect(value["schema"]?.int == 1 && value["trial"]?.string == key && value["weights"] == .null)
      for (name, score) in [("validation", evaluation.scores.validation), ("test", evaluation.scores.test)] {
        let found = try #require(value[name])
        #expect(found["loss"]?.double == score?.loss && found["accuracy"]?.double == score?.accuracy)
        #expect(found["top_5_accuracy"]?.double == score?.metrics[.topAccuracy(5)])
        #expect(found["examples"]?.int == (name == "test" ? 70 : 30))
      }
      let lines = evaluation.text(.csv).split(whereSeparator: \.isNewline)
      #expect(
        lines.first == "label,trial,weights,split,examples,loss,accuracy,top_5_accuracy,expected_calibration_error"
          && lines.count == 3)
      let text = evaluation.text(.text)
      for word in ["seed 3", "validation", "test", "top-5 accuracy", "expected calibration error"] {
        #expect(text.contains(word), "\(word) in \(text)")
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Kind.convolution.grid, to: "g.json")
      try await space.run()
      let key = try #require(try space.weights().keys.first)
      let file = space.folder.appending(path: "w.safetensors")
      try #require(try space.weights()[key]).write(to: file)
      let grid = space.folder.appending(path: "g.json").path
      let other = try #require(throws: UsageError.self) {
        _ = try NetworkEvaluation(
          PictureSubject(
            model: grid, weights: file.path, label: nil, overrides: ["model.channels=[4, 9]"], data: Workspace.data))
      }
      #expect(other.description.contains("does not fit the network") && other.description.contains("[9]"), "\(other)")
      try space.meddle("UPDATE dataset SET digest = 'other'")
      let data = try #require(throws: OperationalError.self) { _ = try NetworkEvaluation(subject(space, key)) }
      #expect(data.description.contains("is not the data that"), "\(data)")
    }
  }

  @Test func aFileOfTorchSaveIsToldHowToBeConverted() async throws {
    try await Workspace.inTemporaryFolder { space in
      try space.write(Kind.convolution.grid, to: "g.json")
      let grid = space.folder.appending(path: "g.json").path
      // torch.save writes a zip archive, and wrote a pickle before 1.6.
      for start: [UInt8] in [
        [0x50, 0x4b, 3, 4, 0, 0, 8, 8, 0, 0], [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20],
      ] {
        let file = space.folder.appending(path: "net.pt")
        try Data(start + [UInt8](repeating: 0, count: 100)).write(to: file)
        let error = try #require(throws: UsageError.self) {
          _ = try PictureSubject(model: grid, weights: file.path, label: nil, data: Workspace.data)
        }
        for part in ["net.pt", "torch.save", "torch.load(", "safetensors.torch.save_file(", "net.safetensors"] {
          #expect(error.description.contains(part), "\(part) in \(error)")
        }
      }
    }
  }
}

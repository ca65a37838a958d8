import Architectures
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Testing

@testable import Training

/// Epochs that samplers draw, and trainings on them, beside those of PyTorch; `Fixtures/samplers.py` wrote them.
@Suite struct SamplerTests {
  /// How a grid names a sampler, and what came of it in PyTorch.
  private struct Case: @unchecked Sendable {
    // JSON that nobody changes.
    let members: [String: Any]

    func number(_ key: String) -> Int { members[key] as? Int ?? -1 }

    /// The training of a grid with the case's sampler.
    func trial(_ model: String, _ training: String, classes: Int) throws -> Trial {
      var dataset: [String: Any] = ["name": "digits", "drop_last": members["drop_last"] as? Bool ?? false]
      dataset["sampler"] = members["sampler"]
      let json = String(decoding: try JSONSerialization.data(withJSONObject: dataset), as: UTF8.self)
      let grid = """
        {"name": "sampled", "dataset": \(json), "model": \(model), "optimizer": {"name": "sgd", "lr": 0.1, "momentum": 0.5},
         "training": \(training), "seeds": [\(number("seed"))]}
        """
      let study = try Grid.read(bytes: Array(grid.utf8), file: "grid.json").study { _ in
        DatasetDescription(
          name: "made", shape: Shape(1, 6, 7), classes: (0..<classes).map(String.init), trainCount: 30,
          validationCount: 0, testCount: 30)
      }
      return try #require(study.trials.first)
    }
  }

  private static let fixture: [String: [Case]] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/samplers.json")
    guard let data = try? Data(contentsOf: url),
      let all = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return [:] }
    return all.compactMapValues { ($0 as? [[String: Any]])?.map(Case.init) }
  }()

  private static let plain = #"{"family": "mlp", "hidden": [8]}"#
  private static let withDropout = """
    {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 8}, {"type": "relu"},
                {"type": "dropout", "p": 0.3}, {"type": "linear", "out_features": 3}]}
    """

  /// Examples of uneven classes.
  private func dataset(count: Int, classes: Int) -> Dataset {
    let labels = (0..<count).map { (index: Int) -> UInt8 in UInt8((index * index * 7 + index * 3 + 1) % 11 % classes) }
    let examples = ExampleSet(shape: Shape(1), bytes: [UInt8](repeating: 0, count: count), labels: labels)
    return Dataset(name: "made", classes: (0..<classes).map(String.init), train: examples, test: examples)
  }

  @Test(arguments: 0..<17)
  func anEpochIsThatOfPyTorchToTheIndex(index: Int) throws {
    let orders = try #require(Self.fixture["orders"])
    #expect(orders.count == 17)
    let (expected, classes) = (orders[index], orders[index].number("classes"))
    let trial = try expected.trial(Self.plain, #"{"batch_size": 8, "epochs": 1}"#, classes: classes)
    let sampling = try ExampleSampling(
      trial.configuration.resolved.dataset, of: dataset(count: expected.number("count"), classes: classes))
    let generator = Generator(seed: UInt64(expected.number("seed")))
    let epochs = try #require(expected.members["epochs"] as? [[Int32]])
    #expect(epochs.count == 3)
    for (epoch, order) in epochs.enumerated() {
      let mine = sampling.epochOrder(generator)
      #expect(epoch == 1 ? Array(mine.prefix(8)) == order : mine == order, "epoch \(epoch)")
    }
    #expect(generator.below(1 << 20) == expected.number("next"), "the draws that follow")
  }

  /// 30 images and labels by the rule of augmentation.py.
  private let images: Dataset = {
    let bytes = (0..<30 * 42).map { (index: Int) -> UInt8 in UInt8((index * index * 31 + index * 7 + 13) % 256) }
    let examples = ExampleSet(shape: Shape(1, 6, 7), bytes: bytes, labels: (0..<30).map { UInt8($0 % 3) })
    return Dataset(name: "made", classes: ["0", "1", "2"], train: examples, test: examples)
  }()

  private func training(_ index: Int) throws -> (Case, Trial) {
    let made = try #require(Self.fixture["trainings"])[index]
    return (made, try made.trial(Self.withDropout, #"{"batch_size": 8, "epochs": 5}"#, classes: 3))
  }

  @Test(arguments: 0..<6)
  func aTrainingIsThatOfPyTorch(index: Int) throws {
    let (expected, trial) = try training(index)
    let trace = try CornersTrace(of: trial, dataset: images)
    let theirs = try #require(expected.members["losses"] as? [Double])
    #expect(trace.losses.count == theirs.count && trace.evaluations.map(\.epoch) == [1, 2, 3, 4, 5])
    for (mine, theirs) in zip(trace.losses, theirs) { #expect(abs(Double(mine) - theirs) < 2e-5 * theirs) }
    let bare = try BareTraining.train(trial, on: images)
    #expect(bare == trace.evaluations.last?.test?.loss)
  }

  /// In the first epoch, at its end, in the last.
  @Test(arguments: 0..<6, [1, 2, 4, 9])
  func anInterruptionChangesNoBit(index: Int, stop: Int) throws {
    let (_, trial) = try training(index)
    let whole = try CornersTrace(of: trial, dataset: images)
    var saved: Checkpoint?
    let first = try CornersTrace(of: trial, dataset: images, stopAfter: stop) { saved = $0 }
    let bytes = try #require(saved).encoded(for: .init(trial: "a"))
    let second = try CornersTrace(
      of: trial, dataset: images, from: Checkpoint(decoding: bytes, for: .init(trial: "a")))
    #expect(first.losses + second.losses == whole.losses)
    #expect(second.result?.traceDigest == whole.result?.traceDigest)
  }

  /// 50 draws of 30 examples can fill a batch of 50.
  @Test func aBatchMayHaveMoreExamplesThanThereAre() throws {
    var (_, trial) = try training(1)
    trial.configuration.resolved.training = TrainingSettings(batchSize: 50, length: .epochs(2))
    let trace = try CornersTrace(of: trial, dataset: images)
    #expect(trace.losses.count == 2 && trace.result?.outcome == .done)
  }

  @Test func classesWithoutWeightCantBeDrawn() throws {
    var (_, trial) = try training(5)
    trial.configuration.resolved.dataset.sampler = .weighted(.given([0, 0, 1]))
    let examples = ExampleSet(shape: Shape(1), bytes: [0, 0], labels: [0, 1])
    let dataset = Dataset(name: "made", classes: ["a", "b", "c"], train: examples, test: examples)
    let error = #expect(throws: TrainingError.self) {
      try ExampleSampling(trial.configuration.resolved.dataset, of: dataset)
    }
    #expect(
      error?.description
        == "dataset.sampler.weights has a 0 for every class with training examples (a, b); give one of "
        + "them a weight above 0")
  }
}

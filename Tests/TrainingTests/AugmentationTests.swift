import Architectures
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Testing

@testable import Training

/// Augmented batches and trainings beside those of torchvision and PyTorch; `Fixtures/augmentation.py` wrote them.
@Suite struct AugmentationTests {
  /// A data set whose images are made by the fixture's rule, and how a grid says what is done to them.
  private struct Case: @unchecked Sendable {
    // JSON that nobody changes.
    let members: [String: Any]

    func number(_ key: String) -> Int { members[key] as? Int ?? -1 }

    /// The training of a grid with the case's transforms.
    func trial(_ model: String, _ training: String, classes: [String] = ["a", "b", "c"]) throws -> Trial {
      let source = Shape(members["shape"] as? [Int] ?? [])
      var dataset: [String: Any] = ["name": "digits"]
      for key in ["transform", "augment", "mix", "normalize"] { dataset[key] = members[key] }
      let json = String(decoding: try JSONSerialization.data(withJSONObject: dataset), as: UTF8.self)
      let loss = String(
        decoding: try JSONSerialization.data(
          withJSONObject: members["loss"] as? [String: Any] ?? ["name": "cross_entropy"]), as: UTF8.self)
      let grid = """
        {"name": "augmented", "dataset": \(json), "model": \(model), "optimizer": {"name": "sgd", "lr": 0.1, "momentum": 0.5},
         "loss": \(loss), "training": \(training), "seeds": [\(number("seed"))]}
        """
      let study = try Grid.read(bytes: Array(grid.utf8), file: "grid.json").study { selection in
        DatasetDescription(
          name: "made", shape: try selection.shape(of: source), classes: classes, trainCount: 30, validationCount: 0,
          testCount: 30)
      }
      return try #require(study.trials.first)
    }

    /// The data set of so many examples.
    func dataset(_ trial: Trial, count: Int, asFloats: Bool = false) -> Dataset {
      let selection = trial.configuration.resolved.dataset
      let examples = AugmentationTests.examples(
        Shape(members["shape"] as? [Int] ?? []), count: count, asFloats: asFloats)
      return Dataset(
        name: "made", classes: ["a", "b", "c"], train: examples, test: examples, transform: selection.transform,
        augment: selection.augment, mix: selection.mix, normalization: selection.normalize)
    }
  }

  private static func examples(_ shape: Shape, count: Int, asFloats: Bool = false) -> ExampleSet {
    let bytes = (0..<count * shape.count).map { (index: Int) -> UInt8 in
      UInt8((index * index * 31 + index * 7 + 13) % 256)
    }
    let labels = (0..<count).map { UInt8($0 % 3) }
    return asFloats
      ? ExampleSet(shape: shape, floats: bytes.map { Float($0) / 255 }, labels: labels)
      : ExampleSet(shape: shape, bytes: bytes, labels: labels)
  }

  private static let fixture: [String: [Case]] = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/augmentation.json")
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

  @Test(arguments: 0..<22, [false, true])
  func aBatchIsThatOfTorchvision(index: Int, asFloats: Bool) throws {
    let cases = try #require(Self.fixture["cases"])
    #expect(cases.count == 22)
    let (bytes, _, labels, next) = try batches(of: cases[index], asFloats: asFloats)
    #expect(labels == cases[index].members["labels"] as? [Int])
    #expect(bytes == Data(base64Encoded: cases[index].members["batches"] as? String ?? ""))
    #expect(next == cases[index].number("next"), "the draws that follow")
  }

  @Test(arguments: 0..<12, [false, true])
  func aMixedBatchIsThatOfTorchvision(index: Int, asFloats: Bool) throws {
    let cases = try #require(Self.fixture["mixes"])
    #expect(cases.count == 12)
    let (bytes, shares, labels, next) = try batches(of: cases[index], asFloats: asFloats)
    #expect(labels == cases[index].members["labels"] as? [Int])
    #expect(shares == Data(base64Encoded: cases[index].members["shares"] as? String ?? ""))
    #expect(bytes == Data(base64Encoded: cases[index].members["batches"] as? String ?? ""))
    #expect(next == cases[index].number("next"), "the draws that follow")
  }

  /// Two epochs of batches of seven examples, the shares of their classes, their labels, and what the generator gives next.
  private func batches(
    of made: Case, asFloats: Bool
  ) throws -> (bytes: Data, shares: Data, labels: [Int], next: Int) {
    let trial = try made.trial(Self.plain, #"{"batch_size": 3, "epochs": 1}"#)
    let dataset = made.dataset(trial, count: 7, asFloats: asFloats)
    let batch = try #require(AugmentedBatch(of: dataset, batchSize: 3))
    let generator = Generator(seed: trial.seed)
    var (bytes, shares) = (Data(), Data())
    var labels: [Int] = []
    for _ in 0..<2 {
      let order = generator.epochOrder(count: 7, shuffle: true)
      for start in stride(from: 0, to: 7, by: 3) {
        let indices = Array(order[start..<min(start + 3, 7)])
        indices.withUnsafeBufferPointer { batch.fetch($0, generator) }
        bytes.append(UnsafeBufferPointer(start: batch.pixels, count: indices.count * batch.shape.count))
        if let start = batch.shares { shares.append(UnsafeBufferPointer(start: start, count: indices.count * 3)) }
        labels += indices.indices.map { Int(batch.labels[$0]) }
      }
    }
    return (bytes, shares, labels, generator.below(1 << 20))
  }

  /// What computes new values does so within 1e-5, with the same draws.
  @Test(arguments: 0..<20)
  func anInterpolatedBatchIsNearTorchvisions(index: Int) throws {
    let cases = try #require(Self.fixture["near"])
    #expect(cases.count == 20)
    let (bytes, _, labels, next) = try batches(of: cases[index], asFloats: index % 2 == 1)
    #expect(labels == cases[index].members["labels"] as? [Int])
    #expect(next == cases[index].number("next"), "the draws that follow")
    let theirs = floats(Data(base64Encoded: cases[index].members["batches"] as? String ?? "") ?? Data())
    let mine = floats(bytes)
    #expect(mine.count == theirs.count)
    let furthest = zip(mine, theirs).map { abs($0 - $1) }.max() ?? 1
    #expect(furthest < 1e-5, "\(cases[index].members["augment"] ?? "")")
  }

  private func floats(_ bytes: Data) -> [Float] {
    bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  }

  @Test func everyTransformHasACase() throws {
    let cases = try #require(Self.fixture["cases"]) + #require(Self.fixture["near"])
    let names = cases.flatMap { made in
      ["transform", "augment"].flatMap { made.members[$0] as? [[String: Any]] ?? [] }.map { $0["name"] as? String }
    }
    #expect(Set(names) == Set(Transform.tables.map(\.name)))
  }

  @Test(arguments: [("trainings", 3), ("mixedTrainings", 7)].flatMap { kind, count in (0..<count).map { (kind, $0) } })
  func aTrainingIsThatOfPyTorch(kind: String, index: Int) throws {
    let expected = try #require(Self.fixture[kind])[index]
    let trial = try expected.trial(Self.withDropout, #"{"batch_size": 8, "epochs": 5}"#)
    let losses = try CornersTrace(of: trial, dataset: expected.dataset(trial, count: 30)).losses
    let theirs = try #require(expected.members["losses"] as? [Double])
    #expect(losses.count == theirs.count && losses.count == 20)
    for (mine, theirs) in zip(losses, theirs) { #expect(abs(Double(mine) - theirs) < 2e-5 * theirs) }
  }

  @Test(arguments: [1, 4, 6, 19])
  func anInterruptionChangesNoBit(stop: Int) throws {
    let made = try #require(Self.fixture["mixedTrainings"])[2]
    let trial = try made.trial(Self.withDropout, #"{"batch_size": 8, "epochs": 5}"#)
    let dataset = made.dataset(trial, count: 30)
    let whole = try CornersTrace(of: trial, dataset: dataset)
    var saved: Checkpoint?
    let first = try CornersTrace(of: trial, dataset: dataset, stopAfter: stop) { saved = $0 }
    let bytes = try #require(saved).encoded(for: .init(trial: "a"))
    let second = try CornersTrace(
      of: trial, dataset: dataset, from: Checkpoint(decoding: bytes, for: .init(trial: "a")))
    #expect(first.losses + second.losses == whole.losses)
    #expect(second.result?.traceDigest == whole.result?.traceDigest)
  }

  @Test func threadsAndNeighboursChangeNoBit() async throws {
    let made = try #require(Self.fixture["mixedTrainings"])[1]
    let trial = try made.trial(Self.withDropout, #"{"batch_size": 8, "epochs": 5}"#)
    let dataset = made.dataset(trial, count: 30)
    let digests = try await withThrowingTaskGroup(of: String.self) { group in
      for threads in [1, 2, 3, 1] {
        group.addTask {
          let end = try Trainer(dataset: dataset, threads: threads).train(trial, hooks: TrainingHooks())
          guard case .finished(let result, _) = end else { return "stopped" }
          return result.traceDigest
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(digests.count == 1)
  }

  /// What is judged is not augmented: weights that stay have one score.
  @Test func evaluationsSeeTheImagesThemselves() throws {
    let made = try #require(Self.fixture["trainings"])[0]
    var augmented = try made.trial(Self.plain, #"{"batch_size": 8, "iterations": 8, "evaluate_every": 4}"#)
    augmented.configuration.resolved.optimizer = .sgd(.init(learningRate: 0))
    var plain = augmented
    plain.configuration.resolved.dataset.augment = []
    let traces = try [augmented, plain].map { try CornersTrace(of: $0, dataset: made.dataset($0, count: 30)) }
    #expect(traces[0].losses != traces[1].losses)
    #expect(traces[0].evaluations.map(\.test) == traces[1].evaluations.map(\.test))
  }

  @Test(arguments: 0..<6)
  func aSplitIsThatOfRandomSplit(index: Int) throws {
    let expected = try #require(Self.fixture["splits"])[index]
    var selection = DatasetSelection(name: "digits", train: expected.number("count"), test: 10)
    let whole = try DatasetLibrary().loadSplit(selection)
    selection.split = .fold(expected.number("fold"), of: expected.number("of"))
    selection.splitSeed = expected.number("seed")
    let split = try DatasetLibrary().loadSplit(selection)
    let description = try DatasetLibrary().describe(selection)
    #expect(description.validationCount == split.validation.count && description.trainCount == split.train.count)
    for (part, key) in [(split.train, "train"), (split.validation, "validation")] {
      let indices = try #require(expected.members[key] as? [Int])
      #expect(part.count == indices.count)
      for (place, index) in indices.enumerated() {
        #expect(image(part, place) == image(whole.train, index) && part.labels[place] == whole.train.labels[index])
      }
    }
    #expect(split.digest != whole.digest)
  }

  private func image(_ set: ExampleSet, _ index: Int) -> [UInt8] {
    guard case .bytes(let start) = set.pixels else { return [] }
    return Array(UnsafeBufferPointer(start: start + index * set.shape.count, count: set.shape.count))
  }

  @Test(arguments: 0..<5)
  func anEvaluationInBatchesIsThatOfPyTorch(index: Int) throws {
    let expected = try #require(Self.fixture["evaluations"])[index]
    let model = """
      {"layers": [{"type": "flatten"}, {"type": "batch_norm1d", "track_running_stats": false},
                  {"type": "linear", "out_features": 3}]}
      """
    let size = expected.number("size")
    var members = expected.members
    members["shape"] = [1, 6, 7]
    let made = Case(members: members)
    var trial = try made.trial(
      model, #"{"batch_size": 30, "iterations": 1, "evaluation_batch_size": \#(size)}"#)
    trial.configuration.resolved.optimizer = .sgd(.init(learningRate: 0))
    let trace = try CornersTrace(of: trial, dataset: made.dataset(trial, count: 30))
    let loss = try #require(trace.evaluations.last?.test?.loss)
    let theirs = try #require(expected.members["loss"] as? Double)
    #expect(abs(loss - theirs) < 1e-5, "\(loss), \(theirs)")
  }
}

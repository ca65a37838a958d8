import Architectures
import Datasets
import Experiments
import Foundation
import Kernels
import NeuralNetwork
import Testing

@testable import Training

/// Early stopping and moving averages beside those of PyTorch; `Fixtures/recipes.py` wrote them.
@Suite struct RecipeTests {
  private struct Fixture: Decodable {
    let cases: [Case]
    let averages: [Average]
  }

  private struct Average: Decodable {
    let decay: Double
    let bits: [Int32]
  }

  private struct Case: Decodable {
    let grid: String
    let losses: [Double]
    /// The iteration, then loss and accuracy on the validation and on the test examples.
    let evaluations: [[Double]]
    let weights: [Double]

    func trial() throws -> Trial {
      let study = try Grid.read(bytes: Array(grid.utf8), file: "grid.json").study { _ in made.description }
      return try #require(study.trials.first)
    }
  }

  private static let fixture: Fixture? = {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/recipes.json")
    return (try? Data(contentsOf: url)).flatMap { try? JSONDecoder().decode(Fixture.self, from: $0) }
  }()

  private static let made: Dataset = {
    let bytes = (0..<40 * 42).map { (index: Int) -> UInt8 in UInt8((index * index * 31 + index * 7 + 13) % 256) }
    let all = ExampleSet(shape: Shape(1, 6, 7), bytes: bytes, labels: (0..<40).map { UInt8($0 % 3) })
    return Dataset(
      name: "made", classes: ["a", "b", "c"], train: all[0..<26], validation: all[26..<40], test: all[0..<30])
  }()

  private func cases() throws -> [Case] { try #require(Self.fixture).cases }

  @Test func averagesHavePyTorchsBits() throws {
    let generator = Generator(seed: 1)
    for expected in try #require(Self.fixture).averages {
      var average = generator.normal(37)
      moveAverage(count: 37, &average, towards: generator.normal(37), by: Float(1 - expected.decay))
      #expect(average.map { Int32(bitPattern: $0.bitPattern) } == expected.bits, "decay \(expected.decay)")
    }
  }

  @Test(arguments: 0..<12)
  func aTrainingIsThatOfPyTorch(index: Int) throws {
    let expected = try cases()[index]
    var weights: [Tensor] = []
    var evaluations: [Evaluation] = []
    var losses: [Float] = []
    let hooks = TrainingHooks(emit: { event in
      if case .evaluation(let evaluation) = event { evaluations.append(evaluation) }
      if case .batchLosses(_, let some) = event { losses += some }
    })
    let end = try Trainer(dataset: Self.made).train(expected.trial(), hooks: hooks)
    if case .finished(let result, let tensors) = end {
      weights = tensors
      #expect(result.iterations == expected.losses.count && result.outcome == .done)
    }
    #expect(losses.count == expected.losses.count)
    for (mine, theirs) in zip(losses, expected.losses) { #expect(abs(Double(mine) - theirs) < 1e-4 * theirs) }
    #expect(evaluations.map(\.iteration) == expected.evaluations.map { Int($0[0]) })
    for (mine, theirs) in zip(evaluations, expected.evaluations) {
      let (validation, test) = (try #require(mine.validation), try #require(mine.test))
      #expect(abs(validation.loss - theirs[1]) < 1e-4 * theirs[1] && abs(test.loss - theirs[3]) < 1e-4 * theirs[3])
      #expect(validation.accuracy == theirs[2] && test.accuracy == theirs[4])
    }
    let sums = weights.map { $0.values.reduce(0.0) { $0 + Double(abs($1)) } }
    #expect(sums.count == expected.weights.count)
    for (mine, theirs) in zip(sums, expected.weights) { #expect(abs(mine - theirs) <= 2e-4 * max(1, theirs)) }
  }

  /// The last evaluation is that of the best one before, and the trial's weights give it again.
  @Test func theBestWeightsAreKept() throws {
    let trial = try cases()[0].trial()
    let trace = try CornersTrace(of: trial, dataset: Self.made)
    let last = try #require(trace.evaluations.last)
    let before = trace.evaluations.dropLast()
    let best = try #require(before.min { ($0.validation?.loss ?? 9) < ($1.validation?.loss ?? 9) })
    #expect(last.validation == best.validation && last.test == best.test && last.iteration > best.iteration)
  }

  @Test(arguments: [0, 2, 5, 9, 11], [1, 4, 8])
  func anInterruptionChangesNoBit(index: Int, stop: Int) throws {
    let trial = try cases()[index].trial()
    let whole = try CornersTrace(of: trial, dataset: Self.made)
    var saved: Checkpoint?
    let first = try CornersTrace(of: trial, dataset: Self.made, stopAfter: stop) { saved = $0 }
    let bytes = try #require(saved).encoded(for: .init(trial: "a"))
    let second = try CornersTrace(
      of: trial, dataset: Self.made, from: Checkpoint(decoding: bytes, for: .init(trial: "a")))
    #expect(first.losses + second.losses == whole.losses)
    #expect(second.result?.traceDigest == whole.result?.traceDigest && whole.result != nil)
  }

  @Test(arguments: [5, 9])
  func threadsChangeNoBit(index: Int) throws {
    let trial = try cases()[index].trial()
    let digests = try [1, 2, 3].map { threads in
      let end = try Trainer(dataset: Self.made, threads: threads).train(trial, hooks: TrainingHooks())
      guard case .finished(let result, _) = end else { return "stopped" }
      return result.traceDigest
    }
    #expect(Set(digests).count == 1)
  }

  /// A decay of 0 is the weights themselves.
  @Test func anAverageThatKeepsNothingChangesNoNumber() throws {
    let trial = try cases()[6].trial()
    var plain = trial
    plain.configuration.resolved.training.averageDecay = nil
    let digests = try [trial, plain].map { try CornersTrace(of: $0, dataset: Self.made).result?.traceDigest }
    #expect(digests[0] == digests[1] && digests[0] != nil)
  }
}

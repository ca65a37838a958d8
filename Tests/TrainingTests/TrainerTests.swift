import Architectures
import Datasets
import Experiments
import Foundation
import NeuralNetwork
import Testing
import Training

@Suite struct TrainerTests {
  @Test func learns() throws {
    let trace = try CornersTrace(of: cornersTrial(iterations: 60))
    let result = try #require(trace.result)
    #expect(result.outcome == .done)
    #expect(result.iterations == 60)
    let last = try #require(trace.evaluations.last)
    #expect(last.iteration == 60)
    #expect(try #require(last.test?.accuracy) > 0.9)
    #expect(result.confusion?.flatMap { $0 }.reduce(0, +) == 30)
    #expect(result.imagesPerSecond > 0 && result.peakBytes > 0 && result.wallSeconds > 0)
  }

  @Test(arguments: [1, 12, 60], [0.5, 1e30])
  func hitsAreTheDiagonalOfTheConfusion(iterations: Int, learningRate: Double) throws {
    let trace = try CornersTrace(of: cornersTrial(iterations: iterations, learningRate: learningRate))
    let (hits, confusion) = (try #require(trace.result?.hits), try #require(trace.result?.confusion))
    #expect(hits.count == 30)
    #expect(hits.hits == confusion.indices.reduce(0) { $0 + confusion[$1][$1] })
    #expect(Double(hits.hits) / 30 == trace.evaluations.last?.test?.accuracy)
    // The corners' labels go 0, 1, 2, 0, …
    for label in 0..<3 {
      #expect(stride(from: label, to: 30, by: 3).count { hits[$0] } == confusion[label][label])
    }
  }

  @Test func reconstructionHasNeitherConfusionNorHits() throws {
    var trial = cornersTrial(iterations: 2)
    trial.configuration.resolved.loss = .mse
    trial.configuration.resolved.architecture.layers = [
      Layer(Convolution(outChannels: 1, kernelSize: Extent(1)))
    ]
    let result = try #require(try CornersTrace(of: trial).result)
    #expect(result.confusion == nil && result.hits == nil)
  }

  @Test func hitsAreThoseOfTheLastEvaluationAfterAnInterruptionToo() throws {
    let trial = cornersTrial(iterations: 12, evaluateEvery: 4)
    let whole = try CornersTrace(of: trial)
    var saved: Checkpoint?
    _ = try CornersTrace(of: trial, stopAfter: 9) { saved = $0 }
    let second = try CornersTrace(of: trial, from: saved)
    #expect(second.result?.hits == whole.result?.hits)
    let short = try CornersTrace(of: cornersTrial(iterations: 4, evaluateEvery: 4))
    #expect(short.result?.hits != whole.result?.hits)
  }

  @Test func saysTheLossOfEveryIterationInOrder() throws {
    let trace = try CornersTrace(of: cornersTrial(iterations: 47, evaluateEvery: 10))
    #expect(trace.losses.count == 47)
    #expect(trace.evaluations.map(\.iteration) == [10, 20, 30, 40, 47])
    let expected = trace.losses[40..<47].reduce(0) { $0 + Double($1) } / 7
    #expect(trace.evaluations.last?.trainLoss == expected)
  }

  @Test func evaluatesOnceAnEpochWhereNothingElseIsAsked() throws {
    // 90 examples in batches of 20: five steps an epoch, the last of 10 examples.
    let trace = try CornersTrace(of: cornersTrial(length: .epochs(3)))
    #expect(trace.evaluations.map(\.iteration) == [5, 10, 15])
    #expect(trace.evaluations.map(\.epoch) == [1, 2, 3])
  }

  /// As a `DataLoader` with `drop_last`: the order is drawn for all examples, and its end is not used.
  @Test(arguments: [1, 4, 7])
  func dropsTheSmallerLastBatch(stop: Int) throws {
    let all = cornersTrial(length: .epochs(3))
    var trial = all
    trial.configuration.resolved.dataset.dropsLast = true
    let whole = try CornersTrace(of: trial)
    #expect(whole.evaluations.map(\.iteration) == [4, 8, 12] && whole.evaluations.map(\.epoch) == [1, 2, 3])
    let losses = try CornersTrace(of: all).losses
    #expect(whole.losses[..<4] == losses[..<4] && whole.losses[4] != losses[4])
    var saved: Checkpoint?
    let first = try CornersTrace(of: trial, stopAfter: stop) { saved = $0 }
    let second = try CornersTrace(of: trial, from: saved)
    #expect(first.losses + second.losses == whole.losses)
    #expect(second.result?.traceDigest == whole.result?.traceDigest)
  }

  @Test func theSameSeedGivesTheSameBitsAndAnotherSeedDoesNot() throws {
    let digests = try [1, 1, 2].map { try CornersTrace(of: cornersTrial(iterations: 12, seed: $0)).result?.traceDigest }
    #expect(digests[0] == digests[1])
    #expect(digests[0] != digests[2])
  }

  @Test(arguments: [1, 5, 7, 11])
  func anInterruptionChangesNoBit(stop: Int) throws {
    let trial = cornersTrial(iterations: 12, evaluateEvery: 4, dropout: true)
    let whole = try CornersTrace(of: trial)
    var saved: Checkpoint?
    let first = try CornersTrace(of: trial, stopAfter: stop) { saved = $0 }
    #expect(first.stoppedAt == stop)
    let bytes = try #require(saved).encoded(for: .init(trial: "a"))
    let second = try CornersTrace(of: trial, from: Checkpoint(decoding: bytes, for: .init(trial: "a")))
    #expect(second.result?.traceDigest == whole.result?.traceDigest)
    #expect(first.losses + second.losses == whole.losses)
    #expect(first.evaluations + second.evaluations == whole.evaluations)
  }

  @Test func keepsACheckpointEverySoManyIterations() throws {
    var kept: [Int] = []
    var hooks = TrainingHooks(checkpointInterval: .iterations(5))
    hooks.save = { kept.append($0.iteration) }
    _ = try Trainer(dataset: corners).train(cornersTrial(iterations: 17), hooks: hooks)
    #expect(kept == [5, 10, 15])
  }

  @Test func divergenceIsAnOutcomeWithItsIteration() throws {
    let trace = try CornersTrace(of: cornersTrial(iterations: 40, learningRate: 1e30))
    guard case .diverged(let iteration) = try #require(trace.result).outcome else {
      Issue.record("a learning rate of 1e30 should not end well")
      return
    }
    #expect(trace.losses.count == iteration)
    #expect(trace.losses.last?.isFinite == false)
    #expect(trace.evaluations.last?.iteration == iteration)
  }

  @Test(arguments: [0, 1, 20, 60, 200])
  func refusesADamagedCheckpoint(byte: Int) throws {
    var saved: Checkpoint?
    _ = try CornersTrace(of: cornersTrial(iterations: 9), stopAfter: 3) { saved = $0 }
    var bytes = try #require(saved).encoded(for: .init(trial: "a"))
    bytes[byte] ^= 1
    #expect(throws: CheckpointError.self) { try Checkpoint(decoding: bytes, for: .init(trial: "a")) }
    #expect(throws: CheckpointError.self) { try Checkpoint(decoding: bytes.prefix(byte), for: .init(trial: "a")) }
  }

  @Test(arguments: [
    (Checkpoint.Owner(trial: "b"), "of another trial: its key is a"),
    (Checkpoint.Owner(trial: "a", numerics: 0), "of the engine's numbers; this program has version 0"),
  ])
  func aCheckpointIsForItsOwnerAlone(owner: Checkpoint.Owner, says: String) throws {
    var saved: Checkpoint?
    _ = try CornersTrace(of: cornersTrial(iterations: 9), stopAfter: 3) { saved = $0 }
    let bytes = try #require(saved).encoded(for: .init(trial: "a"))
    let error = #expect(throws: CheckpointError.self) { try Checkpoint(decoding: bytes, for: owner) }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  @Test func aCheckpointOfAnotherNetworkIsRefused() throws {
    var saved: Checkpoint?
    _ = try CornersTrace(of: cornersTrial(iterations: 9), stopAfter: 3) { saved = $0 }
    let checkpoint = try #require(saved)
    #expect(throws: (any Error).self) { try CornersTrace(of: cornersTrial(iterations: 9, hidden: 9), from: checkpoint) }
    #expect(throws: CheckpointError.self) { try CornersTrace(of: cornersTrial(iterations: 2), from: checkpoint) }
  }

  @Test func evaluationDrawsShiftTheRandomNumbersThatFollow() throws {
    // Two evaluations in the first epoch: what they draw moves the order of the second.
    let traces = try EvaluationDraws.allCases.map { draws in
      try CornersTrace(of: cornersTrial(iterations: 8, evaluateEvery: 2, draws: draws)).losses
    }
    #expect(traces[0][..<5] == traces[1][..<5] && traces[0][..<5] == traces[2][..<5])
    #expect(traces[0][5...] != traces[1][5...])
    #expect(traces[1][5...] != traces[2][5...])
  }
}

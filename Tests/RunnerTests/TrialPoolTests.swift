import Architectures
import Experiments
import Foundation
import Runner
import Synchronization
import Testing

@Suite struct TrialPoolTests {
  @Test(arguments: [1, 2, 8])
  func runsEveryTrialOnceAndKeepsTheListsOrder(workers: Int) {
    let begun = Mutex<[UInt64]>([])
    let summary = TrialPool(workers: workers).run(trials(20)) { trial, _ in
      begun.withLock { $0.append(trial.seed) }
      return result(iterations: Int(trial.seed))
    } report: { _ in
    }
    #expect(begun.withLock { $0.sorted() } == Array(0..<20))
    #expect(summary.finished == 20)
    let iterations = summary.ends.map { end -> Int in
      if case .finished(let result) = end { result.iterations } else { -1 }
    }
    #expect(iterations == Array(0..<20))
  }

  /// More than there are cores: the threads must not be lent out one by one as others are seen to wait.
  @Test func worksOnAsManyTrialsAtOnceAsItHasWorkers() {
    let workers = 40
    let counts = Mutex((now: 0, most: 0))
    let everybodyIsHere = DispatchSemaphore(value: 0)
    _ = TrialPool(workers: workers).run(trials(workers)) { _, _ in
      let now = counts.withLock { counts -> Int in
        counts.now += 1
        counts.most = max(counts.most, counts.now)
        return counts.now
      }
      if now == workers { (0..<workers).forEach { _ in everybodyIsHere.signal() } }
      #expect(everybodyIsHere.wait(timeout: .now() + 10) == .success)
      counts.withLock { $0.now -= 1 }
      return result(iterations: 1)
    } report: { _ in
    }
    #expect(counts.withLock { $0.most } == workers)
  }

  @Test func aTrialThatThrowsStopsNoOther() {
    let summary = TrialPool(workers: 2).run(trials(6)) { trial, _ in
      if trial.seed == 2 { throw Failure() }
      return result(iterations: 1)
    } report: { _ in
    }
    #expect(summary.finished == 5)
    #expect(summary.failed == 1)
    #expect(summary.ends[2] == .failed(message: "no such luck"))
    #expect(!summary.interrupted)
  }

  @Test func beginsNothingMoreAfterTooManyFailures() {
    let summary = TrialPool(workers: 1, maximumFailures: 2).run(trials(6)) { _, _ in
      throw Failure()
    } report: { _ in
    }
    #expect(summary.failed == 2)
    #expect(summary.ends[2...].allSatisfy { $0 == .cancelled })
  }

  @Test func aRequestToStopReachesTrialsAtWorkAndThoseToCome() {
    let cancellation = Cancellation()
    let summary = TrialPool(workers: 1, cancellation: cancellation).run(trials(4)) { trial, control in
      if trial.seed == 1 {
        cancellation.request()
        #expect(control.shouldStop)
        throw TrialCancelled()
      }
      return result(iterations: 1)
    } report: { _ in
    }
    #expect(summary.interrupted)
    #expect(summary.finished == 1)
    #expect(summary.ends[1...].allSatisfy { $0 == .cancelled })
  }

  @Test func aStudyThatCannotGoOnSaysWhyOnce() {
    let summary = TrialPool(workers: 1).run(trials(3)) { _, _ in
      throw StudyError("the disk is full")
    } report: { _ in
    }
    #expect(summary.studyError == "the disk is full")
    #expect(!summary.interrupted)
    #expect(summary.ends.allSatisfy { $0 == .cancelled })
  }

  @Test func eventsOfATrialComeInOrderBetweenItsStartAndItsEnd() {
    let heard = Mutex<[Int: [String]]>([:])
    _ = TrialPool(workers: 4).run(trials(8)) { _, control in
      control.emit(.batchLosses(first: 1, losses: [0.5]))
      control.emit(.batchLosses(first: 2, losses: [0.4]))
      return result(iterations: 2)
    } report: { event in
      heard.withLock { heard in
        switch event {
        case .started(let index): heard[index, default: []].append("started")
        case .trial(let index, .batchLosses(let first, _)): heard[index, default: []].append("loss \(first)")
        case .trial(let index, .learningRates): heard[index, default: []].append("rates")
        case .trial(let index, .evaluation): heard[index, default: []].append("evaluation")
        case .ended(let index, _): heard[index, default: []].append("ended")
        }
      }
    }
    #expect(heard.withLock { $0.count } == 8)
    #expect(heard.withLock { $0.values.allSatisfy { $0 == ["started", "loss 1", "loss 2", "ended"] } })
  }

  private struct Failure: Error, CustomStringConvertible {
    let description = "no such luck"
  }
}

private func trials(_ count: Int) -> [Trial] {
  let configuration = Configuration(
    dataset: DatasetSelection(name: "digits"),
    architecture: Architecture(input: Shape(4), layers: [Layer(Linear(outFeatures: 2))]),
    optimizer: .sgd(.init()), training: TrainingSettings(batchSize: 2, length: .iterations(4)))
  let dataset = DatasetDescription(
    name: "digits", shape: Shape(4), classes: ["a", "b"], trainCount: 8, validationCount: 0, testCount: 4)
  let named = StudyConfiguration(label: "A", settings: [], resolved: configuration, dataset: dataset)
  return (0..<count).map { Trial(configuration: named, seed: UInt64($0)) }
}

private func result(iterations: Int) -> TrialResult {
  TrialResult(
    outcome: .done, iterations: iterations, wallSeconds: 1, cpuSeconds: 1, peakBytes: 1, imagesPerSecond: 1,
    confusion: nil, traceDigest: "")
}

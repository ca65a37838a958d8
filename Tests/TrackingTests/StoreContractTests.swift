import Experiments
import Foundation
import GRDB
import Testing

@testable import Tracking

@Suite final class StoreContractTests: RegisteredStore {
  @Test func studyComesBackAsItWasRecorded() throws {
    let attempt = try #require(try store.claim(sample.key(0, 1), for: run))
    let losses: [Float] = (1...100).map { 1 / Float($0) }
    let evaluations = [
      Sample.evaluation(50, accuracy: 0.75, validation: 0.5), Sample.evaluation(100, accuracy: 0.5, validation: 0.875),
    ]
    try store.record(
      attempt,
      events: [.batchLosses(first: 1, losses: Array(losses[..<50])), .evaluation(evaluations[0])])
    try store.record(
      attempt, events: [.batchLosses(first: 51, losses: Array(losses[50...])), .evaluation(evaluations[1])])
    let result = Sample.result(traceDigest: TraceDigest.of(losses: losses, evaluations: evaluations))
    try store.finish(attempt, result: result)

    let record = try study(points: 100, of: ["Model A", "Model B"])
    #expect(record.configurations.map(\.configuration.trainable) == sample.study.configurations)
    #expect(record.configurations.map(\.hash) == sample.identity.configurations.map(\.hash))
    #expect(record.configurations.map(\.parameters) == [50, 50])
    #expect(record.configurations.flatMap(\.trials).map(\.key) == sample.identity.keys)
    #expect(record.axes == sample.study.axes)
    #expect((record.title, record.revision) == ("A sample", 1))
    #expect(record.environment == Sample.environment)
    #expect(record.source == Sample.source)
    let trial = record.configurations[0].trials[1]
    #expect((trial.state, trial.seed) == (.done, 1))
    #expect(trial.evaluations == evaluations)
    #expect(trial.result == result)
    #expect(trial.lossCurve == (1...100).map { LossPoint(iteration: $0, loss: Double(losses[$0 - 1])) })
    #expect(record.configurations[0].trials[0].state == .planned)
  }

  @Test func valuesThatAreNotFiniteSurvive() throws {
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    let losses: [Float] = [.nan, .infinity, -.infinity, 0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1]
    let evaluation = Evaluation(
      iteration: 7, epoch: 0.35, trainLoss: .infinity, validation: nil, test: Score(loss: .nan, accuracy: 0.5))
    try store.record(attempt, events: [.batchLosses(first: 1, losses: losses), .evaluation(evaluation)])
    let digest = TraceDigest.of(losses: losses, evaluations: [evaluation])
    try store.finish(attempt, result: Sample.result(.diverged(iteration: 1), iterations: 7, traceDigest: digest))

    let points = try store.losses(of: sample.key(0, 0))
    #expect(points.map { Float($0.loss).bitPattern } == losses.map(\.bitPattern))
    let trial = try store.study(named: "sample").configurations[0].trials[0]
    #expect(trial.state == .diverged)
    #expect(trial.error == "the loss was not finite at iteration 1")
    #expect(trial.result?.outcome == .diverged(iteration: 1))
    #expect(trial.evaluations.count == 1)
    #expect(trial.evaluations[0].trainLoss == .infinity)
    #expect(trial.evaluations[0].test?.loss.isNaN == true)
    #expect(trial.evaluations[0].test?.accuracy == 0.5)
    let kinds = try store.rows("SELECT kind FROM curves WHERE split = 'train' ORDER BY iteration")
    #expect(
      kinds.map { String.fromDatabaseValue($0[0]) } == ["nan", "inf", "-inf"] + Array(repeating: "finite", count: 4))
  }

  @Test(
    arguments: [
      ([0.5, 0.75, 0.75, .nan], [nil, nil, nil, nil], 2, 0.75),
      ([0.5, 0.25, 0.125, 0.0], [0.1, 0.2, 0.3, 0.3], 3, 0.125),
      ([.nan, 0.5, 0.25, .nan], [nil, nil, nil, nil], 2, 0.5),
    ] as [([Double], [Double?], Int, Double)])
  func bestIsChosenOnValidationWhereThereIsOne(
    test: [Double], validation: [Double?], iteration: Int, accuracy: Double
  ) throws {
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    for (index, value) in test.enumerated() {
      try store.record(
        attempt, events: [.evaluation(Sample.evaluation(index + 1, accuracy: value, validation: validation[index]))])
    }
    let row = try store.rows(
      "SELECT best_iteration, best_test_accuracy FROM trials WHERE trial = ?", [sample.key(0, 0)])
    #expect(row.first == [iteration.databaseValue, accuracy.databaseValue])
    let chosen = try store.rows("SELECT chosen_on FROM summary")
    #expect(chosen == [[(validation[0] == nil ? "test" : "validation").databaseValue]])
  }

  @Test func bestOfReconstructionIsTheLeastLoss() throws {
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    for (index, loss) in [0.5, 0.25, 0.75].enumerated() {
      let evaluation = Evaluation(
        iteration: index + 1, epoch: 0, trainLoss: 0, validation: nil, test: Score(loss: loss, accuracy: nil))
      try store.record(attempt, events: [.evaluation(evaluation)])
    }
    let rows = try store.rows("SELECT best_iteration, best_test_loss, best_test_accuracy, test_loss FROM summary")
    #expect(rows == [[2.databaseValue, 0.25.databaseValue, .null, 0.75.databaseValue]])
  }

  @Test func failureKeepsItsTextAndItsLog() throws {
    let attempt = try #require(try store.claim(sample.key(1, 2), for: run))
    try store.fail(attempt, message: "out of\nmemory \"'\0", logTail: "tail")
    let details = try store.trial(prefix: sample.key(1, 2))
    #expect(details.record.state == .failed)
    #expect(details.record.error == "out of\nmemory \"'\u{2400}")
    #expect(details.attempts.map(\.logTail) == ["tail"])
    #expect(details.attempts[0].commandLine == ["bench", "run", "grid.json"])
    #expect(details.attempts[0].environment == Sample.environment)
    #expect(details.dataDigest == "d1")
    #expect(details.studies == [.init(study: "sample", label: "Model B")])
  }

  @Test func summaryCountsByState() throws {
    _ = try store.claim(sample.key(0, 0), for: run)
    _ = try store.claim(sample.key(0, 1), for: run, owner: .elsewhere, leaseSeconds: -5)
    try store.finish(try #require(try store.claim(sample.key(0, 2), for: run)), result: Sample.result())
    try store.cancel(try #require(try store.claim(sample.key(1, 0), for: run)))
    let summary = try #require(try store.studies().first)
    #expect(summary.counts == [.running: 1, .stale: 1, .done: 1, .cancelled: 1, .planned: 2])
    #expect((summary.trials, summary.configurations) == (6, 2))
    #expect(try store.running().map(\.key) == [sample.key(0, 0), sample.key(0, 1)])
    #expect(try store.running().map(\.state) == [.running, .stale])
    let states = try store.states(of: sample.identity.keys + ["unknown"])
    #expect(states.count == 6)
    #expect(states[sample.key(0, 1)] == .stale)
    let view = try store.rows("SELECT state, count(*) FROM trials GROUP BY state ORDER BY state")
    #expect(view.map { String.fromDatabaseValue($0[0]) } == ["cancelled", "done", "planned", "running", "stale"])
  }

  @Test func trialIsFoundByAnyUniquePrefix() throws {
    let keys = sample.identity.keys
    let shared = String(keys[0].prefix(1))
    #expect(try store.trial(prefix: keys[0].uppercased()).record.key == keys[0])
    #expect(throws: StoreError.noTrial(prefix: "fffff")) { try store.trial(prefix: "fffff") }
    #expect(throws: StoreError.noTrial(prefix: "")) { try store.trial(prefix: "") }
    let matches = keys.filter { $0.hasPrefix(shared) }.sorted()
    try #require(matches.count > 1)
    #expect(throws: StoreError.ambiguousTrial(prefix: shared, matches: matches)) { try store.trial(prefix: shared) }
  }

  @Test func lossCurveIsGatheredIntoMeans() throws {
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run))
    try store.record(attempt, events: [.batchLosses(first: 1, losses: (1...10).map { Float($0) })])
    let record = try study(points: 30, of: ["Model A"])
    // 100 iterations into at most 30 means: four a mean.
    let points = record.configurations[0].trials[0].lossCurve
    #expect(
      points == [
        LossPoint(iteration: 4, loss: 2.5), LossPoint(iteration: 8, loss: 6.5), LossPoint(iteration: 10, loss: 9.5),
      ])
    #expect(try study(points: 30, of: ["Model B"]).configurations[0].trials[0].lossCurve.isEmpty)
  }

  private func study(points: Int, of labels: Set<String>) throws -> StudyRecord {
    var record = try store.study(named: "sample")
    try store.addLossCurves(to: &record, points: points, ofLabels: labels)
    return record
  }

  @Test func thinningKeepsEverySoManyth() throws {
    let attempt = try #require(try store.claim(sample.key(0, 0), for: run, lossInterval: 3))
    try store.record(attempt, events: [.batchLosses(first: 1, losses: [1, 2, 3, 4, 5, 6, 7])])
    #expect(try store.losses(of: sample.key(0, 0)).map(\.iteration) == [3, 6])
  }

  @Test func baselinesAreSavedReplacedAndRemoved() throws {
    try store.saveBaseline(named: "good \"'\n", study: "sample", revision: 1, document: "{}")
    try store.saveBaseline(named: "good \"'\n", study: "sample", revision: 2, document: "[]")
    #expect(try store.baselines().map(\.revision) == [2])
    #expect(try store.baseline(named: "good \"'\n").document == "[]")
    try store.removeBaseline(named: "good \"'\n")
    #expect(throws: StoreError.noBaseline(name: "x", known: [])) { try store.baseline(named: "x") }
  }

  @Test func unknownStudyNamesThoseThereAre() {
    #expect(throws: StoreError.noStudy(name: "x", known: ["sample"])) { try store.study(named: "x") }
    #expect(throws: StoreError.noRevision(study: "sample", revision: 3, known: [1])) {
      try store.study(named: "sample", revision: 3)
    }
  }
}

import Experiments
import Statistics
import Testing

@testable import Reporting

@Suite struct ComparisonTests {
  typealias Change = ComparisonSamples.Change

  private func verdicts(_ comparison: StudyComparison, _ metric: ComparedMetric = .testAccuracy) -> [String] {
    comparison.rows.filter { $0.metric == metric }.map(\.verdict.rawValue)
  }

  private func compare(
    _ changes: [Change], seeds: Int = 6, speed: Double = 1, policy: ComparisonPolicy = ComparisonPolicy(),
    _ change: (inout StudyResults) -> Void = { _ in }
  ) -> StudyComparison {
    var (baseline, candidate) = ComparisonSamples.sides(changes, seeds: seeds, speed: speed)
    change(&candidate)
    return StudyComparison(baseline: baseline, candidate: candidate, policy: policy)
  }

  @Test func everyVerdictIsGivenWhereItIsDue() {
    let comparison = ComparisonSamples.everything()
    #expect(verdicts(comparison) == ["same", "regressed", "improved", "inconclusive", "same", "incomparable"])
    #expect(verdicts(comparison, .imagesPerSecond)[4] == "incomparable")
    #expect(comparison.newLabels == ["new"])
    #expect(comparison.lost.count == 7)
    #expect(comparison.outcome == .regression)
  }

  @Test func aChangedGridIsToldApartFromALostTrial() {
    let comparison = compare([Change(label: "a")]) { $0.configurations[0].hash = "other" }
    #expect(comparison.lost.allSatisfy { $0.problem.contains("has other settings now") } && comparison.lost.count == 6)
    let gone = compare([Change(label: "a")]) { ($0.configurations[0].hash, $0.configurations[0].label) = ("o", "b") }
    #expect(gone.lost.allSatisfy { $0.problem == "the configuration is missing" })
  }

  /// Six seeds at half the speed, of which the first `waiting` had half of the processor only.
  private func slowed(
    waiting: Int, processorSeconds: Double, speed: Double = 0.5, limits: [ComparisonPolicy.Limit] = [],
    isStrict: Bool = false
  ) -> StudyComparison {
    var (baseline, candidate) = ComparisonSamples.sides([Change(label: "a")], seeds: 6, speed: speed)
    for seed in 0..<6 {
      baseline.configurations[0].trials[seed].values.merge([.wallSeconds: 10, .cpuSeconds: 9.9]) { $1 }
      let wall = processorSeconds / (seed < waiting ? 0.5 : 0.99)
      candidate.configurations[0].trials[seed].values
        .merge([.wallSeconds: wall, .cpuSeconds: processorSeconds]) { $1 }
    }
    let policy = ComparisonPolicy(limits: limits, isStrict: isStrict)
    return StudyComparison(baseline: baseline, candidate: candidate, policy: policy)
  }

  @Test func trialsThatWaitedLeaveTheSpeedUndecided() throws {
    let comparison = slowed(waiting: 6, processorSeconds: 9.9)
    let row = try #require(comparison.rows.first { $0.metric == .imagesPerSecond })
    #expect(row.verdict == .inconclusive && row.excludedSeeds == 6)
    #expect(row.reason?.contains("or the program itself waited") == true)
    #expect(verdicts(comparison, .cpuSeconds) == ["same"])
    #expect(comparison.markdown.contains("| 0 of 6 |") && comparison.outcome == .fine)
    #expect(slowed(waiting: 6, processorSeconds: 9.9, isStrict: true).outcome == .undecided)
  }

  @Test(arguments: [[], [ComparisonPolicy.Limit(.imagesPerSecond, .absolute(500))]])
  func moreProcessorTimeIsARegressionWhereTrialsWaited(limits: [ComparisonPolicy.Limit]) throws {
    let comparison = slowed(waiting: 6, processorSeconds: 19.8, limits: limits)
    #expect(verdicts(comparison, .imagesPerSecond) == ["inconclusive"])
    #expect(verdicts(comparison, .cpuSeconds) == ["regressed"])
    #expect(comparison.outcome == .regression)
    let tolerance = try #require(comparison.rows.first { $0.metric == .cpuSeconds }?.tolerance)
    #expect(abs(tolerance - 0.99) < 0.01)
  }

  @Test(arguments: [(1, 0.5, "regressed"), (3, 0.5, "inconclusive"), (1, 1, "inconclusive"), (1, 2, "inconclusive")])
  func seedsThatAreLeftOutAreCounted(waiting: Int, speed: Double, verdict: String) {
    let comparison = slowed(waiting: waiting, processorSeconds: 9.9, speed: speed)
    #expect(verdicts(comparison, .imagesPerSecond) == [verdict])
    #expect(comparison.markdown.contains("| \(6 - waiting) of 6 |"))
    #expect(comparison.markdown.contains("only of seeds that had the same share of the processor"))
    #expect(comparison.markdown.contains("3 seeds with comparable times give no p") == (waiting == 3))
  }

  @Test func speedsAreComparedWhereNoTrialWaited() {
    let comparison = slowed(waiting: 0, processorSeconds: 19.8)
    #expect(verdicts(comparison, .imagesPerSecond) == ["regressed"])
    #expect(verdicts(comparison, .cpuSeconds).isEmpty && !comparison.markdown.contains("of seeds that had"))
  }

  @Test func whatWasNotSeenIsNotSaidToBeAbsent() {
    #expect(compare([Change(label: "a")]).headline.hasPrefix("No regression: "))
    let few = compare([Change(label: "a", shift: -0.02, noise: 0.0005)], seeds: 4)
    #expect(few.headline.hasPrefix("No regression seen: "))
  }

  @Test func equalTracesAreTheSameWithoutATest() throws {
    let comparison = compare([Change(label: "a")], seeds: 1)
    let row = try #require(comparison.rows.first)
    #expect(row.verdict == .same && row.tracesAreEqual && row.pWorse == nil && row.interval == nil)
    #expect(comparison.outcome == .fine)
  }

  @Test func oneUnequalTraceAmongEqualOnesIsTested() {
    let comparison = compare([Change(label: "a")]) { $0.configurations[0].trials[3].traceDigest = "other" }
    #expect(comparison.rows[0].pWorse == 1)
    #expect(comparison.rows[0].verdict == .same)
  }

  @Test(arguments: [(-0.0047, "same"), (-0.0053, "regressed"), (0.0047, "same"), (0.0053, "improved")])
  func theToleranceIsALimit(shift: Double, verdict: String) {
    #expect(verdicts(compare([Change(label: "a", shift: shift, noise: 0.0001)])) == [verdict])
  }

  @Test func aLossOfExactlyTheToleranceIsNotMinded() {
    #expect(verdicts(compare([Change(label: "a", shift: -0.005)])) == ["same"])
  }

  @Test(arguments: [(4, "inconclusive"), (5, "regressed")])
  func tooFewSeedsDecideNothing(seeds: Int, verdict: String) {
    let comparison = compare([Change(label: "a", shift: -0.02, noise: 0.0005)], seeds: seeds)
    #expect(verdicts(comparison) == [verdict])
    #expect(comparison.markdown.contains("that takes 5 seeds") == (seeds == 4))
  }

  @Test(arguments: 0..<30)
  func whoSwapsTheSidesSwapsTheVerdicts(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let changes = (0..<6).map { index in
      Change(
        label: "\(index)", shift: Double.random(in: -0.012...0.012, using: &generator),
        noise: Double.random(in: 0...0.006, using: &generator))
    }
    let (baseline, candidate) = ComparisonSamples.sides(changes)
    let policy = ComparisonPolicy(limits: [.init(.testAccuracy, .absolute(0.005))])
    let there = StudyComparison(baseline: baseline, candidate: candidate, policy: policy)
    let back = StudyComparison(baseline: candidate, candidate: baseline, policy: policy)
    let mirror = ["regressed": "improved", "improved": "regressed"]
    #expect(verdicts(there) == verdicts(back).map { mirror[$0] ?? $0 })
    // And the order of the configurations says nothing.
    let (turned, others) = (baseline, candidate)
    var reversed = turned
    reversed.configurations.reverse()
    #expect(
      verdicts(StudyComparison(baseline: reversed, candidate: others, policy: policy)) == verdicts(there).reversed())
  }

  @Test func aSmallerLossIsBetter() {
    let policy = ComparisonPolicy(limits: [.init(.testLoss, .relative(0.05))])
    let comparison = compare([Change(label: "a", shift: -0.02, noise: 0.001)], policy: policy)
    #expect(comparison.rows.map(\.verdict) == [.regressed])
    #expect(abs((comparison.rows[0].tolerance ?? 0) - 0.005) < 1e-12)
  }

  @Test(arguments: [(0.8, "regressed"), (0.95, "same"), (1.3, "improved")])
  func speedIsComparedOnTheSameMachine(speed: Double, verdict: String) {
    #expect(verdicts(compare([Change(label: "a")], speed: speed), .imagesPerSecond) == [verdict])
  }

  @Test(arguments: ["host", "workers", "program", "cpu", "unknown"])
  func speedIsNotComparedElsewhere(what: String) {
    let comparison = compare([Change(label: "a")], speed: 0.5) { candidate in
      for seed in candidate.configurations[0].trials.indices {
        switch what {
        case "host": candidate.configurations[0].trials[seed].machine?.host = "x"
        case "workers": candidate.configurations[0].trials[seed].machine?.workers = 9
        case "program": candidate.configurations[0].trials[seed].machine?.program = "x"
        case "cpu": candidate.configurations[0].trials[seed].machine?.cpu = "x"
        default: candidate.configurations[0].trials[seed].machine = nil
        }
      }
    }
    #expect(verdicts(comparison, .imagesPerSecond) == ["incomparable"])
    #expect(verdicts(comparison) == ["same"])
    #expect(comparison.outcome == .fine)
  }

  @Test func otherDataAreIncomparable() {
    let comparison = compare([Change(label: "a", shift: -0.1, noise: 0.001)]) {
      $0.configurations[0].dataDigest = "mnist"
    }
    #expect(comparison.rows.map(\.reason) == ["other data", "other data"])
  }

  @Test(arguments: [
    (TrialState.failed, true), (.planned, true), (.running, true), (.cancelled, true), (.stale, true),
    (.diverged, true), (.done, false),
  ])
  func aTrialThatHasNotEndedWellIsOwed(state: TrialState, isLost: Bool) {
    let comparison = compare([Change(label: "a")]) { $0.configurations[0].trials[4].state = state }
    #expect(comparison.lost.map(\.seed) == (isLost ? [4] : []))
    #expect(comparison.outcome == (isLost ? .trialsLost : .fine))
  }

  @Test func whatDivergedBeforeMayDivergeAgain() {
    var (baseline, candidate) = ComparisonSamples.sides([Change(label: "a")])
    for seed in 0..<6 {
      baseline.configurations[0].trials[seed].state = .diverged
      baseline.configurations[0].trials[seed].values = [:]
    }
    candidate.configurations[0] = baseline.configurations[0]
    let again = StudyComparison(baseline: baseline, candidate: candidate)
    #expect(again.lost.isEmpty && again.rows.first?.verdict == .same)
    // Neither what had not ended nor what failed before is owed.
    for seed in 0..<6 { baseline.configurations[0].trials[seed].state = seed == 0 ? .failed : .planned }
    candidate.configurations[0].trials[0].state = .failed
    candidate.configurations[0].trials[1].state = .planned
    #expect(StudyComparison(baseline: baseline, candidate: candidate).lost.isEmpty)
  }

  @Test func aMissingConfigurationIsOwedSeedBySeed() {
    let comparison = compare([Change(label: "a"), Change(label: "b")]) { $0.configurations.removeLast() }
    #expect(comparison.lost.count == 6)
    #expect(comparison.outcome == .trialsLost)
  }

  @Test func strictFailsWhereItCannotTell() {
    let changes = [Change(label: "a", shift: -0.003, noise: 0.009)]
    #expect(compare(changes).outcome == .fine)
    #expect(compare(changes, policy: ComparisonPolicy(isStrict: true)).outcome == .undecided)
  }

  @Test func twoConfigurationsWithTheSameLabelStayApart() {
    let comparison = compare([Change(label: "same"), Change(label: "same", shift: -0.02, noise: 0.001)])
    #expect(verdicts(comparison) == ["same", "regressed"])
    #expect(Set(ComparisonContent.labels(comparison)).count == 2)
  }
}

@Suite struct GateSimulationTests {
  @Test(arguments: [3, 12])
  func seesAPlantedLossAndCriesNoWolf(size: Int) {
    var simulation = GateSimulation(configurations: size)
    simulation.plantedLoss = 0.01
    let lossy = simulation.rates(nights: 200)
    #expect(lossy.nights == 200 && lossy.detectionRate >= 0.95 && lossy.falseAlarmRate <= 0.05)
  }

  @Test func theCorrectedPHoldsWithoutATolerance() {
    let rates = GateSimulation(configurations: 3, tolerance: 0).rates(nights: 1000)
    // 3 of 64 patterns are 4.7 %; two standard errors of 1000 nights are 1.3 %.
    #expect((0.02...0.061).contains(rates.falseAlarmRate), "\(rates)")
  }

  @Test func aLossWithinTheToleranceIsNoRegression() {
    let rates = GateSimulation(configurations: 3, plantedLoss: 0.0025).rates(nights: 200)
    #expect(rates.detections <= 4, "\(rates)")
  }

  @Test(arguments: [
    (11, 200, 200, true), (30, 200, 200, false), (0, 187, 200, true), (0, 170, 200, false), (1, 1, 1, true),
    (297, 5000, 5000, true), (305, 5000, 5000, false), (0, 4703, 5000, true), (0, 4695, 5000, false),
  ])
  func onlyWhatChanceDoesNotExplainFailsTheSelfTest(alarms: Int, detections: Int, nights: Int, holds: Bool) {
    let rates = GateSimulation.Rates(nights: nights, falseAlarms: alarms, detections: detections)
    let entry = GateSelfTest.Case(
      simulation: GateSimulation(configurations: 3), rates: rates, falseAlarmLimit: 0.05, detectionGoal: 0.95)
    #expect(entry.holds == holds)
  }

  @Test func theSameSeedGivesTheSameCounts() {
    let simulation = GateSimulation(configurations: 3, tolerance: 0)
    #expect(simulation.rates(nights: 120) == simulation.rates(nights: 120))
    #expect(simulation.rates(nights: 120).nights == 120)
  }
}

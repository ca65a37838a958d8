import Experiments
import Statistics
import Testing

@testable import Comparing

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
    #expect(
      verdicts(comparison) == ["equal", "worse", "better", "not_decided", "within_tolerance", "not_comparable"])
    #expect(verdicts(comparison, .imagesPerSecond)[4] == "not_comparable")
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
    waiting: Int, processorSeconds: Double, speed: Double = 0.5,
    limit: ComparisonPolicy.Limit = .init(.imagesPerSecond, .relative(0.1)), isStrict: Bool = false
  ) -> StudyComparison {
    var (baseline, candidate) = ComparisonSamples.sides([Change(label: "a")], seeds: 6, speed: speed)
    for seed in 0..<6 {
      baseline.configurations[0].trials[seed].values.merge([.wallSeconds: 10, .cpuSeconds: 9.9]) { $1 }
      let wall = processorSeconds / (seed < waiting ? 0.5 : 0.99)
      candidate.configurations[0].trials[seed].values
        .merge([.wallSeconds: wall, .cpuSeconds: processorSeconds]) { $1 }
    }
    return StudyComparison(
      baseline: baseline, candidate: candidate, policy: ComparisonPolicy(limits: [limit], isStrict: isStrict))
  }

  @Test func trialsThatWaitedLeaveTheSpeedIncomparable() throws {
    let comparison = slowed(waiting: 6, processorSeconds: 9.9)
    let row = try #require(comparison.rows.first { $0.metric == .imagesPerSecond })
    #expect(row.verdict == .notComparable && row.excludedSeeds == 6)
    #expect(row.reason?.contains("or the program itself waited") == true)
    #expect(verdicts(comparison, .cpuSeconds) == ["within_tolerance"])
    #expect(comparison.text(.md).contains("| 0 of 6 |") && comparison.outcome == .fine)
    #expect(slowed(waiting: 6, processorSeconds: 9.9, isStrict: true).outcome == .undecided)
  }

  @Test(arguments: [ComparisonPolicy.Tolerance.relative(0.1), .absolute(500)])
  func moreProcessorTimeIsWorseWhereTrialsWaited(tolerance: ComparisonPolicy.Tolerance) throws {
    let comparison = slowed(waiting: 6, processorSeconds: 19.8, limit: .init(.imagesPerSecond, tolerance))
    #expect(verdicts(comparison, .imagesPerSecond) == ["not_comparable"])
    #expect(verdicts(comparison, .cpuSeconds) == ["worse"])
    #expect(comparison.outcome == .regression)
    let found = try #require(comparison.rows.first { $0.metric == .cpuSeconds }?.tolerance)
    #expect(abs(found - 0.99) < 0.01)
  }

  @Test(arguments: [(1, 0.5, "worse"), (3, 0.5, "worse"), (1, 1, "within_tolerance"), (1, 2, "better")])
  func seedsThatAreLeftOutAreCounted(waiting: Int, speed: Double, verdict: String) {
    let comparison = slowed(waiting: waiting, processorSeconds: 9.91, speed: speed)
    #expect(verdicts(comparison, .imagesPerSecond) == [verdict])
    #expect(comparison.text(.md).contains("| \(6 - waiting) of 6 |"))
    #expect(comparison.text(.md).contains("only of seeds that had the same share of the processor"))
  }

  @Test func timesAreComparedOnlyWhereTheyAreNamed() {
    let comparison = compare([Change(label: "a")], speed: 0.1)
    #expect(comparison.rows.map(\.metric) == [.testAccuracy] && comparison.outcome == .fine)
  }

  @Test func recordedNightsWidenTheToleranceOfTimes() {
    var nights = NightSpreads()
    func verdict(speed: Double) -> [String] {
      let (baseline, candidate) = ComparisonSamples.sides([Change(label: "a")], seeds: 6, speed: speed)
      let comparison = StudyComparison(
        baseline: baseline, candidate: candidate,
        policy: ComparisonPolicy(limits: [.init(.imagesPerSecond, .relative(0.1))]), nights: nights)
      return verdicts(comparison, .imagesPerSecond)
    }
    #expect(verdict(speed: 0.85) == ["worse"])
    for mean in [5000, 4700, 5100, 4800, 5200] { nights.add(Double(mean), of: "hash0", .imagesPerSecond) }
    #expect(verdict(speed: 0.85) == ["worse"])
    nights.add(4900, of: "hash0", .imagesPerSecond)
    #expect(verdict(speed: 0.85) == ["within_tolerance"])
    #expect(verdict(speed: 0.3) == ["worse"])
    // A lasting change does not widen what it is judged by.
    for _ in 0..<4 {
      nights.add(1500, of: "hash0", .imagesPerSecond)
      #expect(verdict(speed: 0.3) == ["worse"])
    }
  }

  @Test func anExplodedSeedDoesNotWidenARelativeTolerance() {
    var (baseline, candidate) = ComparisonSamples.sides([Change(label: "a")])
    for seed in 0..<6 {
      baseline.configurations[0].trials[seed].values[.testLoss] = seed == 3 ? 300 : 0.1 + 0.001 * Double(seed)
      candidate.configurations[0].trials[seed].values[.testLoss] = seed == 3 ? 300.1 : 2.3 + 0.001 * Double(seed)
    }
    let policy = ComparisonPolicy(limits: [.init(.testLoss, .relative(0.25))])
    let comparison = StudyComparison(baseline: baseline, candidate: candidate, policy: policy)
    #expect(comparison.outcome == .regression && comparison.rows[0].tolerance ?? 1 < 0.03)
  }

  @Test func aScoreThatIsNoNumberIsACollapse() {
    let comparison = compare([Change(label: "a", noise: 0.0002)]) {
      $0.configurations[0].trials[4].values[.testAccuracy] = nil
    }
    #expect(verdicts(comparison) == ["collapsed"] && comparison.rows[0].collapsedSeeds == [4])
    #expect(comparison.outcome == .regression)
  }

  @Test func aCollapseIsSeenBesideABaselineThatIsStuckItself() {
    var (baseline, candidate) = ComparisonSamples.sides([Change(label: "a", noise: 0.0002), Change(label: "b")])
    baseline.configurations[0].trials[1].values[.testAccuracy] = 0.1
    candidate.configurations[0].trials[4].values[.testAccuracy] = 0.1
    let comparison = StudyComparison(baseline: baseline, candidate: candidate)
    #expect(comparison.rows[0].collapsedSeeds == [4] && comparison.outcome == .regression)
  }

  @Test func oneSeedAndNoToleranceCollapsesNothing() {
    let policy = ComparisonPolicy(limits: [.init(.testAccuracy, .absolute(0))])
    let comparison = compare([Change(label: "a", shift: -0.0003)], seeds: 1, policy: policy)
    #expect(verdicts(comparison) == ["not_tested"] && comparison.outcome == .undecided)
  }

  @Test func theSameRunsAreLeftOut() {
    var (baseline, candidate) = ComparisonSamples.sides([Change(label: "a"), Change(label: "b")])
    for index in 0..<2 {
      for seed in 0..<6 {
        baseline.configurations[index].trials[seed].values[.wallSeconds] = 1 + Double(seed)
        candidate.configurations[index].trials[seed].values[.wallSeconds] = index == 0 ? 1 + Double(seed) : 9
      }
    }
    let half = StudyComparison(baseline: baseline, candidate: candidate)
    #expect(!half.isWithItself && half.sameRuns == 6 && half.bits.all == 6)
    #expect(verdicts(half) == ["not_comparable", "equal"] && half.rows[0].reason == "the same runs on both sides")
    // An unfinished study, saved as a baseline and then finished, is still itself but for the rest.
    let itself = StudyComparison(baseline: baseline, candidate: baseline)
    #expect(itself.isWithItself)
    candidate.configurations[1].trials.removeAll()
    #expect(!StudyComparison(baseline: baseline, candidate: candidate).isWithItself)
  }

  @Test func whatIsNotComparableAtAllIsNoPass() {
    let comparison = compare([Change(label: "a", shift: -0.1, noise: 0.001)]) {
      $0.configurations[0].dataDigest = "mnist"
    }
    #expect(comparison.outcome == .undecided && comparison.headline.hasPrefix("Nothing is comparable: "))
  }

  @Test func anAnchorOfAnotherGridTakesNothing() {
    let (baseline, candidate) = ComparisonSamples.sides([Change(label: "a", noise: 0.001)])
    let anchor = ComparisonSamples.sides([Change(label: "z", hash: "other")]).baseline
    let alone = StudyComparison(baseline: baseline, candidate: candidate)
    let held = StudyComparison(baseline: baseline, candidate: candidate, anchor: anchor)
    #expect(held.anchorRows.isEmpty && held.rows == alone.rows)
    #expect(held.text(.md).contains("The anchor has no configuration and data in common"))
  }

  @Test func theHeadlineSaysWhatCouldBeSeen() {
    #expect(compare([Change(label: "a")]).headline == "Equal to the last bit: 1 equal to the last bit.")
    #expect(compare([Change(label: "a", noise: 0.0005)]).headline == "No regression: 1 within tolerance.")
    let few = compare([Change(label: "a", shift: -0.002, noise: 0.0005)], seeds: 2)
    #expect(
      few.headline.hasPrefix("Too few seeds to test anything: 1 not tested. Worst: a, test accuracy −0."),
      "\(few.headline)")
    let open = compare([Change(label: "a", shift: -0.003, noise: 0.009), Change(label: "b")])
    #expect(open.headline.hasPrefix("No regression shown: 1 not decided; 1 equal"), "\(open.headline)")
    let lossy = compare([Change(label: "a", shift: -0.02, noise: 0.015)], seeds: 4)
    #expect(lossy.headline.hasPrefix("Not decided: 1 not decided. Worst: a, test"), "\(lossy.headline)")
    #expect(lossy.outcome == .undecided)
    #expect(compare([Change(label: "a", shift: -0.1)]).headline.contains("Worst: a, test accuracy −10.00 points."))
  }

  @Test func equalTracesAreEqualWithoutATest() throws {
    let comparison = compare([Change(label: "a")], seeds: 1)
    let row = try #require(comparison.rows.first)
    #expect(row.verdict == .equal && row.tracesAreEqual && row.interval == nil)
    #expect(comparison.outcome == .fine && comparison.bits == .init(equal: 1, changed: 0, withoutKey: 1, all: 1))
    #expect(comparison.text(.md).contains("1 of 1 common trials are equal to the last bit"))
  }

  @Test func equalDigestsBesideOtherNumbersAreNotEqual() {
    let other = compare([Change(label: "a")]) { candidate in
      for seed in 0..<6 { candidate.configurations[0].trials[seed].values[.testAccuracy] = 0.7 + 0.001 * Double(seed) }
    }
    #expect(verdicts(other) == ["worse"] && other.outcome == .regression)
    let gone = compare([Change(label: "a")]) { candidate in
      for seed in 0..<6 { candidate.configurations[0].trials[seed].values = [:] }
    }
    #expect(verdicts(gone) == ["collapsed"])
  }

  @Test func aChangedBitWithoutAChangedVersionIsAFinding() {
    var (baseline, candidate) = ComparisonSamples.sides([Change(label: "a", noise: 0.0001)])
    for seed in 0..<6 {
      baseline.configurations[0].trials[seed].key = "key\(seed)"
      candidate.configurations[0].trials[seed].key = seed < 2 ? "key\(seed)" : "newer\(seed)"
    }
    let comparison = StudyComparison(baseline: baseline, candidate: candidate)
    #expect(comparison.bits == .init(equal: 0, changed: 2, withoutKey: 0, all: 6))
    #expect(comparison.text(.md).contains("Finding: 2 are not, although"))
    #expect(comparison.workflowCommands.contains { $0.hasPrefix("::warning title=Changed bits::2 trials") })
  }

  @Test func oneUnequalTraceAmongEqualOnesIsTested() {
    let comparison = compare([Change(label: "a")]) { $0.configurations[0].trials[3].traceDigest = "other" }
    #expect(comparison.rows[0].interval != nil && comparison.rows[0].verdict == .withinTolerance)
  }

  @Test(arguments: [
    (-0.0047, "worse_within_tolerance"), (-0.0053, "worse"), (0.0047, "better"), (-0.0001, "within_tolerance"),
  ])
  func theToleranceIsALimit(shift: Double, verdict: String) {
    #expect(verdicts(compare([Change(label: "a", shift: shift, noise: 0.0001)])) == [verdict])
  }

  @Test func aLossOfExactlyTheToleranceIsNotMinded() {
    #expect(verdicts(compare([Change(label: "a", shift: -0.005)])) == ["worse_within_tolerance"])
  }

  @Test(arguments: [(2, "not_tested", StudyComparison.Outcome.undecided), (3, "worse", .regression)])
  func tooFewSeedsDecideNothing(seeds: Int, verdict: String, outcome: StudyComparison.Outcome) {
    let comparison = compare([Change(label: "a", shift: -0.0075, noise: 0.00005)], seeds: seeds)
    #expect(verdicts(comparison) == [verdict] && comparison.outcome == outcome)
    #expect(comparison.text(.md).contains("3 common seeds at least") == (seeds == 2))
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
    for (row, mirrored) in zip(there.rows, back.rows) {
      #expect(row.interval?.lower == mirrored.interval.map { -$0.upper })
      if row.verdict == .worse { #expect(mirrored.verdict == .better) }
    }
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
    #expect(comparison.rows.map(\.verdict) == [.worse])
    #expect(abs((comparison.rows[0].tolerance ?? 0) - 0.005) < 1e-12)
  }

  private static let speedPolicy = ComparisonPolicy(limits: [.init(.imagesPerSecond, .relative(0.1))])

  @Test(arguments: [(0.8, "worse"), (0.95, "within_tolerance"), (1.3, "better")])
  func speedIsComparedOnTheSameMachine(speed: Double, verdict: String) {
    let comparison = compare([Change(label: "a")], speed: speed, policy: Self.speedPolicy)
    #expect(verdicts(comparison, .imagesPerSecond) == [verdict])
  }

  @Test(arguments: ["host", "workers", "program", "cpu", "unknown"])
  func speedIsNotComparedElsewhere(what: String) {
    let comparison = compare([Change(label: "a")], speed: 0.5, policy: Self.speedPolicy) { candidate in
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
    #expect(verdicts(comparison, .imagesPerSecond) == ["not_comparable"])
    #expect(verdicts(comparison) == ["equal"])
    #expect(comparison.outcome == .fine)
  }

  @Test func otherDataAreIncomparable() {
    let comparison = compare([Change(label: "a", shift: -0.1, noise: 0.001)], policy: Self.speedPolicy) {
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
    #expect(again.lost.isEmpty && again.rows.first?.verdict == .equal)
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
    #expect(verdicts(comparison) == ["equal", "worse"])
    #expect(Set(ComparisonSections.labels(comparison.rows)).count == 2)
  }
}

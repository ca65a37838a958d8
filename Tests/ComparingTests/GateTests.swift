import Experiments
import Foundation
import Statistics
import Testing

@testable import Comparing

/// The gate on simulated nights; `make simulate` runs 5,000 of each kind and prints the rates.
@Suite struct GateTests {
  private static let nights = ProcessInfo.processInfo.environment["BENCH_SIMULATIONS"].flatMap { Int($0) } ?? 150

  private func rates(_ name: String, _ simulation: GateSimulation) -> GateSimulation.Rates {
    let rates = simulation.rates(nights: Self.nights)
    if Self.nights >= 5000 {
      func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
      print("simulated: \(name): false alarms \(percent(rates.falseAlarmRate)), seen \(percent(rates.detectionRate))")
    }
    return rates
  }

  /// - Parameter isStrict: whether 5,000 nights have to keep the limit without any allowance for their noise.
  private func expectFewAlarms(
    _ rates: GateSimulation.Rates, _ name: String, limit: Double = 0.055, isStrict: Bool = true
  ) {
    let isChance = Binomial.upperTail(rates.falseAlarms, of: rates.nights, probability: limit) > 1e-4
    #expect(rates.falseAlarmRate <= limit || ((Self.nights < 5000 || !isStrict) && isChance), "\(name): \(rates)")
  }

  @Test(arguments: [5, 12, 48], [0.0015, 0.005, 0.02])
  func criesNoWolf(configurations: Int, deviation: Double) {
    for tolerance in [0, 0.005] {
      let simulation = GateSimulation(configurations: configurations, deviation: deviation, tolerance: tolerance)
      let name = "no change, \(configurations) configurations, sd \(100 * deviation), tolerance \(100 * tolerance)"
      expectFewAlarms(rates(name, simulation), name)
    }
  }

  @Test(arguments: [(1, 1), (1, 2), (1, 3), (1, 6), (2, 3), (5, 3), (48, 4)])
  func criesNoWolfWithFewSeeds(configurations: Int, seeds: Int) {
    let simulation = GateSimulation(configurations: configurations, seeds: seeds, tolerance: 0)
    let name = "no change, \(configurations) configurations, \(seeds) seeds, tolerance 0"
    expectFewAlarms(rates(name, simulation), name, isStrict: false)
  }

  @Test func criesNoWolfBesideANoisyNeighbour() {
    let simulation = GateSimulation(configurations: 12, noisiest: 10, tolerance: 0)
    expectFewAlarms(rates("no change, one configuration ten times as noisy", simulation), "noisy")
  }

  @Test(arguments: [1, 12, 48], [3, 6])
  func criesNoWolfWhereScoresAreSkewed(configurations: Int, seeds: Int) {
    var simulation = GateSimulation(configurations: configurations, seeds: seeds, tolerance: 0)
    simulation.noise = .skewed
    let name = "no change, skewed scores, \(configurations) configurations, \(seeds) seeds, tolerance 0"
    // A few exponential scores that lack their tail look alike, and the next night's tail then like a collapse.
    expectFewAlarms(rates(name, simulation), name, limit: 0.09)
  }

  @Test func seesALossWhereOnlyTheRoundingDiffers() {
    var simulation = GateSimulation(configurations: 12, deviation: 0.0025)
    (simulation.noise, simulation.loss) = (.rounding(0.2), 0.0075)
    let found = rates("0.75 points in one of 12, paired sd 0.05", simulation)
    #expect(found.detectionRate >= 0.95, "\(found)")
  }

  @Test(arguments: 1...6, [1, 3, 12])
  func seesEveryCollapse(seeds: Int, configurations: Int) {
    for (partial, speeds) in [(nil, nil), (1, 0.08), (2, nil), (5, 0.2)] as [(Int?, Double?)] {
      var simulation = GateSimulation(configurations: configurations, deviation: 0.005)
      (simulation.collapsedSeeds, simulation.seedsOfPartialRows, simulation.speedDeviation) = (seeds, partial, speeds)
      let found = rates(
        "\(seeds) of 6 seeds at chance, one of \(configurations), partial rows \(partial.map { "of \($0) seeds" } ?? "none"), speeds \(speeds.map { "\($0)" } ?? "none")",
        simulation)
      #expect(found.detections == found.nights, "\(found)")
    }
  }

  /// The same program against itself, nights that differ by 8 % in speed: 56 pairs of eight nights.
  @Test func loadIsNoRegressionByDefault() {
    var generator = SeededGenerator(seed: 11)
    let nights = (0..<8).map { _ in
      ComparisonSamples.sides([.init(label: "a", noise: 0.0001)], speed: 1 + 0.08 * generator.nextNormal()).candidate
    }
    var (red, slow) = (0, 0)
    for (place, baseline) in nights.enumerated() {
      for (other, candidate) in nights.enumerated() where other != place {
        if StudyComparison(baseline: baseline, candidate: candidate).outcome != .fine { red += 1 }
        let named = ComparisonPolicy(limits: [.init(.imagesPerSecond, .relative(0.1))])
        let asked = StudyComparison(baseline: baseline, candidate: candidate, policy: named)
        if asked.outcome == .regression { slow += 1 }
      }
    }
    // A tolerance on times alone cries wolf, which is why it has to be asked for.
    #expect(red == 0 && slow > 0)
  }

  @Test func aLossWithinTheToleranceIsNoRegression() {
    var simulation = GateSimulation(configurations: 3, deviation: 0.0015)
    simulation.loss = 0.0045
    let found = simulation.rates(nights: 300)
    #expect(found.detectionRate <= 0.05, "\(found)")
  }

  @Test func theSameSeedGivesTheSameCounts() {
    let simulation = GateSimulation(configurations: 3, tolerance: 0)
    #expect(simulation.rates(nights: 120) == simulation.rates(nights: 120))
    #expect(simulation.rates(nights: 120).nights == 120)
  }

  @Test func theSelfTestTakesTheUsersOwnSpreads() throws {
    let baseline = ComparisonSamples.sides(["a", "b", "c"].map { .init(label: $0) }).baseline
    let test = GateSelfTest(of: baseline, nights: 200)
    #expect(test.holds)
    func words(_ text: String) -> String { text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    #expect(words(test.text).contains("3 configurations with 6 seeds, spreads of the baseline"))
    let noisy = GateSelfTest(nights: 200)
    #expect(words(noisy.text).contains("12 configurations with 6 seeds, spreads typical"))
    #expect(test.cases.allSatisfy { $0.goal == nil || $0.rates.detectionRate == 1 })
  }

  @Test func aSelfTestThatFailsSaysSo() {
    var entry = GateSelfTest.Case(
      name: "x", rates: .init(nights: 5000, falseAlarms: 400, detections: 4999), hasPlanted: true, smallestLoss: nil,
      alarmLimit: 0.055, goal: 1)
    #expect(entry.hasTooManyAlarms && entry.hasTooFewDetections)
    entry.rates.falseAlarms = 280
    entry.rates.detections = 5000
    #expect(!entry.hasTooManyAlarms && !entry.hasTooFewDetections)
  }
}

/// A slow loss, each night's baseline renewed.
@Suite struct AnchorTests {
  @Test func twelveSmallStepsAreSeenSinceTheAnchor() throws {
    let anchor = ComparisonSamples.sides([.init(label: "a"), .init(label: "b")]).baseline
    var baseline = anchor
    var outcomes: [StudyComparison.Outcome] = []
    for night in 1...12 {
      var candidate = anchor
      for index in 0..<2 {
        for seed in 0..<6 {
          let wobble = 0.0001 * Double((seed * 7 + night * 3) % 5 - 2)
          candidate.configurations[index].trials[seed].values[.testAccuracy]! -= 0.0042 * Double(night) + wobble
          candidate.configurations[index].trials[seed].traceDigest = "\(night)-\(index)-\(seed)"
        }
      }
      let alone = StudyComparison(baseline: baseline, candidate: candidate)
      #expect(alone.outcome == .fine && alone.rows.count { $0.verdict == .worseWithinTolerance } == 2)
      let held = StudyComparison(baseline: baseline, candidate: candidate, anchor: night > 1 ? anchor : nil)
      outcomes.append(held.outcome)
      if night == 12 {
        #expect(
          held.headline.hasPrefix("Regression since the anchor: 2 worse. Worst: "), "\(held.headline)"
        )
        #expect(held.text(.md).contains("## Since the anchor") && held.junit.contains("since the anchor: a"))
        let row = try #require(held.anchorRows.first)
        #expect(abs((row.loss ?? 0) - 0.0504) < 0.0005)
      }
      baseline = candidate
    }
    #expect(outcomes[0] == .fine && outcomes.dropFirst().allSatisfy { $0 == .regression })
  }
}

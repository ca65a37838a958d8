import Testing

@testable import Statistics

@Suite struct PowerTests {
  struct WelchCase: Sendable, CustomTestStringConvertible {
    var difference: Double
    var second: Double
    var seeds: Int
    var alpha = 0.05
    var groups = 2

    var testDescription: String { "difference \(difference), deviations 1 and \(second), \(seeds) seeds, α \(alpha)" }
  }

  @Test(arguments: [
    WelchCase(difference: 1.5, second: 1, seeds: 6), WelchCase(difference: 3, second: 2, seeds: 6),
    WelchCase(difference: 3, second: 1, seeds: 4), WelchCase(difference: 5, second: 3, seeds: 6, alpha: 0.05 / 3),
    WelchCase(difference: 2, second: 1.5, seeds: 12, alpha: 0.05 / 10), WelchCase(difference: 0, second: 1, seeds: 8),
    WelchCase(difference: 0.5, second: 1, seeds: 60), WelchCase(difference: 2.5, second: 0.2, seeds: 5),
    WelchCase(difference: 6, second: 5, seeds: 8, alpha: 0.05 / 66, groups: 12),
    WelchCase(difference: 3.5, second: 1, seeds: 6, alpha: 0.05 / 66, groups: 12),
    WelchCase(difference: 2.6, second: 1, seeds: 6, alpha: 0.05 / 10, groups: 5),
  ])
  func powerOfWelchTestIsWhatSimulationFinds(_ row: WelchCase) {
    var generator = TestGenerator(seed: 17)
    var seen = 0
    for _ in 0..<5_000 {
      let first = (0..<row.seeds).map { _ in row.difference + generator.normal() }
      let second = (0..<row.seeds).map { _ in row.second * generator.normal() }
      let others = (2..<max(2, row.groups)).map { _ in (0..<row.seeds).map { _ in generator.normal() } }
      let all = [first, second] + others
      let skewness = MeanComparisons.skewness(all.map { Sample($0, resolution: 0) })
      let test = WelchComparison(
        Sample(first, resolution: 0), Sample(second, resolution: 0), skewness: (skewness[0], skewness[1]))
      if test.p <= row.alpha { seen += 1 }
    }
    let power = Power.welch(
      difference: row.difference, deviations: (1, row.second), seeds: row.seeds, alpha: row.alpha, groups: row.groups)
    #expect(abs(Double(seen) / 5_000 - power) < 0.03, "simulated \(Double(seen) / 5_000), computed \(power)")
  }

  @Test(arguments: [0.2, 0.5, 1, 3, 40], [(1.0, 1.0), (1.0, 0.1), (0.3, 2.0)])
  func seedsOfWelchTestReachThePowerAndOneFewerDoesNot(difference: Double, deviations: (Double, Double)) throws {
    let alpha = 0.05 / 3
    func power(_ seeds: Int) -> Double {
      Power.welch(difference: difference, deviations: deviations, seeds: seeds, alpha: alpha)
    }
    let seeds = try #require(Power.seedsNeeded(difference: difference, deviations: deviations, alpha: alpha))
    #expect(power(seeds) >= 0.8 && (seeds == 4 || power(seeds - 1) < 0.8))
    let smallest = try #require(Power.smallestDifference(deviations: deviations, seeds: seeds, alpha: alpha))
    #expect(smallest <= difference)
    if seeds > 4 {
      let fewer = try #require(Power.smallestDifference(deviations: deviations, seeds: seeds - 1, alpha: alpha))
      #expect(fewer > difference)
    }
  }

  @Test func endsOfWelchPower() {
    #expect(Power.seedsNeeded(difference: 0, deviations: (1, 1)) == nil)
    #expect(Power.seedsNeeded(difference: 1e-3, deviations: (1, 1)) == nil)
    #expect(Power.seedsNeeded(difference: 1, deviations: (0, 0)) == 4)
    // One side without spread has one degree of freedom with two seeds, and the test gives that one up.
    #expect(Power.welch(difference: 1e9, deviations: (1, 0), seeds: 2) == 0)
    // Fewer than four are not compared at all.
    #expect(Power.smallestDifference(deviations: (1, 1), seeds: 3) == nil)
    // Of many seeds the degrees of freedom are known: 64 a side for d = 0.5, as the textbooks have it.
    #expect([64, 65].contains(Power.seedsNeeded(difference: 0.5, deviations: (1, 1))))
    #expect(Power.smallestDifference(deviations: (1, 1), seeds: 1) == nil)
    #expect(Power.smallestDifference(deviations: (0, 0), seeds: 5) == 0)
    #expect(
      Power.seedsNeeded(difference: -2, deviations: (1, 1)) == Power.seedsNeeded(difference: 2, deviations: (1, 1)))
    // No jump where the shift is cut short, at 30: here from 29.7 to 30.5.
    let around = [42.0, 42.4, 42.5, 42.8, 43.1].map {
      Power.welch(difference: $0, deviations: (1, 1), seeds: 2, alpha: 1e-3)
    }
    #expect(zip(around, around.dropFirst()).allSatisfy { $1 > $0 - 1e-4 && $1 - $0 < 0.01 }, "\(around)")
  }
}

import Foundation
import Testing

@testable import Statistics

/// What the tables promise, measured: studies without any difference, with one, and beside troublesome neighbours.
///
/// `make simulate` runs 5,000 studies of each kind and prints the rates; the tests run fewer and allow for their noise.
@Suite struct SimulationTests {
  static let studies = ProcessInfo.processInfo.environment["BENCH_SIMULATIONS"].flatMap { Int($0) } ?? 300

  enum Nuisance: String, CaseIterable, Sendable {
    case independent, unequalSpreads, sharedSeeds, ties, stuck, skewed

    /// Scores of `k` equal configurations with `n` seeds: points, around 97.
    func scores(_ k: Int, _ n: Int, using generator: inout SeededGenerator) -> [[Double]] {
      let common = (0..<n).map { _ in generator.nextNormal() }
      return (0..<k).map { row in
        (0..<n).map { seed in
          let z = generator.nextNormal()
          switch self {
          case .independent: return 97 + 0.15 * z
          // Standard deviations from 1 to 10, evenly on a logarithmic scale.
          case .unequalSpreads: return 97 + 0.15 * pow(10, Double(row) / Double(max(1, k - 1))) * z
          case .sharedSeeds: return 97 + 0.15 * (0.8.squareRoot() * common[seed] + 0.2.squareRoot() * z)
          // A test set of 1,000.
          case .ties: return ((97 + 0.15 * z) * 10).rounded() / 10
          case .stuck: return Double.random(in: 0..<1, using: &generator) < 0.15 ? 10 : 97 + 0.15 * z
          // Half of them exponential to the left and five times as wide.
          case .skewed:
            return row < (k + 1) / 2
              ? 97 + 0.75 * (1 + log(Double.random(in: 0x1p-53..<1, using: &generator))) : 97 + 0.15 * z
          }
        }
      }
    }

    var resolution: Double { self == .ties ? 0.1 : 0.01 }
    var limit: Double { self == .skewed ? 0.09 : 0.055 }
  }

  /// The share of `studies` for which `happens`, and whether chance explains that it is above `limit`.
  private func rate(_ name: String, seed: UInt64, _ happens: (inout SeededGenerator) -> Bool) -> (Double, count: Int) {
    var count = 0
    for study in 0..<Self.studies {
      var generator = SeededGenerator(seed: seed &* 0x9E37_79B9 ^ UInt64(study) &* 0xD134_2543_DE82_EF95 &+ 1)
      if happens(&generator) { count += 1 }
    }
    let share = Double(count) / Double(Self.studies)
    if Self.studies >= 5000 { print("simulated: \(name): \(String(format: "%.2f", 100 * share)) %") }
    return (share, count)
  }

  private func expectAtMost(_ limit: Double, _ found: (Double, count: Int), _ name: String) {
    let isChance = Binomial.upperTail(found.count, of: Self.studies, probability: limit) > 1e-4
    #expect(found.0 <= limit || (Self.studies < 5000 && isChance), "\(name): \(found.0), at most \(limit)")
  }

  private func expectAtLeast(_ limit: Double, _ found: (Double, count: Int), _ name: String) {
    let missed = Self.studies - found.count
    let isChance = Binomial.upperTail(missed, of: Self.studies, probability: 1 - limit) > 1e-4
    #expect(found.0 >= limit || (Self.studies < 5000 && isChance), "\(name): \(found.0), at least \(limit)")
  }

  @Test(arguments: Nuisance.allCases, [3, 5, 12])
  func equalConfigurationsAreSeldomToldApart(nuisance: Nuisance, k: Int) {
    for n in [4, 6, 8, 12] {
      let name = "false claim, \(nuisance.rawValue), \(k) configurations, \(n) seeds"
      let found = rate(name, seed: UInt64(k * 100 + n)) { generator in
        let comparisons = MeanComparisons(
          nuisance.scores(k, n, using: &generator), resolution: nuisance.resolution, everyPair: k <= 6)
        return (comparisons.versusLeader + comparisons.pairs).contains { $0.correctedP <= 0.05 }
      }
      expectAtMost(nuisance.limit, found, name)
    }
  }

  /// Groups of equal configurations at some distance: a claim within a group is false.
  @Test(arguments: [[2, 2], [2, 3], [3, 3], [2, 4], [2, 2, 2], [1, 4]], [0.5, 1, 2, 6.0])
  func partsOfEqualOnesAreSeldomToldApart(sizes: [Int], gap: Double) {
    let name = "false claim, groups of \(sizes) at \(gap) standard deviations, 6 seeds"
    let group = sizes.enumerated().flatMap { index, size in [Int](repeating: index, count: size) }
    let found = rate(name, seed: UInt64(10 * gap)) { generator in
      let scores = group.map { index in (0..<6).map { _ in gap * Double(index) + generator.nextNormal() } }
      let comparisons = MeanComparisons(scores, everyPair: true)
      return comparisons.pairs.contains { pair in
        guard pair.correctedP <= 0.05 else { return false }
        let (a, b) = (group[pair.first], group[pair.second])
        return a == b || (a > b) != (pair.difference > 0)
      }
    }
    expectAtMost(0.055, found, name)
  }

  @Test(arguments: [(6, 0.45), (8, 0.78), (12, 0.96)])
  func theBestOfFiveIsFound(n: Int, power: Double) {
    var seen = 0
    let name = "seen, one of five better by two standard deviations, \(n) seeds"
    // Of the four true differences, one picked at random for each study.
    let found = rate(name, seed: UInt64(n)) { generator in
      let scores = (0..<5).map { row in (0..<n).map { _ in (row == 0 ? 2 : 0) + generator.nextNormal() } }
      let comparisons = MeanComparisons(scores, everyPair: true)
      let picked = 1 + Int(generator.next() % 4)
      let isSeen = comparisons.pairs.contains {
        $0.first == 0 && $0.second == picked && $0.correctedP <= 0.05 && $0.difference > 0
      }
      if isSeen { seen += 1 }
      return isSeen
    }
    expectAtLeast(power, found, name)
  }

  @Test(arguments: [3, 5]) func aStuckNeighbourHidesNothing(k: Int) {
    let name = "seen, twenty standard deviations beside a configuration stuck half of the time, \(k) configurations"
    let found = rate(name, seed: UInt64(k)) { generator in
      var scores = (0..<k).map { row in (0..<6).map { _ in (row == 0 ? 97 : 93) + 0.2 * generator.nextNormal() } }
      for seed in 0..<6 where Double.random(in: 0..<1, using: &generator) < 0.5 { scores[k - 1][seed] = 10 }
      let comparisons = MeanComparisons(scores, resolution: 0.01, everyPair: true)
      return (1..<(k - 1)).allSatisfy { other in
        comparisons.pairs.contains { $0.first == 0 && $0.second == other && $0.correctedP <= 0.05 }
      }
    }
    expectAtLeast(0.95, found, name)
  }

  @Test(arguments: Nuisance.allCases.filter { $0 != .skewed }, [3, 5, 12])
  func allShownIntervalsHoldAtOnce(nuisance: Nuisance, k: Int) {
    let name = "all intervals hold, \(nuisance.rawValue), \(k) equal configurations, 6 seeds"
    let found = rate(name, seed: UInt64(k)) { generator in
      let comparisons = MeanComparisons(
        nuisance.scores(k, 6, using: &generator), resolution: nuisance.resolution, everyPair: k <= 6)
      return (comparisons.versusLeader + comparisons.pairs).allSatisfy { $0.interval.contains(0) }
    }
    expectAtLeast(0.94, found, name)
  }
}

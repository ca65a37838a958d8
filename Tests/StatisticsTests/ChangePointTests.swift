import Foundation
import Testing

@testable import Statistics

@Suite struct ChangePointTests {
  /// Series in each simulation: `BENCH_SIMULATIONS=5000 swift test --filter ChangePointTests` for the whole of it.
  static let simulations = ProcessInfo.processInfo.environment["BENCH_SIMULATIONS"].flatMap { Int($0) } ?? 400

  /// Shuffles in each: the level is the same with fewer, and all take their time.
  static let permutations = simulations > 1000 ? nil : 999

  /// What nights are scattered by.
  enum Noise: String, CaseIterable, Sendable {
    case normal, heavyTails, cauchy, ties, rareLosses

    func value(_ generator: inout TestGenerator) -> Double {
      let value = generator.normal()
      switch self {
      case .normal: return value
      // Student's t with two degrees of freedom: its variance is infinite.
      case .heavyTails:
        let squares = [generator.normal(), generator.normal()].reduce(0) { $0 + $1 * $1 }
        return value / (squares / 2).squareRoot()
      case .cauchy: return value / generator.normal()
      case .ties: return value.rounded()
      case .rareLosses: return value > 1.3 ? -1 : 0
      }
    }

    func series(_ nights: Int, seed: Int) -> [Double] {
      var generator = TestGenerator(seed: seed &* 7919 &+ nights)
      return (0..<nights).map { _ in value(&generator) }
    }
  }

  @Test(arguments: [10, 30, 100], Noise.allCases)
  func withoutAChangeOneIsFoundInATwentiethOfSeriesAtMost(nights: Int, noise: Noise) {
    let series = Self.simulations
    let found = (0..<series).count {
      !ChangePoints(noise.series(nights, seed: $0), permutations: Self.permutations).changes.isEmpty
    }
    // A twentieth, and half a point or three standard errors of so few.
    let share = Double(found) / Double(series)
    #expect(share <= 0.05 + max(0.005, 3 * (0.05 * 0.95 / Double(series)).squareRoot()), "\(found) of \(series)")
    if Self.simulations > 1000 {
      print("simulated: change found in \(nights) nights, \(noise.rawValue): \(found) of \(series)")
    }
  }

  @Test func aStepOfThreeStandardDeviationsIsFoundWithinANight() {
    var found = 0
    var more = 0
    for seed in 0..<Self.simulations {
      let series = Noise.normal.series(30, seed: seed).enumerated().map { $1 - ($0 >= 15 ? 3 : 0) }
      let changes = ChangePoints(series, permutations: Self.permutations).changes
      if changes.contains(where: { abs($0.index - 15) <= 1 }) { found += 1 }
      if changes.count > 1 { more += 1 }
    }
    #expect(found * 100 >= Self.simulations * 95, "\(found) of \(Self.simulations)")
    #expect(Double(more) <= 0.08 * Double(Self.simulations), "\(more) of \(Self.simulations) have a second change")
    if Self.simulations > 1000 {
      print("simulated: a step of 3 sd found: \(found) of \(Self.simulations), more than one: \(more)")
    }
  }

  @Test func aLossThatWasMendedIsTwoChanges() {
    let series = (0..<40).map { night in
      (14..<24).contains(night) ? -4.0 : 0
    }
    let noisy = zip(series, Noise.normal.series(40, seed: 3)).map { $0 + 0.5 * $1 }
    for values in [series, noisy] {
      let found = ChangePoints(values)
      #expect(found.changes.map(\.index) == [14, 24])
      #expect(found.levels.map(\.indices) == [0...13, 14...23, 24...39])
    }
  }

  @Test func equalNightsBeforeAndAfterAJump() throws {
    let change = try #require(ChangePoints([0.1, 0.1, 0.1, 0.1, 0.3, 0.3, 0.3, 0.3]).changes.first)
    #expect((change.index, change.lastBefore, change.before, change.after) == (4, 3, 0.1, 0.3))
    #expect(change.p <= 0.05)
    // Of 15 orders of 2 and 4, or 20 of 3 and 3, two part them: too many to exclude chance.
    #expect(ChangePoints([1, 1, 1, 2, 2, 2]).changes.isEmpty)
    #expect(ChangePoints([1, 1, 1, 1, 1, 1, 1, 1, 2, 2]).changes.map(\.index) == [8])
  }

  @Test(arguments: [
    [], [1], [1, 9], [1, 1, 1, 9, 9], [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], Array(repeating: .nan, count: 9),
    [1, 1, 1, .nan, 9, 9, .infinity], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9],
  ])
  func fewValuesEqualOnesAndASingleOneOffHaveNoChange(values: [Double]) {
    let found = ChangePoints(values)
    #expect(found.changes.isEmpty)
    #expect(found.levels.count == (values.contains(where: \.isFinite) ? 1 : 0))
  }

  @Test func missingNightsKeepTheOthersPlaces() throws {
    let values = [.nan, 1, 1, .nan, 1, 1, 1, .infinity, .nan, 2, 2, 2, 2, 2, .nan]
    let found = ChangePoints(values)
    #expect(found.changes.map { [$0.lastBefore, $0.index] } == [[6, 9]])
    #expect(found.levels == [.init(indices: 1...6, mean: 1), .init(indices: 9...13, mean: 2)])
  }

  @Test(arguments: [1e-300, 1e-9, 1, 1e9, 1e300]) func unitsDoNotMatter(unit: Double) {
    let values = Noise.normal.series(30, seed: 8).enumerated().map { $1 - ($0 >= 20 ? 3 : 0) }
    let scaled = ChangePoints(values.map { $0 * unit })
    #expect(scaled.changes.map(\.index) == ChangePoints(values).changes.map(\.index))
    #expect(scaled.changes.map(\.p) == ChangePoints(values).changes.map(\.p) && !scaled.changes.isEmpty)
  }

  @Test func theSameSeriesGivesTheSameChanges() {
    let values = Noise.normal.series(60, seed: 5).enumerated().map { $1 + Double($0 / 20) * 1.5 }
    #expect(ChangePoints(values) == ChangePoints(values))
  }
}

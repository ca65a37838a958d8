import Statistics
import Testing

@Suite struct PowerTests {
  @Test func fewestPairsOfTheSignFlipTest() {
    #expect(Power.pairsToReach(alpha: 0.05) == 6)
    #expect(Power.pairsToReach(alpha: 0.05, alternative: .greater) == 5)
    #expect(Power.pairsToReach(alpha: 0.01) == 8)
  }

  @Test func noDifferenceIsSeenAsOftenAsAlpha() {
    for pairs in [2, 6, 30] {
      let power = Power.paired(difference: 0, standardDeviation: 1, pairs: pairs, alpha: 0.05)
      #expect(abs(power - 0.05) < 1e-9, "\(pairs) pairs: \(power)")
    }
  }

  @Test func powerIsWhatSimulationFinds() {
    var generator = TestGenerator(seed: 11)
    var seen = 0
    for _ in 0..<4000 {
      let differences = (0..<8).map { _ in 1 + generator.normal() }
      if let interval = Interval.studentT(differences), !interval.contains(0) { seen += 1 }
    }
    let power = Power.paired(difference: 1, standardDeviation: 1, pairs: 8)
    #expect(abs(Double(seen) / 4000 - power) < 0.03, "simulated \(seen) of 4000, computed \(power)")
  }

  @Test func seedsNeededReachThePowerAndOneFewerDoesNot() throws {
    for wanted in [0.3, 0.5, 0.8] {
      let seeds = try #require(Power.seedsNeeded(difference: wanted, standardDeviation: 1))
      #expect(Power.paired(difference: wanted, standardDeviation: 1, pairs: seeds) >= 0.8)
      #expect(Power.paired(difference: wanted, standardDeviation: 1, pairs: seeds - 1) < 0.8)
    }
    // Textbook value: d = 0.5, α = 0.05, power 0.8 needs 34 pairs.
    #expect(Power.seedsNeeded(difference: 0.5, standardDeviation: 1) == 34)
  }

  @Test func largeDifferencesNeedWhatTheTestNeeds() {
    #expect(Power.seedsNeeded(difference: 100, standardDeviation: 1) == 6)
    #expect(Power.seedsNeeded(difference: 1, standardDeviation: 0) == 6)
    #expect(Power.seedsNeeded(difference: 0, standardDeviation: 1) == nil)
    #expect(Power.seedsNeeded(difference: 1e-9, standardDeviation: 1) == nil)
  }
}

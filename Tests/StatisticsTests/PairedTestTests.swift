import Statistics
import Testing

@Suite struct PairedTestTests {
  @Test func signFlipTestAgreesWithSciPy() throws {
    for row in try SciPyReference.load().signFlip {
      let tail = try #require(Alternative(rawValue: row.tail))
      let result = SignFlipTest.test(row.values, alternative: tail)
      expectClose(result.p, row.p, within: 1e-12, "\(row)")
      #expect(result.isExact)
    }
  }

  @Test func maxTAgreesWithItsDefinitionWrittenOutInNumPy() throws {
    for row in try SciPyReference.load().maxT {
      let result = MaxT.test(row.rows, statistic: row.studentized ? .studentized : .mean)
      #expect(result.isExact)
      for (found, wanted) in zip(result.p, row.p) { expectClose(found, wanted, within: 1e-12, "\(row)") }
      #expect(result.p.count == row.p.count)
    }
  }

  @Test func smallestPIsReachedByDifferencesOfOneSign() {
    for pairs in 1...12 {
      let differences = (1...pairs).map { Double($0) }
      #expect(SignFlipTest.test(differences).p == SignFlipTest.smallestP(pairs: pairs))
      #expect(
        SignFlipTest.test(differences, alternative: .greater).p
          == SignFlipTest.smallestP(pairs: pairs, alternative: .greater))
    }
    #expect(SignFlipTest.smallestP(pairs: 6) == 0.03125)
  }

  @Test func sampledPComesNearTheExactOne() {
    var generator = TestGenerator(seed: 5)
    let differences = (0..<24).map { _ in 0.4 + generator.normal() }
    let sampled = SignFlipTest.test(differences)
    #expect(!sampled.isExact)
    // The normal limit of the permutation distribution.
    let sum = differences.reduce(0, +)
    let z = sum / differences.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(sampled.p - 2 * Normal.cumulative(-abs(z))) < 0.01, "\(sampled.p), z \(z)")
    #expect(SignFlipTest.test(differences, seed: 9) == SignFlipTest.test(differences, seed: 9))
  }

  @Test func equalSamplesCannotBeToldApart() {
    #expect(SignFlipTest.test([0, 0, 0, 0, 0, 0]).p == 1)
    #expect(MaxT.test([[0, 0, 0], [0, 0, 0]]).p == [1, 1])
    #expect(BestTest.test([[1, 1, 1], [1, 1, 1]]).p == [1, 1])
  }

  @Test func missingPairsAndNaN() {
    #expect(SignFlipTest.test([]).p.isNaN)
    #expect(SignFlipTest.test([1, .nan]).p.isNaN)
    let result = MaxT.test([[1, 2, .nan, 3, 2, 1], [.nan, .nan, .nan, .nan, .nan, .nan]])
    #expect(result.p[0] == 0.0625)
    #expect(result.p[1].isNaN)
    #expect(BestTest.test([]).p.isEmpty)
  }

  @Test func oneComparisonNeedsNoCorrection() {
    for seed in 0..<20 {
      var generator = TestGenerator(seed: seed)
      let differences = (0..<8).map { _ in 0.5 + generator.normal() }
      let alone = SignFlipTest.test(differences)
      #expect(MaxT.test([differences]).p == [alone.p], "seed \(seed)")
      let best = BestTest.test([differences, differences.map { _ in 0 }]).p
      #expect(best.max() == 1 && best.min() == alone.p, "seed \(seed)")
      for tail in [Alternative.less, .greater] {
        #expect(
          MaxT.test([differences], alternative: tail).p == [SignFlipTest.test(differences, alternative: tail).p],
          "seed \(seed)")
      }
    }
  }

  @Test func correctionNeverMakesPSmaller() {
    for seed in 0..<20 {
      var generator = TestGenerator(seed: seed)
      let rows = (0..<5).map { row in (0..<7).map { _ in Double(row) * 0.2 + generator.normal() } }
      for statistic in MaxT.Statistic.allCases {
        let corrected = MaxT.test(rows, statistic: statistic).p
        for (row, p) in zip(rows, corrected) { #expect(p >= SignFlipTest.test(row).p - 1e-12, "seed \(seed)") }
      }
    }
  }

  @Test func signsAreFlippedForTheWholeSeed() {
    // Two comparisons that always agree are no more than one; Holm would double p.
    let differences = [0.5, 0.4, 0.6, 0.5, 0.3, 0.7]
    #expect(MaxT.test([differences, differences]).p == [0.03125, 0.03125])
    #expect(Holm.corrected([0.03125, 0.03125]) == [0.0625, 0.0625])
  }

  @Test func bestTestRaisesFewFalseAlarmsAlthoughTheBestIsPicked() {
    var alarms = 0
    for night in 0..<1000 {
      var generator = TestGenerator(seed: night)
      let values = (0..<10).map { _ in (0..<6).map { _ in generator.normal() } }
      if BestTest.test(values).p.contains(where: { $0 <= 0.05 }) { alarms += 1 }
    }
    // At most 5 %, plus four standard deviations of the count.
    #expect(alarms <= 78, "\(alarms) of 1000")
  }

  @Test func bestTestSeesAPlantedLossAmongMany() {
    var seen = 0
    for night in 0..<200 {
      var generator = TestGenerator(seed: night)
      let values = (0..<12).map { row in
        (0..<6).map { _ in 97 + 0.15 * generator.normal() - (row == 4 ? 1 : 0) }
      }
      let p = BestTest.test(values).p
      if p[4] <= 0.05 { seen += 1 }
    }
    #expect(seen >= 190, "\(seen) of 200")
  }

  @Test func bestTestKnowsWhichSideIsBetter() {
    let values = [[1.0, 1.1, 1.2, 1.0, 1.1, 1.2], [5.0, 5.1, 5.2, 5.0, 5.1, 5.2]]
    #expect(BestTest.test(values, higherIsBetter: true).p == [0.03125, 1])
    #expect(BestTest.test(values, higherIsBetter: false).p == [1, 0.03125])
  }
}

import Statistics
import Testing

@Suite struct UnpairedTestTests {
  @Test func welchTestAgreesWithSciPy() throws {
    let reference = try SciPyReference.load()
    for row in reference.welch {
      let tail = try #require(Alternative(rawValue: row.tail))
      let (first, second) = (try reference.sample(row.first), try reference.sample(row.second))
      let result = WelchTest.test(first, second, alternative: tail)
      expectClose(result.statistic, row.t, "\(row)")
      expectClose(try #require(result.degreesOfFreedom), row.df, "\(row)")
      expectClose(result.p, row.p, "\(row)")
      let interval = try #require(WelchTest.interval(first, second))
      expectClose(interval.lower, row.interval[0], "\(row)")
      expectClose(interval.upper, row.interval[1], "\(row)")
    }
  }

  @Test func mannWhitneyTestAgreesWithSciPyTiesIncluded() throws {
    let reference = try SciPyReference.load()
    for row in reference.mannWhitney {
      let tail = try #require(Alternative(rawValue: row.tail))
      let result = MannWhitneyTest.test(
        try reference.sample(row.first), try reference.sample(row.second), alternative: tail)
      expectClose(result.statistic, row.u, "\(row)")
      expectClose(result.p, row.p, "\(row)")
      #expect(result.isExact == (row.first != "long"))
    }
  }

  @Test func smallestPOfMannWhitneyIsReachedByApartSamples() {
    for n in 1...8 {
      let p = MannWhitneyTest.test((0..<n).map { Double($0) }, (0..<n).map { Double($0 + 100) }).p
      expectClose(p, MannWhitneyTest.smallestP(first: n, second: n), "n = \(n)")
    }
    #expect(MannWhitneyTest.smallestP(first: 4, second: 4) < 0.05)
    #expect(MannWhitneyTest.smallestP(first: 3, second: 3) > 0.05)
  }

  @Test func samplesWithoutSpread() {
    #expect(WelchTest.test([1, 1], [1, 1]).p == 1)
    #expect(WelchTest.test([2, 2], [1, 1]).p == 0)
    #expect(MannWhitneyTest.test([1, 1, 1], [1, 1, 1]).p == 1)
    let many = [Double](repeating: 1, count: 50)
    #expect(MannWhitneyTest.test(many, many).p == 1)
    #expect(EffectSize.hedgesG([1, 1], [2, 2]) == nil)
  }

  @Test func tooFewValuesAndNaN() {
    #expect(WelchTest.test([1], [2, 3]).p.isNaN)
    #expect(WelchTest.interval([1], [2, 3]) == nil)
    #expect(WelchTest.test([1, .nan], [2, 3]).p.isNaN)
    #expect(MannWhitneyTest.test([], [1]).p.isNaN)
    #expect(MannWhitneyTest.test([.nan], [1]).p.isNaN)
    #expect(EffectSize.cliffsDelta([], [1]) == nil)
    #expect(EffectSize.cliffsDelta([.nan], [1]) == nil)
  }

  @Test func holmStepsDownAndStaysMonotone() {
    #expect(Holm.corrected([0.01, 0.04, 0.03, .nan]).prefix(3) == [0.03, 0.06, 0.06])
    #expect(Holm.corrected([0.01, .nan])[0] == 0.01)
    #expect(Holm.corrected([0.6, 0.9]) == [1, 1])
  }

  @Test func effectSizesOfKnownSamples() throws {
    // f = 4, pooled sd 1, J(4) = Γ(2) / (√2 · Γ(1.5)) = √(2/π).
    let g = try #require(EffectSize.hedgesG([3, 4, 5], [1, 2, 3]))
    expectClose(g, 2 * (2 / Double.pi).squareRoot(), within: 1e-12)
    #expect(EffectSize.cliffsDelta([3, 4], [1, 2]) == 1)
    #expect(EffectSize.cliffsDelta([1, 2], [1, 2]) == 0)
    #expect(EffectSize.cliffsDelta([1, 1], [1, 2]) == -0.5)
  }
}

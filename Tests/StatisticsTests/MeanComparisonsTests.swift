import Testing

@testable import Statistics

@Suite struct MeanComparisonsTests {
  @Test func agreesWithSciPy() throws {
    let reference = try SciPyReference.load()
    #expect(reference.comparisons.count == 4)
    for wanted in reference.comparisons {
      let found = MeanComparisons(try wanted.groups.map(reference.sample), everyPair: true)
      #expect(found.leader == wanted.best)
      #expect(found.pairs.count == wanted.pairs.count)
      for (pair, row) in zip(found.pairs, wanted.pairs) {
        let place = "\(wanted.groups) \(row.first)-\(row.second)"
        #expect((pair.first, pair.second) == (row.first, row.second), "\(place)")
        expectClose(pair.p, row.p, within: 1e-8, "p of \(place)")
        expectClose(pair.correctedP, row.corrected, within: 1e-8, "corrected p of \(place)")
        expectClose(pair.interval.lower, row.bounds[0], within: 1e-8, "lower bound of \(place)")
        expectClose(pair.interval.upper, row.bounds[1], within: 1e-8, "upper bound of \(place)")
      }
    }
  }

  @Test func theBestOnesPairsAreTheSameInBothLists() throws {
    let reference = try SciPyReference.load()
    let groups = try ["c", "a", "skewed", "b", "noisy"].map(reference.sample)
    let found = MeanComparisons(groups, everyPair: true)
    let leader = try #require(found.leader)
    #expect(found.versusLeader.count == 4)
    for pair in found.versusLeader {
      #expect(pair.second == leader)
      #expect(found.pairs.contains(pair) || found.pairs.contains(pair.reversed))
    }
  }

  @Test func lossesAreBestWhenLow() {
    let groups = [[3.0, 3.1, 2.9, 3.05], [1.0, 1.1, 0.9, 1.05], [2.0, 2.1, 1.9, 2.05]]
    let found = MeanComparisons(groups, higherIsBetter: false)
    #expect(found.leader == 1)
    #expect(found.versusLeader.allSatisfy { $0.difference > 0 && $0.correctedP < 0.01 && $0.interval.lower > 0 })
    #expect(found.pairs.isEmpty)
  }

  @Test func groupsWithTooFewValuesAreLeftOut() {
    let found = MeanComparisons([[0.9, 0.91, 0.92], [0.8, 0.81, 0.82, 0.83], [0.7, 0.71, 0.72, 0.73]])
    #expect(found.compared == [1, 2] && found.leader == 1)
    #expect(MeanComparisons([[0.9, 0.91, 0.92, 0.93], [0.1, 0.2]]).leader == nil)
    #expect(MeanComparisons([]).versusLeader.isEmpty)
    #expect(MeanComparisons([[1, 2, 3, .nan], [1, 2, 3, 4], [2, 3, 4, 5]]).compared == [1, 2])
  }

  @Test func equalValuesDecideNothingBelowTheResolution() throws {
    let groups = [[0.97, 0.97, 0.97, 0.97], [0.9699, 0.9699, 0.9699, 0.9699]]
    let found = MeanComparisons(groups, resolution: 0.0001)
    #expect(try #require(found.versusLeader.first).correctedP > 0.05)
    #expect(MeanComparisons([groups[0], groups[0]]).versusLeader.allSatisfy { $0.correctedP == 1 })
  }

  /// Bounds and p are one statement: the uncorrected bounds leave out 0 where p is below their level, and only there.
  @Test(arguments: 0..<200) func boundsLeaveOutZeroWherePIsSmall(seed: Int) {
    var generator = TestGenerator(seed: seed)
    let samples = (0..<2).map { group in
      Sample((0..<(4 + seed % 5)).map { _ in generator.normal() + Double(group) * 1.2 }, resolution: 0)
    }
    let test = WelchComparison(samples[0], samples[1], skewness: (generator.normal(), generator.normal()))
    for level in [0.9, 1.1].map({ min(1, $0 * test.p) }) where level > 0 && level < 1 {
      let bounds = test.bounds(alpha: level)
      #expect((bounds.lower > 0 || bounds.upper < 0) == (test.p < level), "p \(test.p), level \(level): \(bounds)")
    }
  }
}

@Suite struct ImprovementTests {
  @Test func agreesWithSciPysU() throws {
    let reference = try SciPyReference.load()
    for row in reference.improvement {
      let found = try #require(Improvement(try reference.sample(row.first), over: try reference.sample(row.second)))
      expectClose(found.probability, row.probability, "\(row)")
      #expect(found.interval.contains(row.probability))
    }
  }

  @Test func lossesImproveDownwards() throws {
    let found = try #require(Improvement([1, 2, 3], over: [4, 5, 6], higherIsBetter: false))
    #expect(found.probability == 1 && found.interval.upper == 1)
    #expect(Improvement([1], over: [1, 2]) == nil)
  }

  /// Newcombe's interval, solved by SciPy's brentq on the equation as published.
  @Test func intervalStaysOpenWhereAllRunsWin() throws {
    let apart = try #require(Improvement([7, 8, 9, 10, 11, 12], over: [1, 2, 3, 4, 5, 6]))
    #expect(apart.interval.upper == 1)
    expectClose(apart.interval.lower, 0.6892305747304059, within: 1e-9)
    let reference = try SciPyReference.load()
    let row = try #require(reference.improvement.first)
    let found = try #require(Improvement(try reference.sample(row.first), over: try reference.sample(row.second)))
    expectClose(found.interval.lower, row.interval[0], within: 1e-8)
    expectClose(found.interval.upper, row.interval[1], within: 1e-8)
  }

  /// With a probability of 0.92 and six runs each; a percentile bootstrap covers in 72 of 100.
  @Test(arguments: [(6, 2.0), (12, 2.0), (6, 0.0), (6, 1.0)])
  func coversAboutAsOftenAsItSays(n: Int, difference: Double) throws {
    var generator = SeededGenerator(seed: UInt64(n))
    let truth = Normal.cumulative(difference / 2.0.squareRoot())
    let covered = (0..<2000).count { _ in
      let first = (0..<n).map { _ in difference + generator.nextNormal() }
      let second = (0..<n).map { _ in generator.nextNormal() }
      return Improvement(first, over: second)?.interval.contains(truth) == true
    }
    #expect(Double(covered) / 2000 > 0.925, "\(covered) of 2000")
  }

  @Test func correlationAgreesWithSciPy() throws {
    let reference = try SciPyReference.load()
    for row in reference.correlation {
      let found = try #require(correlation(try reference.sample(row.first), try reference.sample(row.second)))
      expectClose(found, row.r, "\(row)")
    }
    #expect(correlation([1, 2], [1, 2]) == nil)
    #expect(correlation([1, 1, 1], [1, 2, 3]) == nil)
  }
}

@Suite struct CrossedMeansTests {
  /// Runs and images drawn anew: the interval holds the difference that all runs on all images would show.
  @Test func coversOverSeedsAndImages() throws {
    var generator = SeededGenerator(seed: 5)
    let (runs, images, studies) = (6, 400, 400)
    var covered = 0
    for _ in 0..<studies {
      // An image's difficulty is shared by both groups; each run has a level of its own.
      let difficulty = (0..<images).map { _ in 1.5 + 1.2 * generator.nextNormal() }
      let groups = (0..<2).map { _ in
        (0..<runs).map { _ -> [Double] in
          let level = 0.15 * generator.nextNormal()
          return difficulty.map { $0 + level + generator.nextNormal() > 0 ? 1 : 0 }
        }
      }
      let means = groups.map { $0.map { mean($0) } }
      let shares = groups.map { rows in (0..<images).map { image in mean(rows.map { $0[image] }) } }
      let examples = try #require(CrossedMeans.exampleError(shares[0], minus: shares[1]))
      let comparisons = MeanComparisons(means)
      let runs = try #require(comparisons.versusLeader.first)
      let interval = CrossedMeans.interval(
        runs.difference, runs: runs.singleStepInterval, exampleError: examples)
      if interval.contains(0) { covered += 1 }
    }
    // At least 95 % less three standard deviations; the rest is counted twice, so it may cover more.
    #expect(Double(covered) / Double(studies) > 0.917, "\(covered) of \(studies)")
  }

  @Test func isTheRunsIntervalWithoutImagesAndNeverNarrower() throws {
    let runs = Interval(lower: 0.9, upper: 0.97, confidence: 0.95)
    let same = CrossedMeans.interval(0.95, runs: runs, exampleError: 0)
    #expect(abs(same.lower - 0.9) < 1e-12 && abs(same.upper - 0.97) < 1e-12)
    // 1.96 standard errors of 0.01, in quadrature with 0.05 and 0.02.
    let both = CrossedMeans.interval(0.95, runs: runs, exampleError: 0.01)
    expectClose(both.lower, 0.95 - (0.05 * 0.05 + 0.019599639845 * 0.019599639845).squareRoot(), within: 1e-9)
    expectClose(both.upper, 0.95 + (0.02 * 0.02 + 0.019599639845 * 0.019599639845).squareRoot(), within: 1e-9)
    #expect(CrossedMeans.exampleError([1]) == nil)
  }
}

import Statistics
import Testing

@Suite struct IntervalTests {
  @Test func studentIntervalAgreesWithSciPy() throws {
    let reference = try SciPyReference.load()
    for (name, values) in reference.samples {
      let interval = try #require(Interval.studentT(values))
      let wanted = try #require(reference.summaries[name]).t
      expectClose(interval.lower, wanted[0], "lower of \(name)")
      expectClose(interval.upper, wanted[1], "upper of \(name)")
    }
  }

  @Test func bootstrapIntervalAgreesWithSciPyWithinItsNoise() throws {
    let reference = try SciPyReference.load()
    for (name, values) in reference.samples {
      let interval = try #require(Interval.bootstrap(values, resamples: 100_000))
      let wanted = try #require(reference.summaries[name]).bca
      let width = wanted[1] - wanted[0]
      #expect(abs(interval.lower - wanted[0]) < 0.03 * width, "\(name): \(interval), SciPy has \(wanted)")
      #expect(abs(interval.upper - wanted[1]) < 0.03 * width, "\(name): \(interval), SciPy has \(wanted)")
    }
  }

  @Test func bootstrapDependsOnItsSeedAlone() throws {
    let values = try SciPyReference.load().sample("a")
    #expect(Interval.bootstrap(values, seed: 3) == Interval.bootstrap(values, seed: 3))
    #expect(Interval.bootstrap(values, seed: 3) != Interval.bootstrap(values, seed: 4))
  }

  @Test func needsTwoValues() {
    #expect(Interval.studentT([0.9]) == nil)
    #expect(Interval.bootstrap([0.9]) == nil)
    #expect(Interval.studentT([]) == nil)
  }

  @Test func hasNoWidthForEqualValues() throws {
    for interval in [Interval.studentT([0.3, 0.3, 0.3]), Interval.bootstrap([0.3, 0.3, 0.3])] {
      let found = try #require(interval)
      #expect(found.lower == 0.3 && found.upper == 0.3)
    }
  }

  @Test func isNaNWhereAValueIs() throws {
    #expect(try #require(Interval.studentT([1, .nan])).lower.isNaN)
    #expect(try #require(Interval.bootstrap([1, .nan])).upper.isNaN)
  }

  @Test func coversAsOftenAsItSays() throws {
    var generator = TestGenerator(seed: 1)
    var covered = 0
    for _ in 0..<4000 {
      let values = (0..<6).map { _ in 5 + 2 * generator.normal() }
      if try #require(Interval.studentT(values, confidence: 0.9)).contains(5) { covered += 1 }
    }
    // 3600 ± four standard deviations of a binomial count.
    #expect((3524...3676).contains(covered), "\(covered) of 4000")
  }
}

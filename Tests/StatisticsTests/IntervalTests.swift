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

  @Test func severalIntervalsAtOnceShareTheirErrors() throws {
    let values = try SciPyReference.load().sample("a")
    let one = try #require(Interval.studentT(values, confidence: 1 - 0.05 / 4))
    let four = try #require(Interval.studentT(values, confidence: 0.95, ofAll: 4))
    expectClose(four.lower, one.lower)
    expectClose(four.upper, one.upper)
  }

  @Test func isCutToWhatItsValueCanBe() {
    let interval = Interval(lower: -0.2, upper: 1.15, confidence: 0.95).cut(to: 0...1)
    #expect((interval.lower, interval.upper) == (0, 1))
    let inside = Interval(lower: 0.2, upper: 0.3, confidence: 0.95)
    #expect(inside.cut(to: 0 ... .infinity) == inside)
  }

  @Test func needsTwoValues() {
    #expect(Interval.studentT([0.9]) == nil)
    #expect(Interval.studentT([]) == nil)
  }

  @Test func hasNoWidthForEqualValues() throws {
    let found = try #require(Interval.studentT([0.3, 0.3, 0.3]))
    #expect(found.lower == 0.3 && found.upper == 0.3)
    let resolved = try #require(Interval.studentT([0.3, 0.3, 0.3], resolution: 0.01))
    #expect(resolved.lower < 0.29 && resolved.upper > 0.31)
  }

  @Test func isNaNWhereAValueIs() throws {
    #expect(try #require(Interval.studentT([1, .nan])).lower.isNaN)
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

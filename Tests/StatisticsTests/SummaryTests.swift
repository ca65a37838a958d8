import Statistics
import Testing

@Suite struct SummaryTests {
  @Test func agreesWithSciPy() throws {
    let reference = try SciPyReference.load()
    for (name, values) in reference.samples {
      let summary = try #require(Summary(values))
      let wanted = try #require(reference.summaries[name])
      expectClose(summary.mean, wanted.mean, "mean of \(name)")
      expectClose(try #require(summary.standardDeviation), wanted.sd, "sd of \(name)")
      expectClose(summary.median, wanted.median, "median of \(name)")
      expectClose(quantile(0.25, of: values), wanted.lower, "lower quartile of \(name)")
      expectClose(quantile(0.75, of: values), wanted.upper, "upper quartile of \(name)")
    }
  }

  @Test func hasNoSpreadForOneValue() throws {
    let summary = try #require(Summary([0.5]))
    #expect(summary.standardDeviation == nil)
    #expect(summary.standardError == nil)
    #expect(summary.median == 0.5)
  }

  @Test(arguments: [0.1, 0.9693, 1e300, -1e-300])
  func isExactForEqualValues(value: Double) throws {
    let summary = try #require(Summary([Double](repeating: value, count: 7)))
    #expect(summary.mean == value)
    #expect(summary.standardDeviation == 0)
    #expect(summary.median == value)
  }

  @Test func isNothingForNoValues() {
    #expect(Summary([]) == nil)
    #expect(mean([]).isNaN)
    #expect(standardDeviation([]) == nil)
    #expect(quantile(0.5, of: []).isNaN)
  }

  @Test func letsNoNaNPassForANumber() throws {
    let summary = try #require(Summary([1, .nan, 3]))
    #expect(summary.mean.isNaN && summary.median.isNaN && summary.minimum.isNaN && summary.maximum.isNaN)
    #expect(try #require(summary.standardDeviation).isNaN)
  }

  @Test(arguments: 0..<50)
  func movesAndScalesWithItsValues(seed: Int) throws {
    var generator = TestGenerator(seed: seed)
    let values = (0..<Int.random(in: 2...30, using: &generator)).map { _ in Double.random(in: -1...1, using: &generator)
    }
    let plain = try #require(Summary(values))
    let moved = try #require(Summary(values.map { 3 * $0 + 10 }))
    #expect(abs(moved.mean - (3 * plain.mean + 10)) < 1e-12)
    #expect(abs(try #require(moved.standardDeviation) - 3 * (try #require(plain.standardDeviation))) < 1e-12)
    #expect(plain.minimum <= plain.median && plain.median <= plain.maximum)
  }
}

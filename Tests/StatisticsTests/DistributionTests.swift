import Testing

@testable import Statistics

@Suite struct DistributionTests {
  let reference: SciPyReference

  init() throws { reference = try SciPyReference.load() }

  @Test func incompleteBetaAgreesWithSciPy() {
    for row in reference.beta { expectClose(regularizedBeta(row[0], row[1], row[2]), row[3], "\(row)") }
  }

  @Test(arguments: [(0, 1.0), (1, 0.96875), (2, 0.8125), (3, 0.5), (5, 0.03125)])
  func binomialTailCountsTheWays(successes: Int, p: Double) {
    expectClose(Binomial.upperTail(successes, of: 5, probability: 0.5), p, "\(successes)")
  }

  @Test func expectedMaximumAgreesWithSciPy() {
    for row in reference.expectedMaximum {
      let found = Normal.expectedMaximum(of: Int(row[0]))
      #expect(abs(found - row[1]) < 1e-7, "\(row): found \(found)")
    }
  }

  @Test func upperTailOfTAgreesWithSciPy() {
    for row in reference.tUpper {
      expectClose(StudentT.upperTail(row[0], degreesOfFreedom: row[1]), row[2], "\(row)")
      expectClose(StudentT.upperTail(-row[0], degreesOfFreedom: row[1]), 1 - row[2], "\(row)")
    }
  }

  @Test func quantileOfTAgreesWithSciPy() {
    for row in reference.tQuantile {
      expectClose(StudentT.quantile(row[0], degreesOfFreedom: row[1]), row[2], "\(row)")
    }
  }

  @Test func noncentralTAgreesWithSciPy() {
    for row in reference.noncentralT {
      let found = StudentT.cumulative(row[0], degreesOfFreedom: row[1], shift: row[2])
      // Tails far below 1e-9 are differences of numbers near 1: an absolute bound there.
      #expect(abs(found - row[3]) <= 1e-10, "\(row): found \(found)")
    }
  }

  @Test func normalQuantileAgreesWithSciPy() {
    for row in reference.normal { expectClose(Normal.quantile(row[0]), row[1], within: 1e-9, "\(row)") }
  }

  @Test func quantilesHaveTheirLimits() {
    #expect(Normal.quantile(0) == -.infinity)
    #expect(Normal.quantile(1) == .infinity)
    #expect(StudentT.quantile(0.5, degreesOfFreedom: 3) == 0)
    #expect(StudentT.quantile(1, degreesOfFreedom: 3) == .infinity)
    #expect(StudentT.upperTail(.nan, degreesOfFreedom: 3).isNaN)
    #expect(StudentT.upperTail(.infinity, degreesOfFreedom: 3) == 0)
  }
}

import Statistics
import Testing

@Suite struct VectorFlipTests {
  @Test(arguments: 1...9) func oneColumnIsTheSignFlipTest(seeds: Int) {
    var generator = TestGenerator(seed: seeds)
    for _ in 0..<20 {
      let values = (0..<seeds).map { _ in Double.random(in: -1...2, using: &generator) }
      #expect(abs(VectorFlipTest.test(values.map { [$0] }).p - SignFlipTest.test(values).p) < 1e-12)
    }
  }

  /// All 2ⁿ sign patterns of NumPy: `np.mean([np.sum((s @ x)**2) >= np.sum(x.sum(0)**2) - 1e-9 for s in signs])`.
  @Test func agreesWithAllPatternsOfNumPy() {
    let rows = [[0.3, -0.1, -0.2], [0.2, 0.1, -0.3], [-0.1, 0.2, -0.1], [0.4, -0.3, -0.1], [0.1, 0, -0.1]]
    let result = VectorFlipTest.test(rows)
    #expect(abs(result.p - 0.125) < 1e-12)
    #expect(abs(result.statistic - 0.05839999999999999) < 1e-12)
    #expect(result.isExact)
  }

  @Test func seesDeparturesThatAddUpToNothing() {
    let rows = (0..<6).map { [0.5 + 0.01 * Double($0), -0.5 - 0.01 * Double($0)] }
    #expect(VectorFlipTest.test(rows).p == 0.03125)
    #expect(SignFlipTest.test(rows.map { $0[0] + $0[1] }).p == 1)
  }

  @Test func nothingIsNoDifference() {
    #expect(VectorFlipTest.test([[0, 0], [0, 0]]).p == 1)
    #expect(VectorFlipTest.test([[1, -1]]).p == 1)
    #expect(VectorFlipTest.test([]).p.isNaN)
    #expect(VectorFlipTest.test([[.nan, 1], [1, 1]]).p.isNaN)
  }

  /// Where there is nothing, p ≤ 0.05 happens no more often than that.
  @Test func isQuietWhereThereIsNothing() {
    var generator = SeededGenerator(seed: 3)
    let alarms = (0..<2000).count { _ in
      let rows = (0..<7).map { _ in (0..<4).map { _ in generator.nextNormal() } }
      return VectorFlipTest.test(rows).p <= 0.05
    }
    #expect(Double(alarms) / 2000 <= 0.06)
  }
}

import Statistics
import Testing

@Suite struct JointSignFlips {
  /// All 2ⁿ sign patterns of NumPy: `np.mean([np.sum((s @ x)**2) >= np.sum(x.sum(0)**2) - 1e-9 for s in signs])`.
  @Test func agreesWithAllPatternsOfNumPy() {
    let rows = [[0.3, -0.1, -0.2], [0.2, 0.1, -0.3], [-0.1, 0.2, -0.1], [0.4, -0.3, -0.1], [0.1, 0, -0.1]]
    #expect(abs(JointSignFlip.p(rows) - 0.125) < 1e-12)
  }

  @Test func seesDeparturesThatAddUpToNothing() {
    let sizes = (0..<6).map { 0.5 + 0.01 * Double($0) }
    let rows = sizes.map { [$0, -$0] }
    #expect(JointSignFlip.p(rows) == 0.03125)
    #expect(JointSignFlip.p(rows) == JointSignFlip.smallestP(seeds: 6))
    #expect(JointSignFlip.p(rows.map { [$0[0] + $0[1]] }) == 1)
  }

  @Test func nothingIsNoDifference() {
    #expect(JointSignFlip.p([[0, 0], [0, 0]]) == 1)
    #expect(JointSignFlip.p([[1, -1]]) == 1)
    #expect(JointSignFlip.p([]).isNaN)
    #expect(JointSignFlip.p([[.nan, 1], [1, 1]]).isNaN)
  }

  /// Where there is nothing, p ≤ 0.05 happens no more often than that.
  @Test func isQuietWhereThereIsNothing() {
    var generator = SeededGenerator(seed: 3)
    let alarms = (0..<2000).count { _ in
      let rows = (0..<7).map { _ in (0..<4).map { _ in generator.nextNormal() } }
      return JointSignFlip.p(rows) <= 0.05
    }
    #expect(Double(alarms) / 2000 <= 0.06)
  }
}

import Testing

@testable import Statistics

@Suite struct ScaledTestTests {
  private func noise(_ rows: Int, seeds: Int, scales: [Double], seed: Int) -> [[Double]] {
    var generator = TestGenerator(seed: seed)
    return (0..<rows).map { row in (0..<seeds).map { _ in scales[row % scales.count] * generator.normal() } }
  }

  @Test(arguments: 0..<20)
  func isTheTestOfMeansUnderAFloorAboveTheNoise(seed: Int) {
    let rows = noise(7, seeds: 6, scales: [1], seed: seed)
    let scaled = MaxT.scaledTest(rows, floors: rows.map { _ in 100 }, alternative: .greater)
    #expect(scaled.p == MaxT.test(rows, statistic: .mean, alternative: .greater).p)
    #expect(zip(scaled.statistics, rows).allSatisfy { abs($0 - mean($1) / 100) < 1e-15 })
  }

  @Test(arguments: 0..<20)
  func doesNotDependOnTheUnitsOfARow(seed: Int) {
    let rows = noise(5, seeds: 6, scales: [1, 3], seed: seed)
    let floors = [0.5, 2, 0, 1, 10]
    let factors = [1, 1000, 1e-4, 7, 0.3]
    let other = MaxT.scaledTest(
      zip(rows, factors).map { row, factor in row.map { $0 * factor } }, floors: zip(floors, factors).map(*))
    #expect(other.p == MaxT.scaledTest(rows, floors: floors).p)
  }

  @Test func aNoisyRowHidesNoOther() {
    var rows = noise(12, seeds: 6, scales: [0.2], seed: 4)
    rows[0] = rows[0].map { 1 + $0 }
    rows[11] = [40, -35, 45, 38, -41, 44]
    let floors = rows.map { _ in 0.5 }
    #expect(MaxT.scaledTest(rows, floors: floors, alternative: .greater).p[0] <= 2.0 / 64)
    #expect(MaxT.test(rows, statistic: .mean, alternative: .greater).p[0] > 0.05)
  }

  @Test func falseAlarmsStayBelowAlphaWhateverTheScales() {
    var alarms = 0
    for seed in 0..<2000 {
      let rows = noise(6, seeds: 6, scales: [0.1, 1, 30], seed: seed)
      let p = MaxT.scaledTest(rows, floors: [0, 0.5, 1, 0.2, 0, 5], alternative: .greater).p
      if (p.min() ?? 1) <= 0.05 { alarms += 1 }
    }
    // At most 3 of 64 patterns: 4.7 %, and two standard errors of 2000 draws.
    #expect(alarms < 112, "\(alarms) of 2000")
    #expect(alarms > 40, "\(alarms) of 2000")
  }

  @Test func rowsWithoutDifferencesAreNotExtreme() {
    let result = MaxT.scaledTest([[0, 0, 0, 0, 0], [1, 1, 1, 1, 1]], floors: [0, 0], alternative: .greater)
    #expect(result.p == [1, 1.0 / 32])
  }

  @Test func missingPairsDoNotCountInTheUnit() {
    let rows = [[2.0, .nan, 2, 2, 2, 2, .nan]]
    #expect(MaxT.scaledTest(rows, floors: [0], alternative: .greater).statistics == [1])
  }
}

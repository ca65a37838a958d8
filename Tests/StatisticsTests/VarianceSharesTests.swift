import Testing

@testable import Statistics

@Suite struct VarianceSharesTests {
  /// 2 × 3 values and three seeds that move all cells alike; the sums of squares by hand.
  @Test func aSmallTableIsThatOfAHandCalculation() throws {
    // Cells: main effects of ±3 and −2, 0, +2 around 10, and a joint effect of ±1 in the outer cells.
    let cells: [Double] = [10 - 3 - 2 + 1, 10 - 3, 10 - 3 + 2 - 1, 10 + 3 - 2 - 1, 10 + 3, 10 + 3 + 2 + 1]
    let seeds: [Double] = [-1, 0, 1]
    let found = try #require(VarianceShares(levels: [2, 3], scores: cells.map { cell in seeds.map { cell + $0 } }))
    // Eighteen values: 18 · 9, 18 · 8/3, 12 · 1 and 6 · 2.
    let total = 162.0 + 48 + 12 + 12
    #expect(abs(found.axes[0].share - 162 / total) < 1e-12 && abs(found.axes[1].share - 48 / total) < 1e-12)
    #expect(found.pairs.count == 1 && abs(found.pairs[0].share.share - 12 / total) < 1e-12)
    #expect(found.higher == nil)
    #expect(abs((found.seeds ?? .nan) - 12 / total) < 1e-12)
    #expect(abs(found.rest ?? .nan) < 1e-12)
  }

  /// Against the definition: the effect of a set of axes is the mean over the others, less the effects of its subsets.
  @Test(arguments: [[2, 2], [3, 2, 4], [2, 3, 2, 2], [5, 2, 2]]) func sharesAreThoseOfTheDefinition(levels: [Int])
    throws
  {
    var generator = TestGenerator(seed: levels.reduce(7) { $0 * 31 + $1 })
    let count = levels.reduce(1, *)
    let scores = (0..<count).map { _ in (0..<3).map { _ in generator.normal() } }
    let found = try #require(VarianceShares(levels: levels, scores: scores))
    func place(_ cell: Int) -> [Int] {
      var rest = cell
      return levels.reversed().map { size in
        defer { rest /= size }
        return rest % size
      }.reversed()
    }
    let places = (0..<count).map(place)
    func effect(_ axes: Set<Int>, at cell: Int) -> Double {
      let alike = (0..<count).filter { other in axes.allSatisfy { places[other][$0] == places[cell][$0] } }
      var value = mean(alike.map { mean(scores[$0]) })
      for subset in subsets(axes) where subset != axes { value -= effect(subset, at: cell) }
      return value
    }
    func squares(_ axes: Set<Int>) -> Double {
      (0..<count).reduce(0) { $0 + 3 * effect(axes, at: $1) * effect(axes, at: $1) }
    }
    let grand = mean(scores.map { mean($0) })
    let total = scores.flatMap { $0 }.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    for axis in levels.indices { #expect(abs(found.axes[axis].share - squares([axis]) / total) < 1e-12) }
    for pair in found.pairs { #expect(abs(pair.share.share - squares([pair.first, pair.second]) / total) < 1e-12) }
    let higher = subsets(Set(levels.indices)).filter { $0.count > 2 }.reduce(0) { $0 + squares($1) }
    #expect(abs((found.higher?.share ?? 0) - higher / total) < 1e-12)
    let sum =
      found.axes.reduce(0) { $0 + $1.share } + found.pairs.reduce(0) { $0 + $1.share.share }
      + (found.higher?.share ?? 0) + (found.seeds ?? 0) + (found.rest ?? 0)
    #expect(abs(sum - 1) < 1e-12)
  }

  private func subsets(_ axes: Set<Int>) -> [Set<Int>] {
    axes.reduce([[]]) { sets, axis in sets + sets.map { $0.union([axis]) } }
  }

  /// Of grids in which nothing has an effect, though some configurations are ten times as noisy as others, each source's
  /// share is on average what `byChance` says.
  @Test(arguments: [false, true]) func whatNoiseGivesIsForetold(isUneven: Bool) throws {
    var generator = TestGenerator(seed: isUneven ? 5 : 6)
    let studies = 4000
    var shares = [0.0, 0, 0, 0]
    var chances = [0.0, 0, 0, 0]
    for _ in 0..<studies {
      let scores = (0..<12).map { cell in
        (0..<4).map { _ in generator.normal() * (isUneven && cell.isMultiple(of: 4) ? 10 : 1) }
      }
      let found = try #require(VarianceShares(levels: [2, 3, 2], scores: scores))
      let sources = [found.axes[0], found.axes[1], found.pairs[0].share, try #require(found.higher)]
      for (index, source) in sources.enumerated() {
        shares[index] += source.share / Double(studies)
        chances[index] += (source.byChance ?? .nan) / Double(studies)
      }
    }
    for (share, chance) in zip(shares, chances) { #expect(abs(share / chance - 1) < 0.06, "\(share), \(chance)") }
  }

  @Test func whatCannotBeSharedIsNil() {
    #expect(VarianceShares(levels: [2, 2], scores: [[1], [1], [1], [1]]) == nil)
    #expect(VarianceShares(levels: [2, 2], scores: [[1], [.nan], [1], [1]]) == nil)
    #expect(VarianceShares(levels: [2, 2], scores: [[1e300], [-1e300], [1], [1]]) == nil)
    let single = VarianceShares(levels: [2, 2], scores: [[1], [2], [3], [5]])
    #expect(
      single?.seeds == nil && single?.rest == nil && single?.axes[0].byChance == nil && single?.axes[0].share ?? 0 > 0.7
    )
  }
}

import Foundation

/// Mann and Whitney's rank test for two unpaired samples.
public enum MannWhitneyTest {
  /// Values of both samples together up to which every arrangement is counted.
  public static let exactLimit = 60

  /// Tests whether values of `first` tend to be larger or smaller than those of `second`.
  ///
  /// The statistic is U of `first`: pairs in which its value is larger, ties counted half. Exact up to
  /// ``exactLimit`` values, ties included (the distribution of midrank sums over all ways to deal the same values);
  /// above, the normal approximation with corrections for ties and continuity. Two-sided p is twice the smaller tail.
  /// An empty sample or a NaN gives a p of NaN.
  public static func test(
    _ first: [Double], _ second: [Double], alternative: Alternative = .twoSided
  ) -> TestResult {
    guard !first.isEmpty, !second.isEmpty, !(first + second).contains(where: \.isNaN) else {
      return TestResult(statistic: .nan, p: .nan, isExact: true)
    }
    let (doubledRanks, ties) = midranks(first + second)
    let n = first.count
    let rankSum = doubledRanks[..<n].reduce(0, +)
    let u = Double(rankSum - n * (n + 1)) / 2
    let isExact = doubledRanks.count <= exactLimit
    let (below, above) =
      isExact
      ? exactTails(doubledRanks, choosing: n, sum: rankSum)
      : approximateTails(u: u, first: n, second: second.count, ties: ties)
    let p =
      switch alternative {
      case .twoSided: min(1, 2 * min(below, above))
      case .less: below
      case .greater: above
      }
    return TestResult(statistic: u, p: p, isExact: isExact)
  }

  /// The smallest two-sided p that samples of these sizes can reach: 2 / C(n + m, n).
  public static func smallestP(first: Int, second: Int) -> Double {
    min(1, 2 * exp(logGamma(Double(first + 1)) + logGamma(Double(second + 1)) - logGamma(Double(first + second + 1))))
  }

  /// Twice the mean rank of each value, in the order given, and the sizes of the groups of equal ones.
  private static func midranks(_ values: [Double]) -> (doubled: [Int], ties: [Int]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var doubled = [Int](repeating: 0, count: values.count)
    var ties: [Int] = []
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for position in start...end { doubled[order[position]] = start + end + 2 }
      ties.append(end - start + 1)
      start = end + 1
    }
    return (doubled, ties)
  }

  /// P(sum ≤ observed) and P(sum ≥ observed) over all choices of `count` of the ranks.
  private static func exactTails(_ ranks: [Int], choosing count: Int, sum observed: Int) -> (Double, Double) {
    let total = ranks.reduce(0, +)
    // ways[k][s]: choices of k ranks that sum to s.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: total + 1), count: count + 1)
    ways[0][0] = 1
    for rank in ranks {
      for k in stride(from: count, to: 0, by: -1) {
        for s in stride(from: total, through: rank, by: -1) { ways[k][s] += ways[k - 1][s - rank] }
      }
    }
    let all = ways[count].reduce(0, +)
    return (ways[count][...observed].reduce(0, +) / all, ways[count][observed...].reduce(0, +) / all)
  }

  private static func approximateTails(u: Double, first: Int, second: Int, ties: [Int]) -> (Double, Double) {
    let (n, m) = (Double(first), Double(second))
    let total = n + m
    let tied = ties.reduce(0.0) { $0 + Double($1) * (Double($1) * Double($1) - 1) }
    let deviation = (n * m / 12 * (total + 1 - tied / (total * (total - 1)))).squareRoot()
    guard deviation > 0 else { return (1, 1) }
    let center = n * m / 2
    return (
      Normal.cumulative((u - center + 0.5) / deviation), Normal.cumulative(-(u - center - 0.5) / deviation)
    )
  }
}

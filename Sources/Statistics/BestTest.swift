/// Which configurations are worse than the best one, when the best was picked by looking at the same numbers.
public enum BestTest {
  /// The corrected p of each configuration against the best, in the order given; 1 for the best itself.
  ///
  /// Configurations are ranked by their mean. For the one at rank k the question is how often, were ranks 1 to k all
  /// equal, flipping the signs of whole seeds would spread their means as widely as they are; p never falls from one
  /// rank to a better one. That answers for having picked the best, and for the whole table at once.
  /// Its smallest value is 2^(1−seeds). O(configurations · patterns · seeds).
  ///
  /// - Parameters:
  ///   - values: one row a configuration, one column a seed, none missing.
  ///   - higherIsBetter: whether the best has the largest mean.
  /// - Note: the range of Tukey's test by permutation, stepped down as Ryan and Welsch do.
  public static func test(
    _ values: [[Double]], higherIsBetter: Bool = true, limit: Int = 10_000, seed: UInt64 = 0
  ) -> (p: [Double], isExact: Bool) {
    guard let seeds = values.first?.count, seeds > 0 else { return (values.map { _ in .nan }, true) }
    precondition(values.allSatisfy { $0.count == seeds }, "every configuration has one value a seed")
    // A seed's common level moves all configurations alike: without it the sums are as small as the differences.
    let levels = (0..<seeds).map { column in mean(values.map { $0[column] }) }
    let means = values.map { mean($0) }
    let order = values.indices.sorted {
      means[$0] == means[$1] ? $0 < $1 : (means[$0] > means[$1]) == higherIsBetter
    }
    let ranked = order.flatMap { row in (0..<seeds).map { values[row][$0] - levels[$0] } }
    let sums = values.indices.map { rank in ranked[(rank * seeds)..<((rank + 1) * seeds)].reduce(0, +) }
    let tolerance = 1e-11 * ranked.reduce(0) { max($0, abs($1)) } * Double(seeds)
    let patterns = SignPatterns(seeds: seeds, isSymmetric: true, limit: limit, seed: seed)
    var hits = [Int](repeating: 0, count: values.count)
    ranked.withUnsafeBufferPointer { ranked in
      for pattern in 0..<patterns.count {
        var lowest = Double.infinity
        var highest = -Double.infinity
        for rank in sums.indices {
          var sum = 0.0
          for column in 0..<seeds {
            sum += ranked[rank * seeds + column] * patterns.signs[pattern * seeds + column]
          }
          lowest = min(lowest, sum)
          highest = max(highest, sum)
          if highest - lowest >= abs(sums[0] - sums[rank]) - tolerance { hits[rank] += 1 }
        }
      }
    }
    var p = [Double](repeating: 1, count: values.count)
    var largest = 0.0
    for rank in order.indices.reversed() {
      largest = max(largest, patterns.p(hits: hits[rank]))
      p[order[rank]] = largest
    }
    return (p, patterns.isExact)
  }
}

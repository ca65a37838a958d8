/// How often a run of one group beats a run of another.
public struct Improvement: Sendable, Hashable {
  /// The share of pairs of runs, one of each group, in which the first is better, ties counted half, in [0, 1].
  ///
  /// Source: Bouthillier et al. 2021, arXiv:2103.03098, "probability of outperforming"; Mann & Whitney's U over n·m.
  public let probability: Double
  /// The percentile bootstrap interval over the runs of both groups (Agarwal et al. 2021, arXiv:2108.13264); of no width
  /// where every run of one group beats every run of the other.
  public let interval: Interval

  /// Counts and resamples; `nil` where a group has fewer than two values. O(resamples · n · m).
  public init?(
    _ first: [Double], over second: [Double], higherIsBetter: Bool = true, confidence: Double = 0.95,
    resamples: Int = 2000, seed: UInt64 = 0
  ) {
    guard first.count > 1, second.count > 1 else { return nil }
    let wins = first.map { a in
      second.map { b in a == b ? 0.5 : (a > b) == higherIsBetter ? 1.0 : 0 }
    }
    let count = Double(first.count * second.count)
    var generator = SeededGenerator(seed: seed)
    let shares = (0..<resamples).map { _ in
      let rows = first.map { _ in Int(generator.next() % UInt64(first.count)) }
      let columns = second.map { _ in Int(generator.next() % UInt64(second.count)) }
      var sum = 0.0
      for row in rows { for column in columns { sum += wins[row][column] } }
      return sum / count
    }.sorted()
    probability = wins.reduce(0) { $0 + $1.reduce(0, +) } / count
    interval = Interval(
      lower: quantile((1 - confidence) / 2, ofSorted: shares),
      upper: quantile((1 + confidence) / 2, ofSorted: shares), confidence: confidence)
  }
}

/// Pearson's correlation of pairs of values; `nil` for fewer than three pairs or where a side has no spread.
public func correlation(_ first: [Double], _ second: [Double]) -> Double? {
  precondition(first.count == second.count, "\(first.count) values beside \(second.count)")
  guard first.count > 2 else { return nil }
  let (a, b) = (mean(first), mean(second))
  var (products, left, right) = (0.0, 0.0, 0.0)
  for (x, y) in zip(first, second) {
    products += (x - a) * (y - b)
    left += (x - a) * (x - a)
    right += (y - b) * (y - b)
  }
  return left > 0 && right > 0 ? products / (left * right).squareRoot() : nil
}

/// The probability that a run of one group beats a run of another.
package struct Improvement: Sendable, Hashable {
  /// The share of pairs of runs, one of each group, in which the first is better, ties counted half, in [0, 1].
  ///
  /// Source: Bouthillier et al. 2021, arXiv:2103.03098, "probability of outperforming"; Mann & Whitney's U over n·m.
  package let probability: Double
  /// Newcombe's score interval, method 5 of "Confidence intervals for an effect size measure based on the Mann–Whitney
  /// statistic", part 2, Statistics in Medicine 25 (2006): the θ with |θ − probability| ≤ z·√V(θ), where
  /// V(θ) = θ(1 − θ)·(1 + N·((1 − θ)/(2 − θ) + θ/(1 + θ))) / (n·m), N = (n + m)/2 − 1.
  ///
  /// A percentile bootstrap, as Agarwal et al. 2021 (arXiv:2108.13264) use it for many tasks, covers the truth in 72
  /// instead of 95 of 100 studies with six seeds and a probability of 0.92, and has no width where all runs of one group
  /// win.
  package let interval: Interval

  /// Counts; `nil` where a group has fewer than two values. O(n · m).
  package init?(_ first: [Double], over second: [Double], higherIsBetter: Bool = true, confidence: Double = 0.95) {
    guard first.count > 1, second.count > 1 else { return nil }
    let (n, m) = (Double(first.count), Double(second.count))
    let wins = first.reduce(0.0) { sum, a in
      second.reduce(sum) { $0 + ($1 == a ? 0.5 : (a > $1) == higherIsBetter ? 1 : 0) }
    }
    let share = wins / (n * m)
    let z = Normal.quantile((1 + confidence) / 2)
    func isInside(_ theta: Double) -> Bool {
      let pairs = (n + m) / 2 - 1
      let factor = 1 + pairs * ((1 - theta) / (2 - theta) + theta / (1 + theta))
      return abs(theta - share) <= z * (theta * (1 - theta) * factor / (n * m)).squareRoot()
    }
    // From the share, which is inside, to the end, which is not, or is the share itself.
    func bound(towards end: Double) -> Double {
      var (inside, outside) = (share, end)
      for _ in 0..<60 {
        let middle = (inside + outside) / 2
        if isInside(middle) { inside = middle } else { outside = middle }
      }
      return inside
    }
    probability = share
    interval = Interval(lower: bound(towards: 0), upper: bound(towards: 1), confidence: confidence)
  }
}

/// Pearson's correlation of pairs of values; `nil` for fewer than three pairs or where a side has no spread.
package func correlation(_ first: [Double], _ second: [Double]) -> Double? {
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

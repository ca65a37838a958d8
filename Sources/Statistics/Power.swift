/// How many seeds a question needs.
public enum Power {
  /// The chance that a paired t test at `alpha` sees a mean difference of `difference` among differences with
  /// standard deviation `standardDeviation`, with `pairs` ≥ 2 pairs.
  public static func paired(
    difference: Double, standardDeviation: Double, pairs: Int, alpha: Double = 0.05,
    alternative: Alternative = .twoSided
  ) -> Double {
    precondition(pairs >= 2, "a paired t test needs two pairs, found \(pairs)")
    guard standardDeviation > 0 else { return difference == 0 ? alpha : 1 }
    let df = Double(pairs - 1)
    let shift = difference / standardDeviation * Double(pairs).squareRoot()
    let tail = alternative == .twoSided ? alpha / 2 : alpha
    let critical = StudentT.quantile(1 - tail, degreesOfFreedom: df)
    func cumulative(_ t: Double) -> Double { StudentT.cumulative(t, degreesOfFreedom: df, shift: shift) }
    switch alternative {
    case .twoSided: return 1 - cumulative(critical) + cumulative(-critical)
    case .greater: return 1 - cumulative(critical)
    case .less: return cumulative(-critical)
    }
  }

  /// The fewest pairs with which ``SignFlipTest`` can reach `alpha` at all: 6 for 0.05 two-sided.
  public static func pairsToReach(alpha: Double, alternative: Alternative = .twoSided) -> Int {
    (1...1000).first { SignFlipTest.smallestP(pairs: $0, alternative: alternative) <= alpha } ?? 1000
  }

  /// The seeds that a paired comparison needs to see `difference` with the chance `power`; `nil` where `limit` are
  /// not enough.
  ///
  /// Never fewer than the sign-flip test needs to reach `alpha`.
  public static func seedsNeeded(
    difference: Double, standardDeviation: Double, alpha: Double = 0.05, power: Double = 0.8, limit: Int = 10_000
  ) -> Int? {
    let fewest = max(2, pairsToReach(alpha: alpha))
    guard difference != 0 else { return nil }
    func isEnough(_ pairs: Int) -> Bool {
      paired(difference: abs(difference), standardDeviation: standardDeviation, pairs: pairs, alpha: alpha) >= power
    }
    var high = fewest
    while !isEnough(high) {
      guard high < limit else { return nil }
      high = min(limit, high * 2)
    }
    var low = fewest - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high
  }
}

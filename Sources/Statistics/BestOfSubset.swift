/// The best of a subset of the values that were tried: the expected best score against the budget.
package enum BestOfSubset {
  /// The mean of the largest of `m` values over all subsets of `m` of the n values, for m = 1 … n: without replacement,
  /// Σ v₍ᵢ₎ · C(i − 1, m − 1) / C(n, m) over the values in ascending order.
  ///
  /// It tells what tuning with a smaller budget would have found, so that configurations which tried different numbers of
  /// values can be looked at with the same one. Empty for no values. O(n²).
  ///
  /// Source: Dodge et al. 2019, "Show your work", arXiv:1909.03004; its estimator draws with replacement and is too low,
  /// this unbiased one is that of Tang et al. 2020, "Showing your work doesn't always work", arXiv:2004.13705.
  package static func expectedLargest(_ values: [Double]) -> [Double] {
    let sorted = values.sorted()
    let n = sorted.count
    return (1...max(1, n)).prefix(n).map { m in
      // C(n − 1, m − 1) / C(n, m) = m / n for the largest; each step down multiplies by (i − m) / (i − 1).
      var weight = Double(m) / Double(n)
      var sum = 0.0
      for i in stride(from: n, through: m, by: -1) {
        sum += weight * sorted[i - 1]
        if i > 1 { weight *= Double(i - m) / Double(i - 1) }
      }
      return sum
    }
  }

  /// The same for the smallest, where less is better.
  package static func expectedSmallest(_ values: [Double]) -> [Double] {
    expectedLargest(values.map { -$0 }).map { -$0 }
  }
}

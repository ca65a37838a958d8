/// The permutation test for paired differences: where there is no difference, each pair's sign might as well be the
/// other one.
public enum SignFlipTest {
  /// Pairs up to which all 2ⁿ sign patterns are counted.
  public static let exactLimit = 20

  /// Tests whether the mean of `differences` is zero.
  ///
  /// Exact up to ``exactLimit`` pairs, sampled with `resamples` patterns above, where p is (1 + hits)/(1 + resamples).
  /// No pairs, or one that is NaN, give a p of NaN. Source: Fisher 1935, "The Design of Experiments", § 21.
  public static func test(
    _ differences: [Double], alternative: Alternative = .twoSided, resamples: Int = 100_000, seed: UInt64 = 0
  ) -> TestResult {
    let observed = mean(differences)
    guard observed.isFinite else { return TestResult(statistic: observed, p: .nan, isExact: true) }
    let sum = differences.reduce(0, +)
    // Patterns with the same sum in exact arithmetic must count as equal here.
    let tolerance = 1e-11 * differences.reduce(0) { $0 + abs($1) }
    func isExtreme(_ flipped: Double) -> Bool {
      switch alternative {
      case .twoSided: abs(flipped) >= abs(sum) - tolerance
      case .less: flipped <= sum + tolerance
      case .greater: flipped >= sum - tolerance
      }
    }
    if differences.count <= exactLimit {
      // Sums of all patterns of each half, then every pair of them.
      let middle = differences.count / 2
      let left = signedSums(differences[..<middle])
      let right = signedSums(differences[middle...])
      var hits = 0
      for a in left { for b in right where isExtreme(a + b) { hits += 1 } }
      return TestResult(statistic: observed, p: Double(hits) / Double(left.count * right.count), isExact: true)
    }
    var generator = SeededGenerator(seed: seed)
    var hits = 0
    for _ in 0..<resamples {
      var flipped = 0.0
      var bits: UInt64 = 0
      for (index, difference) in differences.enumerated() {
        if index % 64 == 0 { bits = generator.next() }
        flipped += bits & 1 == 0 ? difference : -difference
        bits >>= 1
      }
      if isExtreme(flipped) { hits += 1 }
    }
    return TestResult(statistic: observed, p: Double(1 + hits) / Double(1 + resamples), isExact: false)
  }

  /// The smallest p that `pairs` pairs can reach, 2^(1−n) two-sided and 2^(−n) one-sided, whatever they hold.
  public static func smallestP(pairs: Int, alternative: Alternative = .twoSided) -> Double {
    var p = alternative == .twoSided ? 2.0 : 1.0
    for _ in 0..<pairs { p /= 2 }
    return min(1, p)
  }

  private static func signedSums(_ values: ArraySlice<Double>) -> [Double] {
    values.reduce(into: [0.0]) { sums, value in sums = sums.map { $0 + value } + sums.map { $0 - value } }
  }
}

/// Which differences count against "no difference".
public enum Alternative: String, Hashable, Sendable, CaseIterable {
  /// Both.
  case twoSided = "two-sided"
  /// Only those below zero.
  case less
  /// Only those above zero.
  case greater
}

/// What a test of "no difference" came to.
public struct TestResult: Hashable, Sendable {
  /// The test's own number: a mean difference, t, or U.
  public let statistic: Double
  /// The chance of a statistic at least as extreme where there is no difference, in (0, 1]; NaN where it can't be
  /// told.
  public let p: Double
  /// Whether every arrangement was counted; otherwise `p` is sampled or approximated.
  public let isExact: Bool
  /// The degrees of freedom, for t tests.
  public let degreesOfFreedom: Double?

  /// Creates a result.
  public init(statistic: Double, p: Double, isExact: Bool, degreesOfFreedom: Double? = nil) {
    (self.statistic, self.p, self.isExact) = (statistic, p, isExact)
    self.degreesOfFreedom = degreesOfFreedom
  }
}

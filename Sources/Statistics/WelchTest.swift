import Foundation

/// Welch's t test for two unpaired samples whose spreads may differ.
public enum WelchTest {
  /// Tests whether the means of `first` and `second` agree; p is NaN where a side has fewer than two values.
  ///
  /// Two samples without any spread: p is 1 where they agree and 0 where they do not.
  /// Source: Welch 1947; degrees of freedom after Satterthwaite 1946.
  public static func test(
    _ first: [Double], _ second: [Double], alternative: Alternative = .twoSided
  ) -> TestResult {
    let (difference, error, df) = parts(first, second)
    guard !error.isNaN else { return TestResult(statistic: .nan, p: .nan, isExact: false) }
    let t = error == 0 ? (difference == 0 ? 0 : difference * .infinity) : difference / error
    let above = StudentT.upperTail(t, degreesOfFreedom: df)
    let below = StudentT.upperTail(-t, degreesOfFreedom: df)
    let p =
      switch alternative {
      case .twoSided: min(1, 2 * min(above, below))
      case .less: below
      case .greater: above
      }
    return TestResult(statistic: t, p: p, isExact: false, degreesOfFreedom: df)
  }

  /// The interval for the difference of the means, first minus second; `nil` where a side has fewer than two values.
  public static func interval(_ first: [Double], _ second: [Double], confidence: Double = 0.95) -> Interval? {
    let (difference, error, df) = parts(first, second)
    guard !error.isNaN else { return nil }
    let reach = error == 0 ? 0 : StudentT.quantile((1 + confidence) / 2, degreesOfFreedom: df) * error
    return Interval(lower: difference - reach, upper: difference + reach, confidence: confidence)
  }

  private static func parts(_ first: [Double], _ second: [Double]) -> (Double, error: Double, df: Double) {
    guard let a = standardDeviation(first), let b = standardDeviation(second) else { return (.nan, .nan, .nan) }
    let left = a * a / Double(first.count)
    let right = b * b / Double(second.count)
    let total = left + right
    let df =
      total == 0
      ? Double(first.count + second.count - 2)
      : total * total / (left * left / Double(first.count - 1) + right * right / Double(second.count - 1))
    return (mean(first) - mean(second), total.squareRoot(), df)
  }
}

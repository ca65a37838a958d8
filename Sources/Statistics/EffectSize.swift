import Foundation

/// How large a difference is, measured in its own noise.
public enum EffectSize {
  /// Hedges' g: the difference of the means over the pooled standard deviation, corrected for small samples; `nil`
  /// where a side has fewer than two values or neither has any spread.
  ///
  /// Source: Hedges 1981, with the exact factor J = Γ(f/2) / (√(f/2) · Γ((f − 1)/2)), f = n + m − 2.
  public static func hedgesG(_ first: [Double], _ second: [Double]) -> Double? {
    guard let a = standardDeviation(first), let b = standardDeviation(second) else { return nil }
    let (n, m) = (Double(first.count), Double(second.count))
    let f = n + m - 2
    let pooled = (((n - 1) * a * a + (m - 1) * b * b) / f).squareRoot()
    guard pooled > 0 else { return nil }
    let correction = exp(logGamma(f / 2) - logGamma((f - 1) / 2)) / (f / 2).squareRoot()
    return correction * (mean(first) - mean(second)) / pooled
  }

  /// Cliff's delta: the share of pairs in which the first is larger minus the share in which it is smaller, in
  /// [−1, 1]; `nil` where a side is empty or holds a NaN. O(n · m).
  public static func cliffsDelta(_ first: [Double], _ second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty, !(first + second).contains(where: \.isNaN) else { return nil }
    var balance = 0
    for a in first { for b in second { balance += a > b ? 1 : (a < b ? -1 : 0) } }
    return Double(balance) / Double(first.count * second.count)
  }
}

/// Two bounds that hold a true value with a stated confidence.
public struct Interval: Hashable, Sendable {
  /// The lower bound.
  public let lower: Double
  /// The upper bound.
  public let upper: Double
  /// The share of such intervals that hold the true value, such as 0.95.
  public let confidence: Double

  /// Creates an interval.
  public init(lower: Double, upper: Double, confidence: Double) {
    (self.lower, self.upper, self.confidence) = (lower, upper, confidence)
  }

  /// Whether `value` lies between the bounds or on one.
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

extension Interval {
  /// Student's t interval for the mean, mean ± t·s/√n; `nil` for fewer than two values.
  ///
  /// The default for few seeds: at six, bootstrap intervals cover too little.
  public static func studentT(_ values: [Double], confidence: Double = 0.95) -> Interval? {
    guard let summary = Summary(values), let error = summary.standardError else { return nil }
    let t = StudentT.quantile((1 + confidence) / 2, degreesOfFreedom: Double(values.count - 1))
    return Interval(lower: summary.mean - t * error, upper: summary.mean + t * error, confidence: confidence)
  }

  /// The bias-corrected and accelerated bootstrap interval for the mean; `nil` for fewer than two values.
  ///
  /// The same seed gives the same interval. All values equal give an interval of no width.
  /// O(n · resamples). Source: Efron 1987, "Better bootstrap confidence intervals".
  public static func bootstrap(
    _ values: [Double], confidence: Double = 0.95, resamples: Int = 10_000, seed: UInt64 = 0
  ) -> Interval? {
    guard values.count > 1 else { return nil }
    guard values.allSatisfy(\.isFinite) else { return Interval(lower: .nan, upper: .nan, confidence: confidence) }
    let center = mean(values)
    var generator = SeededGenerator(seed: seed)
    let means = (0..<resamples).map { _ in
      var sum = 0.0
      for _ in values.indices { sum += values[Int.random(in: values.indices, using: &generator)] - center }
      return center + sum / Double(values.count)
    }.sorted()
    guard let least = means.first, let most = means.last, least < most else {
      return Interval(lower: center, upper: center, confidence: confidence)
    }
    let below = means.count { $0 < center }
    let ties = means.count { $0 == center }
    let share = (Double(below) + Double(ties) / 2) / Double(resamples)
    let bias = Normal.quantile(min(max(share, 0.5 / Double(resamples)), 1 - 0.5 / Double(resamples)))
    let acceleration = acceleration(of: values, mean: center)
    func level(_ probability: Double) -> Double {
      let z = bias + Normal.quantile(probability)
      return Normal.cumulative(bias + z / (1 - acceleration * z))
    }
    return Interval(
      lower: quantile(level((1 - confidence) / 2), ofSorted: means),
      upper: quantile(level((1 + confidence) / 2), ofSorted: means), confidence: confidence)
  }

  /// The jackknife's estimate of skewness over six, for the mean: Σd³ / (6·(Σd²)^1.5).
  private static func acceleration(of values: [Double], mean: Double) -> Double {
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let cubes = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
  }
}

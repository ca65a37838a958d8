/// Two bounds that hold a true value with a stated confidence.
package struct Interval: Hashable, Sendable {
  /// The lower bound.
  package let lower: Double
  /// The upper bound.
  package let upper: Double
  /// The share of such intervals that hold the true value, such as 0.95.
  package let confidence: Double

  /// Creates an interval.
  package init(lower: Double, upper: Double, confidence: Double) {
    (self.lower, self.upper, self.confidence) = (lower, upper, confidence)
  }

  /// Whether `value` lies between the bounds or on one.
  package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

extension Interval {
  /// Student's t interval for the mean, mean ± t·s/√n; `nil` for fewer than two values.
  ///
  /// - Parameters:
  ///   - confidence: of one interval, or of all at once.
  ///   - count: how many intervals shall hold at once (Bonferroni).
  ///   - resolution: the smallest difference that a value can show; s is at least that.
  package static func studentT(
    _ values: [Double], confidence: Double = 0.95, ofAll count: Int = 1, resolution: Double = 0
  ) -> Interval? {
    guard values.count > 1, let deviation = standardDeviation(values) else { return nil }
    let error = max(deviation, resolution) / Double(values.count).squareRoot()
    let tail = (1 - confidence) / 2 / Double(count)
    let reach = error > 0 ? StudentT.quantile(1 - tail, degreesOfFreedom: Double(values.count - 1)) * error : 0
    let center = mean(values)
    return Interval(lower: center - reach, upper: center + reach, confidence: confidence)
  }

  /// The interval of the value with the other sign.
  package var negated: Interval { Interval(lower: -upper, upper: -lower, confidence: confidence) }

  /// The interval within what its value can be at all, such as accuracies in [0, 1].
  package func cut(to range: ClosedRange<Double>) -> Interval {
    func cut(_ value: Double) -> Double { min(max(value, range.lowerBound), range.upperBound) }
    return Interval(lower: cut(lower), upper: cut(upper), confidence: confidence)
  }
}

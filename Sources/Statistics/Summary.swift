/// Where a sample lies and how far it spreads.
///
/// Values that are not finite are not left out: a NaN makes every number NaN. Leave out what is missing before.
package struct Summary: Hashable, Sendable {
  /// The number of values, n ≥ 1.
  package let count: Int
  /// The arithmetic mean; exactly the common value where all are the same.
  package let mean: Double
  /// The sample standard deviation, divisor n − 1; `nil` for one value, which has no spread.
  package let standardDeviation: Double?
  /// The smallest value.
  package let minimum: Double
  /// The value in the middle; the mean of the two middle ones where n is even.
  package let median: Double
  /// The largest value.
  package let maximum: Double

  /// Summarises `values`; `nil` where there are none. Sorts once.
  package init?(_ values: [Double]) {
    guard !values.isEmpty else { return nil }
    count = values.count
    mean = Statistics.mean(values)
    standardDeviation = Statistics.standardDeviation(values)
    let sorted = values.contains(where: \.isNaN) ? values.map { _ in Double.nan } : values.sorted()
    minimum = sorted[0]
    maximum = sorted[count - 1]
    median = quantile(0.5, ofSorted: sorted)
  }

  /// The standard error of the mean, s / √n; `nil` for one value.
  package var standardError: Double? { standardDeviation.map { $0 / Double(count).squareRoot() } }
}

/// The arithmetic mean; NaN for no values.
///
/// Deviations from the first value are summed, so that equal values have exactly that mean.
package func mean(_ values: [Double]) -> Double {
  guard let origin = values.first else { return .nan }
  guard origin.isFinite else { return values.reduce(0, +) / Double(values.count) }
  return origin + values.reduce(0) { $0 + ($1 - origin) } / Double(values.count)
}

/// The sample standard deviation, divisor n − 1; `nil` for fewer than two values.
package func standardDeviation(_ values: [Double]) -> Double? {
  guard values.count > 1 else { return nil }
  let center = mean(values)
  let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  return (squares / Double(values.count - 1)).squareRoot()
}

/// The value below which a share `probability` of the sample lies; NaN for no values or where one is NaN.
///
/// Linear between the order statistics at (n − 1)·p: type 7 of Hyndman & Fan 1996, NumPy's default.
package func quantile(_ probability: Double, of values: [Double]) -> Double {
  guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
  return quantile(probability, ofSorted: values.sorted())
}

func quantile(_ probability: Double, ofSorted sorted: [Double]) -> Double {
  precondition((0...1).contains(probability), "a probability lies in 0...1, found \(probability)")
  let position = Double(sorted.count - 1) * probability
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  let share = position - Double(below)
  // No difference is taken where none is needed: ∞ − ∞ is NaN.
  return share == 0 || sorted[below] == sorted[above]
    ? sorted[below] : sorted[below] + share * (sorted[above] - sorted[below])
}

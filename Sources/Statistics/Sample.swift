import Foundation

/// The values of one group as a comparison of means needs them.
struct Sample: Sendable {
  /// The number of values, n.
  let count: Int
  /// The arithmetic mean.
  let mean: Double
  /// The sample variance, divisor n − 1, at least the square of the resolution.
  let variance: Double
  /// The adjusted Fisher–Pearson coefficient G₁, as `scipy.stats.skew(bias=False)`; 0 where there is no spread or
  /// fewer than three values.
  let skewness: Double

  /// - Parameter resolution: the smallest difference that a value can show, such as one test image; a group whose values
  ///   agree by chance is not taken for one without spread.
  init(_ values: [Double], resolution: Double) {
    let (n, center) = (Double(values.count), Statistics.mean(values))
    var (squares, cubes) = (0.0, 0.0)
    for value in values {
      let deviation = value - center
      squares += deviation * deviation
      cubes += deviation * deviation * deviation
    }
    let own = n > 1 ? squares / (n - 1) : 0
    (count, mean, variance) = (values.count, center, max(own, resolution * resolution))
    skewness = n > 2 && own > 0 ? n / ((n - 1) * (n - 2)) * cubes / (own * own.squareRoot()) : 0
  }
}

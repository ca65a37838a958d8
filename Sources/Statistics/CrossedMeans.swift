/// Means over runs and over examples at once: how far they would move with other seeds and with other test images.
///
/// Every run answers the same examples, right or wrong. The variance of the mean of a crossed table of runs and examples
/// is σ²runs/n + σ²examples/N + σ²rest/(n·N). The spread of the runs' means estimates the first term and the third, the
/// spread of the examples' means the second and the third; their sum counts the third, small one twice. It is the
/// variance that a bootstrap of whole rows and columns has (Owen 2007, "The pigeonhole bootstrap", arXiv:0711.3256),
/// without its noise, and it leaves Student's t to the few runs, where percentiles of a bootstrap cover too little.
package enum CrossedMeans {
  /// The standard error that the choice of examples leaves in a difference of two groups' means.
  ///
  /// - Parameters:
  ///   - first: the share of the first group's runs that are right on each example.
  ///   - second: the same of the second group; `nil` for the first group's mean by itself.
  /// - Returns: `nil` for fewer than two examples.
  package static func exampleError(_ first: [Double], minus second: [Double]? = nil) -> Double? {
    let differences = second.map { second in zip(first, second).map { $0 - $1 } } ?? first
    return standardDeviation(differences).map { $0 / Double(differences.count).squareRoot() }
  }

  /// The interval for a group's mean, or a difference of two, over all runs and all such examples.
  ///
  /// The reach of the runs' interval and of the examples', which is normal, are added in quadrature on each side: Zou &
  /// Donner 2008, "Construction of confidence limits about effect measures" (MOVER). So it is never narrower than the
  /// runs' interval, and keeps its skewness.
  ///
  /// - Parameters:
  ///   - runs: the interval over runs alone.
  ///   - count: how many intervals hold at once.
  package static func interval(_ value: Double, runs: Interval, exampleError: Double, ofAll count: Int = 1) -> Interval
  {
    let reach = Normal.quantile(1 - (1 - runs.confidence) / 2 / Double(count)) * exampleError
    func widened(_ bound: Double) -> Double { ((value - bound) * (value - bound) + reach * reach).squareRoot() }
    return Interval(
      lower: value - widened(runs.lower), upper: value + widened(runs.upper), confidence: runs.confidence)
  }
}

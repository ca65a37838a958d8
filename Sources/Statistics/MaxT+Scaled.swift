extension MaxT {
  /// Tests that each row of `differences` has mean zero, each row counted in a unit of its own: its floor, or the root
  /// mean square of its differences where that is larger.
  ///
  /// Means are strong at few seeds, but one noisy comparison hides the losses of all others, and comparisons counted in
  /// different things can't share a family; t has heavy tails. With a floor above the noise this is the test of means;
  /// a row noisier than its floor weighs no more than the others, as with t. Flipping signs leaves the unit alone, so
  /// the test stays exact.
  ///
  /// - Parameters:
  ///   - differences: one row a comparison, one column a seed; NaN where a pair is missing.
  ///   - floors: one a row, in the row's own unit, such as the difference that is not minded; at least 0.
  /// - Returns: statistics in those units, and the corrected p.
  public static func scaledTest(
    _ differences: [[Double]], floors: [Double], alternative: Alternative = .twoSided, limit: Int = 10_000,
    seed: UInt64 = 0
  ) -> Result {
    precondition(floors.count == differences.count, "\(floors.count) floors for \(differences.count) rows")
    let scaled = zip(differences, floors).map { row, floor in
      var (squares, count) = (0.0, 0.0)
      for value in row where !value.isNaN { (squares, count) = (squares + value * value, count + 1) }
      let unit = max(floor, count > 0 ? (squares / count).squareRoot() : 0)
      return unit > 0 ? row.map { $0 / unit } : row
    }
    return test(scaled, statistic: .mean, alternative: alternative, limit: limit, seed: seed)
  }
}

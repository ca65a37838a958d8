/// The sign-flip test for several differences at once: where none of them is there, a seed's whole row of differences
/// might as well have the other sign.
package enum JointSignFlip {
  /// Tests whether all columns of `rows` have mean zero; sees a departure in any of them, not only in their sum.
  ///
  /// The statistic is the sum over columns of the squared mean. Exact up to `limit` sign patterns, sampled above.
  /// No rows, or a NaN, give a p of NaN. Source: Fisher 1935, "The Design of Experiments", § 21.
  ///
  /// - Parameter rows: one row per seed, all of the same length.
  package static func p(_ rows: [[Double]], limit: Int = 10_000, seed: UInt64 = 0) -> Double {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "every seed has one value per column")
    guard columns > 0, rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      return .nan
    }
    // The squared length of a signed sum of rows needs their products alone.
    let products = rows.map { first in rows.map { second in zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } } }
    func squaredLength(_ signs: ArraySlice<Double>) -> Double {
      var sum = 0.0
      for (first, a) in signs.enumerated() {
        for (second, b) in signs.enumerated() { sum += a * b * products[first][second] }
      }
      return sum
    }
    let patterns = SignPatterns(seeds: rows.count, limit: limit, seed: seed)
    let observed = squaredLength(ArraySlice(rows.map { _ in 1 }))
    let tolerance = 1e-11 * products.reduce(0) { $0 + $1.reduce(0) { $0 + abs($1) } }
    let hits = (0..<patterns.count).count { pattern in
      squaredLength(patterns.signs[(pattern * rows.count)..<((pattern + 1) * rows.count)]) >= observed - tolerance
    }
    return patterns.p(hits: hits)
  }

  /// The smallest p that so many seeds can give, whatever they hold: 2^(1−seeds).
  package static func smallestP(seeds: Int) -> Double { (0..<seeds).reduce(2.0) { p, _ in p / 2 } }
}

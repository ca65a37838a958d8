/// Westfall and Young's step-down max-T correction for many paired comparisons at once, the signs flipped jointly by
/// seed.
///
/// It controls the chance of even one false alarm over the whole family, and uses that comparisons of the same seeds
/// hang together: its smallest p does not grow with their number, as Bonferroni's and Holm's does.
/// Source: Westfall & Young 1993, "Resampling-Based Multiple Testing", algorithm 4.1.
public enum MaxT {
  /// What the largest of is taken.
  public enum Statistic: String, Hashable, Sendable, CaseIterable {
    /// The mean difference: right where all comparisons are noisy alike, and much stronger at few seeds.
    case mean
    /// The t of the differences: for comparisons whose noise differs; heavy-tailed at few seeds.
    case studentized
  }

  /// The corrected p of each comparison.
  public struct Result: Hashable, Sendable {
    /// The observed statistic, one a comparison.
    public let statistics: [Double]
    /// The corrected p, one a comparison; NaN where a comparison has no pairs.
    public let p: [Double]
    /// Whether all sign patterns were counted.
    public let isExact: Bool
  }

  /// Tests that each row of `differences` has mean zero.
  ///
  /// - Parameters:
  ///   - differences: one row a comparison, one column a seed; NaN where a pair is missing.
  ///   - limit: sign patterns at most; all are counted where there are no more.
  public static func test(
    _ differences: [[Double]], statistic: Statistic = .mean, alternative: Alternative = .twoSided,
    limit: Int = 10_000, seed: UInt64 = 0
  ) -> Result {
    let seeds = differences.map(\.count).max() ?? 0
    precondition(differences.allSatisfy { $0.count == seeds }, "every comparison has one column a seed")
    let rows = differences.map { Row($0, statistic: statistic, alternative: alternative) }
    let observed = rows.map { $0.value(signs: nil) }
    let order = rows.indices.filter { rows[$0].count > 0 }.sorted { observed[$0] < observed[$1] }
    let patterns = SignPatterns(seeds: seeds, isSymmetric: alternative == .twoSided, limit: limit, seed: seed)
    var hits = [Int](repeating: 0, count: rows.count)
    patterns.signs.withUnsafeBufferPointer { signs in
      for pattern in 0..<patterns.count {
        let flips = UnsafeBufferPointer(rebasing: signs[(pattern * seeds)..<((pattern + 1) * seeds)])
        // The largest among the comparisons that are no more extreme than this one.
        var largest = -Double.infinity
        for index in order {
          largest = max(largest, rows[index].value(signs: flips))
          if largest >= observed[index] - rows[index].tolerance { hits[index] += 1 }
        }
      }
    }
    var p = [Double](repeating: .nan, count: rows.count)
    var highest = 0.0
    for index in order.reversed() {
      highest = max(highest, patterns.p(hits: hits[index]))
      p[index] = highest
    }
    return Result(
      statistics: rows.map(\.signed), p: p, isExact: patterns.isExact)
  }

  /// One comparison: its differences, with 0 where a pair is missing.
  private struct Row {
    let values: [Double]
    let count: Int
    let meanSquare: Double
    let statistic: Statistic
    let alternative: Alternative
    var tolerance: Double { statistic == .mean ? 1e-11 * meanSquare.squareRoot() : 1e-9 }

    init(_ differences: [Double], statistic: Statistic, alternative: Alternative) {
      values = differences.map { $0.isNaN ? 0 : $0 }
      count = differences.count { !$0.isNaN }
      meanSquare = values.reduce(0) { $0 + $1 * $1 } / Double(max(1, count))
      (self.statistic, self.alternative) = (statistic, alternative)
    }

    /// The statistic as people read it, with its sign.
    var signed: Double {
      guard count > 0 else { return .nan }
      return scaled(values.reduce(0, +) / Double(count))
    }

    /// How extreme the differences are with their signs flipped; larger is more.
    func value(signs: UnsafeBufferPointer<Double>?) -> Double {
      var sum = 0.0
      if let signs {
        for index in values.indices { sum += values[index] * signs[index] }
      } else {
        for value in values { sum += value }
      }
      let result = scaled(sum / Double(max(1, count)))
      switch alternative {
      case .twoSided: return abs(result)
      case .greater: return result
      case .less: return -result
      }
    }

    /// Flipping signs leaves the sum of squares alone, so t follows from the mean: t² = (n − 1)·m² / (q − m²).
    private func scaled(_ mean: Double) -> Double {
      guard statistic == .studentized, mean != 0 else { return mean }
      let rest = meanSquare - mean * mean
      guard rest > 1e-12 * meanSquare else { return mean > 0 ? .infinity : -.infinity }
      return mean * (Double(count - 1) / rest).squareRoot()
    }
  }
}

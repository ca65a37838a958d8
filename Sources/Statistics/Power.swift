import Foundation

/// The number of seeds that it takes to tell two configurations apart.
package enum Power {
  /// The chance that Welch's two-sided t test at `alpha` sees a difference of the means of `difference` between two
  /// normal samples of `seeds` ≥ 2 values each with the standard deviations `deviations`.
  ///
  /// The test has one degree of freedom fewer than Welch and Satterthwaite's estimate, as the report's. The estimate hangs
  /// on the sample variances' shares B and 1 − B alone, of which σ₂²B : σ₁²(1 − B) follows from a beta distribution, and
  /// given B the statistic is a scaled noncentral t with 2(n − 1) degrees of freedom. So the chance is an integral over B;
  /// with B = sin²θ the density is (sin θ cos θ)ⁿ⁻². It is exact but for the 48 places at which it is summed. Taking
  /// the degrees of freedom as known instead tells 5 percentage points too much with 4 seeds.
  ///
  /// The cost of ``WelchComparison``'s guard against skewness is included: samples of a normal distribution show a skewness, of
  /// mean 0 and variance 6n(n − 1) / ((n − 2)(n + 1)(n + 3)), and half of the time it moves the critical value out.
  ///
  /// - Parameter groups: the configurations of the study, whose mean skewness each estimate is shrunk to.
  static func welch(
    difference: Double, deviations: (Double, Double), seeds: Int, alpha: Double = 0.05, groups: Int = 2
  ) -> Double {
    precondition(seeds >= 2, "a t test needs two values a sample, found \(seeds)")
    let n = Double(seeds)
    let (left, right) = (deviations.0 * deviations.0, deviations.1 * deviations.1)
    guard left + right > 0 else { return difference == 0 ? alpha : 1 }
    let shift = abs(difference) / ((left + right) / n).squareRoot()
    // θ has a standard deviation of about 1 / (2√n).
    let reach = min(Double.pi / 4, 3 / n.squareRoot())
    let places = 48
    var (sum, total) = (0.0, 0.0)
    for place in 0..<places {
      let angle = Double.pi / 4 + reach * ((2 * Double(place) + 1) / Double(places) - 1)
      let share = sin(angle) * sin(angle)
      let weight = pow(2 * sin(angle) * cos(angle), n - 2)
      total += weight
      let (a, b) = (left * share, right * (1 - share))
      let df = (n - 1) * (a + b) * (a + b) / (a * a + b * b) - 1
      // With hardly a degree of freedom nothing is ever seen.
      guard df > 0.2 else { continue }
      let critical = StudentT.quantile(1 - alpha / 2, degreesOfFreedom: df)
      let scale = (2 * (a + b) / (left + right)).squareRoot()
      let spread = guardSpread(share: a / (a + b), seeds: n, groups: Double(groups))
      let guarded = halfNormal.map { critical + $0 * spread * (1 + 2 * critical * critical) / 6 }
      let powers = ([critical] + (spread > 0 ? guarded : [])).map {
        outside($0 * scale, degreesOfFreedom: 2 * (n - 1), shift: shift)
      }
      sum += weight * (spread > 0 ? (powers[0] + mean(Array(powers.dropFirst()))) / 2 : powers[0])
    }
    return sum / total
  }

  /// The seeds per configuration with which ``welch(difference:deviations:seeds:alpha:)`` reaches `power`; `nil` where
  /// `limit` are not enough. Never fewer than ``MeanComparisons`` compares.
  package static func seedsNeeded(
    difference: Double, deviations: (Double, Double), alpha: Double = 0.05, groups: Int = 2, power: Double = 0.8,
    limit: Int = 10_000
  ) -> Int? {
    guard difference != 0 else { return nil }
    return fewest(from: MeanComparisons.fewestValues, to: limit) {
      welch(difference: difference, deviations: deviations, seeds: $0, alpha: alpha, groups: groups) >= power
    }
  }

  /// The smallest difference that ``welch(difference:deviations:seeds:alpha:)`` sees with the chance `power`; `nil` where
  /// so few seeds see none, however large.
  package static func smallestDifference(
    deviations: (Double, Double), seeds: Int, alpha: Double = 0.05, groups: Int = 2, power: Double = 0.8
  ) -> Double? {
    guard seeds >= MeanComparisons.fewestValues else { return nil }
    let spread = max(deviations.0, deviations.1)
    guard spread > 0 else { return 0 }
    func isSeen(_ difference: Double) -> Bool {
      welch(difference: difference, deviations: deviations, seeds: seeds, alpha: alpha, groups: groups) >= power
    }
    var (low, high) = (0.0, spread)
    while !isSeen(high) {
      guard high < spread * 1e9 else { return nil }
      (low, high) = (high, high * 2)
    }
    while high - low > high * 1e-4 {
      let middle = (low + high) / 2
      if isSeen(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// The 10, 30, 50, 70 and 90 % quantiles of the absolute value of a standard normal variable.
  private static let halfNormal = [0.1257, 0.3853, 0.6745, 1.0364, 1.6449]

  /// The standard deviation of the statistic's estimated skewness where nothing is skewed, by the first sample's share of
  /// the squared standard error; 0 from 40 seeds on, where it says little.
  private static func guardSpread(share: Double, seeds n: Double, groups k: Double) -> Double {
    guard n > 3, n <= 40 else { return 0 }
    let own = (6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3))).squareRoot()
    let (first, second) = (pow(share, 1.5) / n.squareRoot(), pow(1 - share, 1.5) / n.squareRoot())
    let common = 1.5 * (first - second) / k
    let (a, b) = (0.5 * first + common, 0.5 * second - common)
    return own * (a * a + b * b + max(0, k - 2) * common * common).squareRoot()
  }

  /// P(|T| > t) of the noncentral t distribution.
  private static func outside(_ t: Double, degreesOfFreedom df: Double, shift: Double) -> Double {
    // So large a shift matters only with few degrees of freedom, where the statistic varies with its denominator, hardly
    // with its numerator; then both can be scaled. The series for the distribution would take as many terms as half of
    // the shift's square.
    let scale = min(1, 30 / max(shift, 1))
    func cumulative(_ t: Double) -> Double {
      StudentT.cumulative(t * scale, degreesOfFreedom: df, shift: shift * scale)
    }
    // Beyond a shift of 6 the other side is below 1e-9.
    return 1 - cumulative(t) + (shift > 6 ? 0 : cumulative(-t))
  }

  /// The fewest from `first` to `last` for which a claim holds that holds for all above; `nil` where it holds for none.
  private static func fewest(from first: Int, to last: Int, _ holds: (Int) -> Bool) -> Int? {
    var (low, high) = (first - 1, first)
    while !holds(high) {
      guard high < last else { return nil }
      (low, high) = (high, min(last, high * 2))
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle }
    }
    return high
  }
}

import Foundation

/// How many seeds it takes to tell two configurations apart.
public enum Power {
  /// The chance that Welch's two-sided t test at `alpha` sees a difference of the means of `difference` between two
  /// normal samples of `seeds` ≥ 2 values each with the standard deviations `deviations`.
  ///
  /// The test has one degree of freedom fewer than Welch and Satterthwaite's estimate, as the report's. The estimate hangs
  /// on the sample variances' shares B and 1 − B alone, of which σ₂²B : σ₁²(1 − B) follows from a beta distribution, and
  /// given B the statistic is a scaled noncentral t with 2(n − 1) degrees of freedom. So the chance is an integral over B;
  /// with B = sin²θ the density is (sin θ cos θ)ⁿ⁻². It is exact but for the 48 places at which it is summed. Taking
  /// the degrees of freedom as known instead tells 5 percentage points too much with 4 seeds.
  static func welch(
    difference: Double, deviations: (Double, Double), seeds: Int, alpha: Double = 0.05
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
      sum += weight * outside(critical * scale, degreesOfFreedom: 2 * (n - 1), shift: shift)
    }
    return sum / total
  }

  /// The seeds per configuration with which ``welch(difference:deviations:seeds:alpha:)`` reaches `power`; `nil` where
  /// `limit` are not enough. Never fewer than ``MeanComparisons`` compares.
  public static func seedsNeeded(
    difference: Double, deviations: (Double, Double), alpha: Double = 0.05, power: Double = 0.8, limit: Int = 10_000
  ) -> Int? {
    guard difference != 0 else { return nil }
    return fewest(from: MeanComparisons.fewestValues, to: limit) {
      welch(difference: difference, deviations: deviations, seeds: $0, alpha: alpha) >= power
    }
  }

  /// The smallest difference that ``welch(difference:deviations:seeds:alpha:)`` sees with the chance `power`; `nil` where
  /// so few seeds see none, however large.
  public static func smallestDifference(
    deviations: (Double, Double), seeds: Int, alpha: Double = 0.05, power: Double = 0.8
  ) -> Double? {
    guard seeds >= 2 else { return nil }
    let spread = max(deviations.0, deviations.1)
    guard spread > 0 else { return 0 }
    func isSeen(_ difference: Double) -> Bool {
      welch(difference: difference, deviations: deviations, seeds: seeds, alpha: alpha) >= power
    }
    var (low, high) = (0.0, spread)
    while !isSeen(high) {
      guard high < spread * 1e9 else { return nil }
      (low, high) = (high, high * 2)
    }
    while high - low > high * 1e-6 {
      let middle = (low + high) / 2
      if isSeen(middle) { high = middle } else { low = middle }
    }
    return high
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

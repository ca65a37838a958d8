import Foundation

/// The standard normal distribution.
package enum Normal {
  /// P(Z ≤ z).
  package static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The z with P(Z ≤ z) = `probability`; ±∞ at 0 and 1.
  ///
  /// A rational start (Abramowitz & Stegun 26.2.23), then Halley steps to full precision.
  package static func quantile(_ probability: Double) -> Double {
    precondition((0...1).contains(probability), "a probability lies in 0...1, found \(probability)")
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    if probability == 0.5 { return 0 }
    let tail = min(probability, 1 - probability)
    let t = (-2 * log(tail)).squareRoot()
    let ratio = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    var z = -(t - ratio)
    for _ in 0..<4 {
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let newton = (cumulative(z) - tail) / density
      z -= newton / (1 + z * newton / 2)
    }
    return probability < 0.5 ? z : -z
  }
}

extension Normal {
  /// The mean of the largest of `count` independent standard normal values, such as 0.85 for three.
  ///
  /// ∫ z·n·φ(z)·Φ(z)ⁿ⁻¹ dz by the trapezoidal rule, to seven digits.
  package static func expectedMaximum(of count: Int) -> Double {
    let (step, n) = (0.01, Double(count))
    return stride(from: -9.0, through: 9.0, by: step).reduce(0) { sum, z in
      sum + z * n * exp(-z * z / 2) / (2 * Double.pi).squareRoot() * pow(cumulative(z), n - 1) * step
    }
  }
}

/// Student's t distribution.
package enum StudentT {
  /// P(T > t), without the loss of digits that 1 − P(T ≤ t) has.
  package static func upperTail(_ t: Double, degreesOfFreedom df: Double) -> Double {
    if t.isNaN || df.isNaN { return .nan }
    if t < 0 { return 1 - upperTail(-t, degreesOfFreedom: df) }
    if t.isInfinite { return 0 }
    return 0.5 * regularizedBeta(df / (df + t * t), df / 2, 0.5)
  }

  /// The t with P(T ≤ t) = `probability`; ±∞ at 0 and 1.
  package static func quantile(_ probability: Double, degreesOfFreedom df: Double) -> Double {
    precondition((0...1).contains(probability), "a probability lies in 0...1, found \(probability)")
    precondition(df > 0, "degrees of freedom are positive, found \(df)")
    let tail = min(probability, 1 - probability)
    if tail == 0 { return probability == 0 ? -.infinity : .infinity }
    if tail == 0.5 { return 0 }
    var low = 0.0
    var high = max(1, -Normal.quantile(tail))
    while upperTail(high, degreesOfFreedom: df) > tail { (low, high) = (high, high * 2) }
    // Newton's step where it stays inside the bracket, half of the bracket otherwise.
    let constant = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * log(df * Double.pi)
    var t = (low + high) / 2
    for _ in 0..<200 {
      let excess = upperTail(t, degreesOfFreedom: df) - tail
      if excess > 0 { low = t } else { high = t }
      let density = exp(constant - (df + 1) / 2 * log1p(t * t / df))
      let newton = t + excess / density
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - t) <= 1e-15 * abs(t) { break }
      t = next
    }
    return probability < 0.5 ? -t : t
  }

  /// P(T ≤ t) of the noncentral distribution, whose mean is shifted by `shift`: what a t statistic follows where
  /// there is a difference.
  ///
  /// Source: Lenth 1989, algorithm AS 243.
  package static func cumulative(_ t: Double, degreesOfFreedom df: Double, shift: Double) -> Double {
    guard t >= 0 else { return 1 - cumulative(-t, degreesOfFreedom: df, shift: -shift) }
    let x = t * t / (df + t * t)
    let half = shift * shift / 2
    var sum = 0.0
    var poisson = 0.0
    for step in 0..<10_000 {
      let j = Double(step)
      let weight = exp(-half + (half > 0 ? j * log(half) : (step == 0 ? 0 : -.infinity)) - logGamma(j + 1))
      let odd =
        shift == 0
        ? 0 : shift / 2.0.squareRoot() * exp(-half + j * log(half) - logGamma(j + 1.5))
      sum += weight * regularizedBeta(x, j + 0.5, df / 2) + odd * regularizedBeta(x, j + 1, df / 2)
      poisson += weight
      if j > half, 1 - poisson < 1e-14 { break }
    }
    return min(1, max(0, Normal.cumulative(-shift) + sum / 2))
  }
}

/// The number of successes in tries that succeed alike and by themselves.
package enum Binomial {
  /// The probability of so many successes or more.
  package static func upperTail(_ successes: Int, of tries: Int, probability: Double) -> Double {
    precondition((0...tries).contains(successes), "more successes than tries")
    // Source: NIST DLMF 8.17.5.
    return successes == 0 ? 1 : regularizedBeta(probability, Double(successes), Double(tries - successes + 1))
  }
}

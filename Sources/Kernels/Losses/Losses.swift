import Glibc

/// What classes weigh in a loss, and how much of a target is spread over all of them.
package struct ClassWeights {
  /// A weight for each class; `nil` weighs all alike, as 1.
  package let weights: UnsafePointer<Float>?
  /// The share of each target that is spread evenly over all classes.
  package let smoothing: Double

  /// Creates weights; by default all weigh alike and nothing is spread.
  package init(_ weights: UnsafePointer<Float>? = nil, smoothing: Double = 0) {
    (self.weights, self.smoothing) = (weights, smoothing)
  }

  /// What a class weighs.
  @inline(__always)
  package subscript(label: Int) -> Float { weights.map { $0[label] } ?? 1 }

  /// The sum of what the labels of some rows weigh.
  package func sum(rows: Int, labels: UnsafePointer<Int32>) -> Float {
    guard weights != nil else { return Float(rows) }
    var sum = 0.0
    for row in 0..<rows { sum += Double(self[Int(labels[row])]) }
    return Float(sum)
  }
}

/// Cross entropy of logits against classes, `(1 − s) w_t (−log p_t) + s / C Σ w_c (−log p_c)` for a row with the label t
/// and a smoothing s.
///
/// - Parameters:
///   - logits: `[rows][classes]`.
///   - gradient: set to the gradient of the sum over the rows by the sum of their weights; `nil` where nobody asks for it.
/// - Returns: The sum over the rows, in nats.
package func crossEntropy(
  rows: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
  weights: ClassWeights = ClassWeights(), gradient: UnsafeMutablePointer<Float>?
) -> Double {
  let divisor = weights.sum(rows: rows, labels: labels)
  let spread = Float(weights.smoothing / Double(classes))
  let kept = Float(1 - weights.smoothing)
  var all: Float = 0
  for index in 0..<classes { all += weights[index] }
  var total = 0.0
  for row in 0..<rows {
    let x = logits + row * classes
    let label = Int(labels[row])
    let (largest, logSum) = logSumExponential(x, classes)
    let own = kept * weights[label]
    total -= Double(own * (x[label] - largest - logSum))
    if spread != 0 {
      var smooth = 0.0
      for index in 0..<classes { smooth += Double(weights[index] * (x[index] - largest - logSum)) }
      total -= Double(spread) * smooth
    }
    guard let gradient else { continue }
    let d = gradient + row * classes
    let sum = own + spread * all
    for index in 0..<classes {
      let target = (index == label ? own : 0) + spread * weights[index]
      d[index] = (expf(x[index] - largest - logSum) * sum - target) / divisor
    }
  }
  return total
}

/// Cross entropy of logits against the share of each class, `Σ w_c t_c (−log p_c)` for a row with the shares t, of which a
/// smoothing spreads a part over all classes.
///
/// - Parameters:
///   - logits: `[rows][classes]`.
///   - shares: `[rows][classes]`; those of a row add up to 1.
///   - gradient: set to the gradient of the sum over the rows by their *number*, whatever they weigh, as PyTorch's is;
///     `nil` where nobody asks for it.
/// - Returns: The sum over the rows, in nats.
package func crossEntropy(
  rows: Int, classes: Int, logits: UnsafePointer<Float>, shares: UnsafePointer<Float>,
  weights: ClassWeights = ClassWeights(), gradient: UnsafeMutablePointer<Float>?
) -> Double {
  let (kept, spread) = (Float(1 - weights.smoothing), Float(weights.smoothing / Double(classes)))
  @inline(__always) func target(_ row: Int, _ index: Int) -> Float {
    let share = shares[row * classes + index]
    return (weights.smoothing > 0 ? share * kept + spread : share) * weights[index]
  }
  var total = 0.0
  for row in 0..<rows {
    let x = logits + row * classes
    let (largest, logSum) = logSumExponential(x, classes)
    var sum = 0.0
    for index in 0..<classes {
      let own = target(row, index)
      total -= Double((x[index] - largest - logSum) * own)
      sum += Double(own)
    }
    guard let gradient else { continue }
    let d = gradient + row * classes
    for index in 0..<classes {
      d[index] = (expf(x[index] - largest - logSum) * Float(sum) - target(row, index)) / Float(rows)
    }
  }
  return total
}

/// Negative log-likelihood of log-probabilities against classes; parameters as for cross entropy.
package func negativeLogLikelihood(
  rows: Int, classes: Int, logProbabilities: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
  weights: ClassWeights = ClassWeights(), gradient: UnsafeMutablePointer<Float>?
) -> Double {
  let divisor = weights.sum(rows: rows, labels: labels)
  var total = 0.0
  if let gradient { zero(gradient, count: rows * classes) }
  for row in 0..<rows {
    let label = Int(labels[row])
    let position = row * classes + label
    total -= Double(weights[label] * logProbabilities[position])
    if let gradient { gradient[position] = -weights[label] / divisor }
  }
  return total
}

/// How far a value is from what it should be.
package enum ValueError: Sendable {
  /// `d²` of the difference d.
  case squared
  /// `|d|`
  case absolute
  /// `d² / (2 beta)` below beta, `|d| − beta / 2` above.
  case smooth(beta: Float)
  /// Binary cross entropy of a logit against a probability.
  case logistic

  /// The error of a value and its slope.
  @inline(__always)
  func callAsFunction(_ value: Float, _ target: Float) -> (error: Float, slope: Float) {
    let difference = value - target
    switch self {
    case .squared: return (difference * difference, 2 * difference)
    case .absolute: return (abs(difference), sign(difference))
    case .smooth(let beta):
      let size = abs(difference)
      // What is not a number is not below beta, and stays so.
      return size < beta
        ? (0.5 * size * size / beta, difference / beta) : (size - 0.5 * beta, sign(difference))
    case .logistic:
      // PyTorch's form, which does not overflow: (1 − t) x − log σ(x).
      let logSigmoid = min(value, 0) - log1pf(expf(-abs(value)))
      return ((1 - target) * value - logSigmoid, 1 / (1 + expf(-value)) - target)
    }
  }

  @inline(__always)
  private func sign(_ value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }
}

/// Errors against a vector that is 1 at the label and 0 elsewhere, or against the share of each class.
///
/// - Parameters:
///   - shares: `[rows][classes]`, in place of the labels; `nil` takes those.
///   - gradient: set to the gradient of the *mean* over rows and classes; `nil` where nobody asks for it.
/// - Returns: The sum over the rows of the mean over the classes.
package func oneHotError(
  _ error: ValueError, rows: Int, classes: Int, values: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
  shares: UnsafePointer<Float>? = nil, gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  let scale = 1 / Float(rows * classes)
  for row in 0..<rows {
    for index in 0..<classes {
      let target = shares.map { $0[row * classes + index] } ?? (Int(labels[row]) == index ? 1 : 0)
      let found = error(values[row * classes + index], target)
      total += Double(found.error)
      if let gradient { gradient[row * classes + index] = scale * found.slope }
    }
  }
  return total / Double(classes)
}

/// Errors against images of the same size.
///
/// - Parameter gradient: set to the gradient of the *mean* over examples and values; `nil` where nobody asks for it.
/// - Returns: The sum over the examples of the mean over their values.
package func imageError(
  _ error: ValueError, count: Int, output: ImageLayout, values: UnsafePointer<Float>, target: ImageLayout,
  targets: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  let scale = 1 / Float(count * output.valueCount)
  forEachRun(count, output, target) { first, second, length in
    for index in 0..<length {
      let found = error(values[first + index], targets[second + index])
      total += Double(found.error)
      if let gradient { gradient[first + index] = scale * found.slope }
    }
  }
  return total / Double(output.valueCount)
}

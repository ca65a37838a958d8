import Glibc

/// Cross entropy of logits against classes.
///
/// - Parameters:
///   - logits: `[rows][classes]`.
///   - gradient: set to the gradient of the *mean* over the rows; `nil` where nobody asks for it.
/// - Returns: The sum over the rows, in nats.
package func crossEntropy(
  rows: Int, classes: Int, logits: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  for row in 0..<rows {
    let x = logits + row * classes
    let label = Int(labels[row])
    let (largest, logSum) = logSumExponential(x, classes)
    total -= Double(x[label] - largest - logSum)
    guard let gradient else { continue }
    let d = gradient + row * classes
    for index in 0..<classes {
      d[index] = (expf(x[index] - largest - logSum) - (index == label ? 1 : 0)) / Float(rows)
    }
  }
  return total
}

/// Negative log-likelihood of log-probabilities against classes; parameters as for cross entropy.
package func negativeLogLikelihood(
  rows: Int, classes: Int, logProbabilities: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  if let gradient { zero(gradient, count: rows * classes) }
  for row in 0..<rows {
    let position = row * classes + Int(labels[row])
    total -= Double(logProbabilities[position])
    if let gradient { gradient[position] = -1 / Float(rows) }
  }
  return total
}

/// Squared error against a vector that is 1 at the label and 0 elsewhere.
///
/// - Returns: The sum over the rows of the mean over the classes.
package func oneHotSquaredError(
  rows: Int, classes: Int, values: UnsafePointer<Float>, labels: UnsafePointer<Int32>,
  gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  let scale = 2 / Float(rows * classes)
  for row in 0..<rows {
    for index in 0..<classes {
      let difference = values[row * classes + index] - (Int(labels[row]) == index ? 1 : 0)
      total += Double(difference * difference)
      if let gradient { gradient[row * classes + index] = scale * difference }
    }
  }
  return total / Double(classes)
}

/// Squared error against images of the same size.
///
/// - Returns: The sum over the examples of the mean over their values.
package func squaredError(
  count: Int, output: ImageLayout, values: UnsafePointer<Float>, target: ImageLayout,
  targets: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>?
) -> Double {
  var total = 0.0
  let scale = 2 / Float(count * output.valueCount)
  forEachRun(count, output, target) { first, second, length in
    for index in 0..<length {
      let difference = values[first + index] - targets[second + index]
      total += Double(difference * difference)
      if let gradient { gradient[first + index] = scale * difference }
    }
  }
  return total / Double(output.valueCount)
}

/// The index of each row's largest value: the first of equal ones, and NaN is larger than all.
package func largestIndices(
  rows: Int, classes: Int, _ values: UnsafePointer<Float>, into indices: UnsafeMutablePointer<Int32>
) {
  for row in 0..<rows {
    let x = values + row * classes
    var best = 0
    for index in 1..<max(classes, 1) where x[index] > x[best] || (x[index] != x[index] && x[best] == x[best]) {
      best = index
    }
    indices[row] = Int32(truncatingIfNeeded: best)
  }
}

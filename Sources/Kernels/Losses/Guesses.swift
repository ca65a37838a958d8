import Glibc

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

/// How many values come before the one at `index` where they are sorted from the largest down: the first of equal ones
/// first, and NaN before all, as for ``largestIndices(rows:classes:_:into:)``, whose index has the rank 0.
package func rank(of index: Int, classes: Int, _ values: UnsafePointer<Float>) -> Int {
  let own = values[index]
  var rank = 0
  for other in 0..<classes {
    let value = values[other]
    let isEqual = value == own || (value != value && own != own)
    if isEqual ? other < index : value > own || (value != value && own == own) { rank += 1 }
  }
  return rank
}

/// The largest of the probabilities exp(x) / Σ exp(x), without overflow; NaN where a value is.
package func largestProbability(classes: Int, _ values: UnsafePointer<Float>) -> Double {
  let largest = largestValue(values, classes)
  var sum = 0.0
  for index in 0..<classes { sum += Double(expf(values[index] - largest)) }
  return 1 / sum
}

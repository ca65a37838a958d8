import Glibc

/// The logarithm of the soft-max over each run of `classes` values, without overflow: `[rows][classes]` to the same.
package func logSoftmaxForward(
  rows: Int, classes: Int, _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let (x, y) = (values + row * classes, result + row * classes)
    let (largest, logSum) = logSumExponential(x, classes)
    for index in 0..<classes { y[index] = x[index] - largest - logSum }
  }
}

/// The gradient of ``logSoftmaxForward(rows:classes:_:into:)``; `result` is the forward pass's.
///
/// All three are `[rows][classes]`; `gradInput` may be `gradOutput`.
package func logSoftmaxBackward(
  rows: Int, classes: Int, result: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let (y, g, d) = (result + row * classes, gradOutput + row * classes, gradInput + row * classes)
    var total = 0.0
    for index in 0..<classes { total += Double(g[index]) }
    let sum = Float(total)
    for index in 0..<classes { d[index] = g[index] - expf(y[index]) * sum }
  }
}

/// The largest value; NaN where there is one.
@inline(__always)
func largestValue(_ x: UnsafePointer<Float>, _ count: Int) -> Float {
  var largest = x[0]
  for index in 1..<max(count, 1) where x[index] > largest || x[index] != x[index] { largest = x[index] }
  return largest
}

/// The largest value, and log Σ exp(x − largest), which is small: to subtract both from a value, the largest first, keeps
/// the digits of a loss near zero.
@inline(__always)
func logSumExponential(_ x: UnsafePointer<Float>, _ count: Int) -> (largest: Float, logSum: Float) {
  let largest = largestValue(x, count)
  // Summed in Double, for a vector may have thousands of values; rounded as PyTorch's sum is.
  var sum = 0.0
  for index in 0..<count { sum += Double(expf(x[index] - largest)) }
  return (largest, logf(Float(sum)))
}

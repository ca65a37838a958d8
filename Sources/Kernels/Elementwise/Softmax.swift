import Glibc

/// Probabilities exp(x) / Σ exp(x) of each run of `classes` values, without overflow: `[rows][classes]` to the same.
package func softmaxForward(
  rows: Int, classes: Int, _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let (x, y) = (values + row * classes, result + row * classes)
    let largest = largestValue(x, classes)
    var sum = 0.0
    for index in 0..<classes {
      y[index] = expf(x[index] - largest)
      sum += Double(y[index])
    }
    for index in 0..<classes { y[index] = Float(Double(y[index]) / sum) }
  }
}

/// The gradient of ``softmaxForward(rows:classes:_:into:)``, `y · (g − Σ g · y)`; `result` is what came out.
///
/// All three are `[rows][classes]`; `gradInput` may be `gradOutput`.
package func softmaxBackward(
  rows: Int, classes: Int, result: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let (y, g, d) = (result + row * classes, gradOutput + row * classes, gradInput + row * classes)
    var total = 0.0
    for index in 0..<classes { total += Double(g[index]) * Double(y[index]) }
    let sum = Float(total)
    for index in 0..<classes { d[index] = y[index] * (g[index] - sum) }
  }
}

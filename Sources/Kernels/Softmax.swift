import Glibc

/// exp(x_c) / Σ exp(x) of each row.
public func softmaxForward(
  rows: Int, classes: Int, _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let (x, y) = (values + row * classes, result + row * classes)
    let (largest, logSum) = logSumExponential(x, classes)
    for index in 0..<classes { y[index] = expf(x[index] - largest - logSum) }
  }
}

/// The gradient of ``softmaxForward(rows:classes:_:into:)``; `result` is what came out.
public func softmaxBackward(
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

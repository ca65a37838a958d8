/// The largest difference, over the larger of 1 and the largest expected value.
func distance(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.reduce(1) { max($0, abs($1)) }
  guard found.allSatisfy(\.isFinite) else { return .infinity }
  return zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / scale
}

/// The largest difference, relative to the largest value; infinite where a value is not finite on one side.
func distance(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  let scale = max(1e-3, b.reduce(0) { max($0, abs($1)) })
  var largest: Float = 0
  for (x, y) in zip(a, b) where x != y {
    guard x.isFinite, y.isFinite else { return .infinity }
    largest = max(largest, abs(x - y))
  }
  return largest / scale
}

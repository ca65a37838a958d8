/// The sum of the squares of some values, added up in `Double` over 8 lanes in one order: the same bits on every processor.
package func sumOfSquares(count: Int, _ values: UnsafePointer<Float>) -> Double {
  var (low, high) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
  forEachVector(count) { index, lanes in
    let vector = load8(values + index, count: lanes)
    let (first, second) = (SIMD4<Double>(vector.lowHalf), SIMD4<Double>(vector.highHalf))
    low.addProduct(first, first)
    high.addProduct(second, second)
  }
  return (low + high).sum()
}

/// Multiplies values by a factor.
package func scale(count: Int, _ values: UnsafeMutablePointer<Float>, by factor: Float) {
  forEachVector(count) { index, lanes in
    store8(load8(values + index, count: lanes) * factor, count: lanes, to: values + index)
  }
}

/// Brings values into ± `limit`; a NaN stays one.
package func clamp(count: Int, _ values: UnsafeMutablePointer<Float>, to limit: Float) {
  let (low, high) = (Float8(repeating: -limit), Float8(repeating: limit))
  forEachVector(count) { index, lanes in
    var vector = load8(values + index, count: lanes)
    vector.replace(with: high, where: vector .> high)
    vector.replace(with: low, where: vector .< low)
    store8(vector, count: lanes, to: values + index)
  }
}

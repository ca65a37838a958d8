/// Adds `bias` to each of the rows of a matrix.
package func addToRows(
  _ bias: UnsafePointer<Float>, rows: Int, columns: Int, _ matrix: UnsafeMutablePointer<Float>, stride: Int
) {
  for row in 0..<rows {
    let values = matrix + row * stride
    for column in 0..<columns { values[column] += bias[column] }
  }
}

/// Sets `sums` to the sum of each channel over all pixels of a batch, which is the gradient of a bias.
///
/// They are summed in Double: a batch of large images has millions of pixels, and a running Float sum of so many terms
/// keeps three digits.
package func channelSums(
  _ layout: ImageLayout, count: Int, _ values: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
) {
  for first in stride(from: 0, to: layout.channels, by: 8) {
    let lanes = min(8, layout.channels - first)
    var sum = SIMD8<Double>(repeating: 0)
    forEachRun(count, layout, layout) { start, _, length in
      for pixel in stride(from: start + first, to: start + first + length, by: layout.channels) {
        let terms = load8(values + pixel, count: lanes)
        for lane in 0..<8 { sum[lane] += Double(terms[lane]) }
      }
    }
    for lane in 0..<lanes { sums[first + lane] = Float(sum[lane]) }
  }
}

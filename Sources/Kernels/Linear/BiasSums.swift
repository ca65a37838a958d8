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
  let channels = layout.channels
  withUnsafeTemporaryAllocation(of: Double.self, capacity: channels) { buffer in
    guard let totals = buffer.baseAddress else { return }
    totals.initialize(repeating: 0, count: channels)
    forEachRun(count, layout, layout) { start, _, length in
      WidestLoops.addSums(length / channels, channels, values + start, totals)
    }
    for channel in 0..<channels { sums[channel] = Float(totals[channel]) }
  }
}

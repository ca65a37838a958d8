/// Multiplies the values that are not positive by a slope.
///
/// - Parameter slopes: one for each channel, or one alone where `isShared`.
package func preluForward(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, slopes: UnsafePointer<Float>,
  isShared: Bool, into result: UnsafeMutablePointer<Float>
) {
  forEachRun(count, input, output) { source, target, length in
    var start = 0
    while start < length {
      let (x, y) = (values + source + start, result + target + start)
      for channel in 0..<input.channels {
        y[channel] = x[channel] > 0 ? x[channel] : slopes[isShared ? 0 : channel] * x[channel]
      }
      start += input.channels
    }
  }
}

/// The gradients of ``preluForward(input:output:count:_:slopes:isShared:into:)``.
///
/// - Parameters:
///   - gradInput: in the layout of the input; it may be `gradOutput` itself where the layouts agree.
///   - gradSlopes: set, where asked for, to one value for each channel or one alone.
///   - sums: memory for as many values.
package func preluBackward(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, slopes: UnsafePointer<Float>,
  isShared: Bool, gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>?,
  gradSlopes: UnsafeMutablePointer<Float>?, sums: UnsafeMutablePointer<Double>
) {
  let slopeCount = isShared ? 1 : input.channels
  sums.update(repeating: 0, count: slopeCount)
  forEachRun(count, input, output) { source, target, length in
    var start = 0
    while start < length {
      let (x, g) = (values + source + start, gradOutput + target + start)
      for channel in 0..<input.channels {
        let (value, gradient) = (x[channel], g[channel])
        let slope = isShared ? 0 : channel
        if value <= 0 { sums[slope] += Double(gradient) * Double(value) }
        gradInput?[source + start + channel] = value > 0 ? gradient : slopes[slope] * gradient
      }
      start += input.channels
    }
  }
  for slope in 0..<slopeCount { gradSlopes?[slope] = Float(sums[slope]) }
}

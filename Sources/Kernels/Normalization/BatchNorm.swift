/// Mean and variance of each channel over all pixels of a batch, summed in Double.
///
/// The memory is read once: what is summed up are the distances from the first pixel, and their squares. As that is one
/// of the n pixels, the squares' sum is at most n times what is left of it when the mean is known; Double has the digits.
///
/// - Parameters:
///   - mean: set to the means.
///   - sumOfSquaredDeviations: set to the sums of the squared distances from the mean; the variance is this over the
///     number of pixels, or over one fewer.
package func channelMoments(
  _ layout: ImageLayout, count: Int, _ values: UnsafePointer<Float>, mean: UnsafeMutablePointer<Double>,
  sumOfSquaredDeviations: UnsafeMutablePointer<Double>
) {
  let channels = layout.channels
  let origin = values + layout.origin
  let (sums, squares) = (mean, sumOfSquaredDeviations)
  sums.update(repeating: 0, count: channels)
  squares.update(repeating: 0, count: channels)
  forEachRun(count, layout, layout) { source, _, length in
    WidestLoops.addMoments(length / channels, channels, values + source, origin, sums, squares)
  }
  let pixels = Double(count * layout.height * layout.width)
  for channel in 0..<channels {
    let distance = sums[channel] / pixels
    squares[channel] -= sums[channel] * distance
    mean[channel] = Double(origin[channel]) + distance
  }
}

/// Multiplies each channel by its scale and adds its shift; both hold one value per channel.
///
/// - Parameter appliesReLU: whether `max(y, 0)` is stored instead of the sum `y`; NaN stays NaN.
package func scaleAndShift(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, scale: UnsafePointer<Float>,
  shift: UnsafePointer<Float>, appliesReLU: Bool, into result: UnsafeMutablePointer<Float>
) {
  let channels = input.channels
  forEachRun(count, input, output) { source, target, length in
    WidestLoops.scaleAndShift(length / channels, channels, values + source, scale, shift, appliesReLU, result + target)
  }
}

/// The gradients of a batch normalisation by the batch's own mean and variance (Ioffe & Szegedy 2015, arXiv:1502.03167).
///
/// All is in Double: where a channel has few values, its gradient is what is left of terms that cancel.
///
/// - Parameters:
///   - mean: the batch's means.
///   - inverseDeviation: 1 / √(variance + eps) of the batch.
///   - weight: the learnt scale, one per channel; `nil` is 1.
///   - relu: what ``scaleAndShift(input:output:count:_:scale:shift:appliesReLU:into:)`` took, where it applied ReLU: no
///     gradient passes where the sum was not positive. The sums are computed again, which is faster than reading them.
///   - gradInput: in the layout of the input; it may be `gradOutput` itself where the layouts agree.
///   - gradWeight, gradBias: set to the learnt values' gradients, where asked for.
///   - scratch: memory for `3 · channels` values.
package func batchNormBackward(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, mean: UnsafePointer<Double>,
  inverseDeviation: UnsafePointer<Double>, weight: UnsafePointer<Float>?,
  relu: (scale: UnsafePointer<Float>, shift: UnsafePointer<Float>)?, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
  gradBias: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Double>
) {
  let channels = input.channels
  let (plain, weighted, factor) = (scratch, scratch + channels, scratch + 2 * channels)
  scratch.update(repeating: 0, count: 2 * channels)
  forEachRun(count, input, output) { source, target, length in
    WidestLoops.addGradientSums(
      length / channels, channels, values + source, mean, relu, gradOutput + target, plain, weighted)
  }
  let pixels = Double(count * input.height * input.width)
  for channel in 0..<channels {
    let deviation = inverseDeviation[channel]
    gradBias?[channel] = Float(plain[channel])
    gradWeight?[channel] = Float(weighted[channel] * deviation)
    // d = factor · (g − Σg / n − (x − mean) · slope), as g · factor + x · weighted + plain.
    factor[channel] = deviation * (weight.map { Double($0[channel]) } ?? 1)
    let slope = weighted[channel] / pixels * deviation * deviation
    plain[channel] = factor[channel] * (mean[channel] * slope - plain[channel] / pixels)
    weighted[channel] = -factor[channel] * slope
  }
  guard let gradInput else { return }
  forEachRun(count, input, output) { source, target, length in
    // The slope and the constant of d, then g and its factor.
    WidestLoops.combineGradients(
      length / channels, channels, values + source, weighted, plain, relu, gradOutput + target, factor,
      gradInput + source)
  }
}

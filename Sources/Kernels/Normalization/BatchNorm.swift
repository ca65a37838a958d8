/// Mean and variance of each channel over all pixels of a batch, summed in Double.
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
  mean.update(repeating: 0, count: channels)
  sumOfSquaredDeviations.update(repeating: 0, count: channels)
  forEachPixel(layout, count) { pixel in
    for channel in 0..<channels { mean[channel] += Double(values[pixel + channel]) }
  }
  let pixels = Double(count * layout.height * layout.width)
  for channel in 0..<channels { mean[channel] /= pixels }
  forEachPixel(layout, count) { pixel in
    for channel in 0..<channels {
      let distance = Double(values[pixel + channel]) - mean[channel]
      sumOfSquaredDeviations[channel] += distance * distance
    }
  }
}

/// Multiplies each channel by its scale and adds its shift; both hold one value per channel.
package func scaleAndShift(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, scale: UnsafePointer<Float>,
  shift: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
) {
  let channels = input.channels
  forEachRun(count, input, output) { source, target, length in
    var start = 0
    while start < length {
      let (x, y) = (values + source + start, result + target + start)
      for channel in 0..<channels { y[channel] = shift[channel].addingProduct(x[channel], scale[channel]) }
      start += channels
    }
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
///   - gradInput: in the layout of the input; it may be `gradOutput` itself where the layouts agree.
///   - gradWeight, gradBias: set to the learnt values' gradients, where asked for.
///   - scratch: memory for `3 · channels` values.
package func batchNormBackward(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, mean: UnsafePointer<Double>,
  inverseDeviation: UnsafePointer<Double>, weight: UnsafePointer<Float>?, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
  gradBias: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Double>
) {
  let channels = input.channels
  let (plain, weighted, factor) = (scratch, scratch + channels, scratch + 2 * channels)
  scratch.update(repeating: 0, count: 2 * channels)
  forEachRun(count, input, output) { source, target, length in
    var start = 0
    while start < length {
      let (x, g) = (values + source + start, gradOutput + target + start)
      for channel in 0..<channels {
        plain[channel] += Double(g[channel])
        weighted[channel] += Double(g[channel]) * (Double(x[channel]) - mean[channel])
      }
      start += channels
    }
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
    var start = 0
    while start < length {
      let (x, g, d) = (values + source + start, gradOutput + target + start, gradInput + source + start)
      for channel in 0..<channels {
        d[channel] = Float(
          plain[channel].addingProduct(Double(x[channel]), weighted[channel])
            .addingProduct(Double(g[channel]), factor[channel]))
      }
      start += channels
    }
  }
}

@inline(__always)
private func forEachPixel(_ layout: ImageLayout, _ count: Int, _ body: (Int) -> Void) {
  forEachRun(count, layout, layout) { start, _, length in
    var pixel = start
    while pixel < start + length {
      body(pixel)
      pixel += layout.channels
    }
  }
}

/// Mean and variance of each channel over all pixels of a batch, summed in Double.
///
/// - Parameters:
///   - mean: set to the means.
///   - squares: set to the sums of squared distances from the mean; divide by as many pixels (or one fewer).
public func channelMoments(
  _ layout: ImageLayout, count: Int, _ values: UnsafePointer<Float>, mean: UnsafeMutablePointer<Double>,
  squares: UnsafeMutablePointer<Double>
) {
  let channels = layout.channels
  mean.update(repeating: 0, count: channels)
  squares.update(repeating: 0, count: channels)
  forEachPixel(layout, count) { pixel in
    for channel in 0..<channels { mean[channel] += Double(values[pixel + channel]) }
  }
  let pixels = Double(count * layout.height * layout.width)
  for channel in 0..<channels { mean[channel] /= pixels }
  forEachPixel(layout, count) { pixel in
    for channel in 0..<channels {
      let distance = Double(values[pixel + channel]) - mean[channel]
      squares[channel] += distance * distance
    }
  }
}

/// Multiplies each channel by its scale and adds its shift.
public func scaleAndShift(
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

/// The gradients of a batch normalisation by the batch's own mean and variance.
///
/// - Parameters:
///   - mean: the batch's means.
///   - inverseDeviation: 1 / √(variance + eps) of the batch.
///   - weight: the learnt scale; `nil` is 1.
///   - gradWeight, gradBias: set to the learnt values' gradients, where asked for.
///   - sums: scratch memory for `2 · channels` values.
public func batchNormBackward(
  input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>, mean: UnsafePointer<Float>,
  inverseDeviation: UnsafePointer<Float>, weight: UnsafePointer<Float>?, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
  gradBias: UnsafeMutablePointer<Float>?, sums: UnsafeMutablePointer<Double>
) {
  let channels = input.channels
  let (plain, weighted) = (sums, sums + channels)
  sums.update(repeating: 0, count: 2 * channels)
  forEachRun(count, input, output) { source, target, length in
    var start = 0
    while start < length {
      let (x, g) = (values + source + start, gradOutput + target + start)
      for channel in 0..<channels {
        plain[channel] += Double(g[channel])
        weighted[channel] += Double(g[channel]) * (Double(x[channel]) - Double(mean[channel]))
      }
      start += channels
    }
  }
  for channel in 0..<channels {
    gradBias?[channel] = Float(plain[channel])
    gradWeight?[channel] = Float(weighted[channel] * Double(inverseDeviation[channel]))
  }
  guard let gradInput else { return }
  let pixels = Double(count * input.height * input.width)
  forEachRun(count, input, output) { source, target, length in
    var start = 0
    while start < length {
      let (x, g, d) = (values + source + start, gradOutput + target + start, gradInput + source + start)
      for channel in 0..<channels {
        let deviation = inverseDeviation[channel]
        let slope = Float(weighted[channel] / pixels) * deviation * deviation
        let rest = g[channel] - Float(plain[channel] / pixels) - (x[channel] - mean[channel]) * slope
        d[channel] = rest * deviation * (weight?[channel] ?? 1)
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

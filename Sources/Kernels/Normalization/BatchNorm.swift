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
  let anchor = values + layout.origin
  let (sums, squares) = (mean, sumOfSquaredDeviations)
  sums.update(repeating: 0, count: channels)
  squares.update(repeating: 0, count: channels)
  forEachBlock(layout, layout, count: count) { source, _, pixels, channel, lanes in
    let origin = widened(load8(anchor + channel, count: lanes))
    var (sum, square) = (load8(sums + channel, count: lanes), load8(squares + channel, count: lanes))
    var x = values + source
    for _ in 0..<pixels {
      let distance = widened(load8(x, count: lanes)) - origin
      sum += distance
      square += distance * distance
      x += channels
    }
    store8(sum, count: lanes, to: sums + channel)
    store8(square, count: lanes, to: squares + channel)
  }
  let pixels = Double(count * layout.height * layout.width)
  for channel in 0..<channels {
    let distance = sums[channel] / pixels
    squares[channel] -= sums[channel] * distance
    mean[channel] = Double(anchor[channel]) + distance
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
    for start in stride(from: 0, to: length, by: channels) {
      let (x, y) = (values + source + start, result + target + start)
      var channel = 0
      while channel + 8 <= channels {
        var sum = load8(shift + channel).addingProduct(load8(x + channel), load8(scale + channel))
        if appliesReLU { sum.replace(with: 0, where: sum .<= 0) }
        store8(sum, to: y + channel)
        channel += 8
      }
      while channel < channels {
        let sum = shift[channel].addingProduct(x[channel], scale[channel])
        y[channel] = appliesReLU && sum <= 0 ? 0 : sum
        channel += 1
      }
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
  forEachBlock(input, output, count: count) { source, target, pixels, channel, lanes in
    let (mask, center) = (ReLUMask(relu, channel, lanes), load8(mean + channel, count: lanes))
    var (sum, product) = (load8(plain + channel, count: lanes), load8(weighted + channel, count: lanes))
    var (x, g) = (values + source, gradOutput + target)
    for _ in 0..<pixels {
      let value = load8(x, count: lanes)
      let gradient = widened(mask.passed(load8(g, count: lanes), value))
      sum += gradient
      product += gradient * (widened(value) - center)
      x += channels
      g += channels
    }
    store8(sum, count: lanes, to: plain + channel)
    store8(product, count: lanes, to: weighted + channel)
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
  forEachBlock(input, output, count: count) { source, target, pixels, channel, lanes in
    let mask = ReLUMask(relu, channel, lanes)
    let constant = load8(plain + channel, count: lanes)
    let (slope, factor) = (load8(weighted + channel, count: lanes), load8(factor + channel, count: lanes))
    var (x, g, d) = (values + source, gradOutput + target, gradInput + source)
    for _ in 0..<pixels {
      let value = load8(x, count: lanes)
      let gradient = widened(mask.passed(load8(g, count: lanes), value))
      let sum = constant.addingProduct(widened(value), slope).addingProduct(gradient, factor)
      store8(narrowed(sum), count: lanes, to: d)
      x += channels
      g += channels
      d += channels
    }
  }
}

/// Where gradients pass the ReLU behind a block of channels; everywhere where there is none.
private struct ReLUMask {
  private let line: (scale: Float8, shift: Float8)?

  @inline(__always)
  init(_ relu: (scale: UnsafePointer<Float>, shift: UnsafePointer<Float>)?, _ channel: Int, _ lanes: Int) {
    line = relu.map { (load8($0.scale + channel, count: lanes), load8($0.shift + channel, count: lanes)) }
  }

  /// The gradients of the values.
  @inline(__always)
  func passed(_ gradients: Float8, _ values: Float8) -> Float8 {
    guard let line else { return gradients }
    return gradients.replacing(with: 0, where: line.shift.addingProduct(values, line.scale) .<= 0)
  }
}

/// Calls `body` with each block of up to eight channels of a few pixels that are neighbours in both layouts: where the
/// block begins in each, its pixels, its first channel and its channels.
///
/// Of each channel the pixels come in order. They are few because the memory is read the faster the more of what lies
/// side by side is read at once; and so many that the sums of a channel seldom leave their registers.
@inline(__always)
private func forEachBlock(
  _ a: ImageLayout, _ b: ImageLayout, count: Int,
  _ body: (_ a: Int, _ b: Int, _ pixels: Int, _ channel: Int, _ lanes: Int) -> Void
) {
  let (channels, most) = (a.channels, 8)
  forEachRun(count, a, b) { first, second, length in
    for start in stride(from: 0, to: length, by: most * channels) {
      let pixels = min(most, (length - start) / channels)
      for channel in stride(from: 0, to: channels, by: 8) {
        body(first + start + channel, second + start + channel, pixels, channel, min(8, channels - channel))
      }
    }
  }
}

private typealias Double8 = SIMD8<Double>

@inline(__always)
private func widened(_ values: Float8) -> Double8 {
  Double8(lowHalf: SIMD4<Double>(values.lowHalf), highHalf: SIMD4<Double>(values.highHalf))
}

@inline(__always)
private func narrowed(_ values: Double8) -> Float8 {
  Float8(lowHalf: SIMD4<Float>(values.lowHalf), highHalf: SIMD4<Float>(values.highHalf))
}

/// Loads the first `count` lanes, up to all; the others are zero.
@inline(__always)
private func load8(_ pointer: UnsafePointer<Double>, count: Int) -> Double8 {
  if count >= 8 { return UnsafeRawPointer(pointer).loadUnaligned(as: Double8.self) }
  var values = Double8.zero
  for lane in 0..<7 where lane < count { values[lane] = pointer[lane] }
  return values
}

/// Stores the first `count` lanes, up to all.
@inline(__always)
private func store8(_ values: Double8, count: Int, to pointer: UnsafeMutablePointer<Double>) {
  if count >= 8 { return UnsafeMutableRawPointer(pointer).storeBytes(of: values, as: Double8.self) }
  for lane in 0..<7 where lane < count { pointer[lane] = values[lane] }
}

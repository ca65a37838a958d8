// What biases and batch normalisation do with runs of pixels, channel by channel. A run is `pixels` times `channels`
// neighbouring floats; everything else is one value per channel. Sums are in Double, of each channel's pixels in their
// order, so both widths of vectors give the same bits.

/// Adds each pixel's values to the sums of their channels.
package func addSums(
  pixels: Int, channels: Int, _ values: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>
) {
  forEachBlock(pixels: pixels, channels: channels) { start, pixels, channel, lanes in
    var (sum, x) = (load8(sums + channel, count: lanes), values + start)
    for _ in 0..<pixels {
      sum += widened(load8(x, count: lanes))
      x += channels
    }
    store8(sum, count: lanes, to: sums + channel)
  }
}

/// Adds each pixel's distance from an origin, and the distance's square, to the sums of its channel.
package func addMoments(
  pixels: Int, channels: Int, _ values: UnsafePointer<Float>, origin: UnsafePointer<Float>,
  sums: UnsafeMutablePointer<Double>, squares: UnsafeMutablePointer<Double>
) {
  forEachBlock(pixels: pixels, channels: channels) { start, pixels, channel, lanes in
    let origin = widened(load8(origin + channel, count: lanes))
    var (sum, square) = (load8(sums + channel, count: lanes), load8(squares + channel, count: lanes))
    var x = values + start
    for _ in 0..<pixels {
      let distance = widened(load8(x, count: lanes)) - origin
      sum += distance
      square += distance * distance
      x += channels
    }
    store8(sum, count: lanes, to: sums + channel)
    store8(square, count: lanes, to: squares + channel)
  }
}

/// Multiplies each channel by its scale and adds its shift.
///
/// - Parameter appliesReLU: whether `max(y, 0)` is stored instead of the sum `y`; NaN stays NaN.
package func scaleAndShift(
  pixels: Int, channels: Int, _ values: UnsafePointer<Float>, scale: UnsafePointer<Float>,
  shift: UnsafePointer<Float>, appliesReLU: Bool, into result: UnsafeMutablePointer<Float>
) {
  forEachBlock(pixels: pixels, channels: channels) { start, pixels, channel, lanes in
    let (scale, shift) = (load8(scale + channel, count: lanes), load8(shift + channel, count: lanes))
    withChoice(appliesReLU) { appliesReLU in
      var (x, y) = (values + start, result + start)
      for _ in 0..<pixels {
        var sum = shift.addingProduct(load8(x, count: lanes), scale)
        if appliesReLU { sum.replace(with: 0, where: sum .<= 0) }
        store8(sum, count: lanes, to: y)
        x += channels
        y += channels
      }
    }
  }
}

/// Adds each pixel's gradient, and its product with the pixel's distance from the mean, to the sums of its channel.
///
/// - Parameter relu: the scale and the shift of
///   ``scaleAndShift(pixels:channels:_:scale:shift:appliesReLU:into:)`` where that applied ReLU: no gradient passes where
///   the sum was not positive.
package func addGradientSums(
  pixels: Int, channels: Int, _ values: UnsafePointer<Float>, mean: UnsafePointer<Double>,
  relu: (scale: UnsafePointer<Float>, shift: UnsafePointer<Float>)?, gradients: UnsafePointer<Float>,
  sums: UnsafeMutablePointer<Double>, products: UnsafeMutablePointer<Double>
) {
  forEachBlock(pixels: pixels, channels: channels) { start, pixels, channel, lanes in
    let mean = load8(mean + channel, count: lanes)
    var (sum, product) = (load8(sums + channel, count: lanes), load8(products + channel, count: lanes))
    withReLUMask(relu, channel, lanes) { passed in
      var (x, g) = (values + start, gradients + start)
      for _ in 0..<pixels {
        let value = load8(x, count: lanes)
        let gradient = widened(passed(load8(g, count: lanes), value))
        sum += gradient
        product += gradient * (widened(value) - mean)
        x += channels
        g += channels
      }
    }
    store8(sum, count: lanes, to: sums + channel)
    store8(product, count: lanes, to: products + channel)
  }
}

/// Stores `gradient · factor + value · slope + constant` for each pixel, in Double until it is stored.
///
/// - Parameters:
///   - relu: as in ``addGradientSums(pixels:channels:_:mean:relu:gradients:sums:products:)``.
///   - result: may be `gradients`.
package func combineGradients(
  pixels: Int, channels: Int, _ values: UnsafePointer<Float>, slope: UnsafePointer<Double>,
  constant: UnsafePointer<Double>, relu: (scale: UnsafePointer<Float>, shift: UnsafePointer<Float>)?,
  gradients: UnsafePointer<Float>, factor: UnsafePointer<Double>, into result: UnsafeMutablePointer<Float>
) {
  forEachBlock(pixels: pixels, channels: channels) { start, pixels, channel, lanes in
    let constant = load8(constant + channel, count: lanes)
    let (slope, factor) = (load8(slope + channel, count: lanes), load8(factor + channel, count: lanes))
    withReLUMask(relu, channel, lanes) { passed in
      var (x, g, d) = (values + start, gradients + start, result + start)
      for _ in 0..<pixels {
        let value = load8(x, count: lanes)
        let gradient = widened(passed(load8(g, count: lanes), value))
        let sum = constant.addingProduct(widened(value), slope).addingProduct(gradient, factor)
        store8(narrowed(sum), count: lanes, to: d)
        x += channels
        g += channels
        d += channels
      }
    }
  }
}

/// Calls `body` with each block of up to eight channels of a few pixels: where it begins, its pixels, its first channel
/// and its channels.
///
/// Of each channel the pixels come in order. They are few because the memory is read the faster the more of what lies
/// side by side is read at once; and so many that the sums of a channel seldom leave their registers. Blocks of eight
/// channels get a copy of `body` that asks nothing of a number of lanes.
@inline(__always)
private func forEachBlock(
  pixels: Int, channels: Int, _ body: (_ start: Int, _ pixels: Int, _ channel: Int, _ lanes: Int) -> Void
) {
  let most = 8
  var pixel = 0
  while pixel < pixels {
    let (start, some) = (pixel * channels, min(most, pixels - pixel))
    var channel = 0
    while channel + 8 <= channels {
      body(start + channel, some, channel, 8)
      channel += 8
    }
    if channel < channels { body(start + channel, some, channel, channels - channel) }
    pixel += some
  }
}

/// Calls `body` with what passes gradients through the ReLU behind a block of channels, given the values too; it passes
/// all where there is none.
@inline(__always)
private func withReLUMask(
  _ relu: (scale: UnsafePointer<Float>, shift: UnsafePointer<Float>)?, _ channel: Int, _ lanes: Int,
  _ body: (_ passed: (_ gradients: Float8, _ values: Float8) -> Float8) -> Void
) {
  guard let relu else { return body { gradients, _ in gradients } }
  let (scale, shift) = (load8(relu.scale + channel, count: lanes), load8(relu.shift + channel, count: lanes))
  body { gradients, values in gradients.replacing(with: 0, where: shift.addingProduct(values, scale) .<= 0) }
}

/// Calls `body` with a condition as a constant, so that its loop need not ask.
@inline(__always)
private func withChoice(_ condition: Bool, _ body: (Bool) -> Void) {
  if condition { body(true) } else { body(false) }
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

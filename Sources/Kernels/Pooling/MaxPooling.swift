/// Takes the largest value of each window: the first of equal ones, and NaN before all others.
///
/// - Input: `[N, C, H, W]` in the layout `input`, whose padding is not looked at: what a window sees of it counts as −∞.
/// - Output: `[N, C, H', W']` in the layout `output`, one pixel per window.
///
/// - Parameter argmaxIndices: set to the places of the largest values in the input, counted from its start, in the order
///   `[N][H'][W'][C]`, or to −1 where a window sees nothing of the image; `nil` where nobody asks for gradients.
package func maxPoolingForward(
  _ window: WindowGeometry, input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>, argmaxIndices: UnsafeMutablePointer<Int32>?
) {
  let channels = input.channels
  var argmax = argmaxIndices
  for example in 0..<count {
    let source = example * input.exampleStride + input.origin
    for y in 0..<output.height {
      let rows = window.rows(at: y, of: input)
      for x in 0..<output.width {
        let columns = window.columns(at: x, of: input)
        let best = result + example * output.exampleStride + output.origin + y * output.rowStride + x * channels
        // Dilated windows may step over a small image.
        if rows.count > 0 && columns.count > 0 {
          SeenPixels(
            first: source + rows.first * input.rowStride + columns.first * channels, rows: rows.count,
            rowStep: window.dilationHeight * input.rowStride, columns: columns.count,
            columnStep: window.dilationWidth * channels
          ).takeLargest(of: values, channels: channels, into: best, argmax)
        } else {
          best.update(repeating: -.infinity, count: channels)
          argmax?.update(repeating: -1, count: channels)
        }
        argmax = argmax.map { $0 + channels }
      }
    }
  }
}

/// Takes the largest value of each of the windows, which give the output its size: the last NaN, or the first of the
/// largest. What the parameters are, ``maxPoolingForward(_:input:output:count:_:into:argmaxIndices:)`` says, and the
/// gradient is that one's.
package func adaptiveMaxPoolingForward(
  _ windows: ChosenWindows, input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>, argmaxIndices: UnsafeMutablePointer<Int32>?
) {
  var argmax = argmaxIndices
  for example in 0..<count {
    windows.forEach(input, output, example: example) { target, source, rows, columns in
      SeenPixels(
        first: source + rows.lowerBound * input.rowStride + columns.lowerBound * input.channels, rows: rows.count,
        rowStep: input.rowStride, columns: columns.count, columnStep: input.channels
      ).takeLargest(of: values, channels: input.channels, into: result + target, argmax)
      argmax = argmax.map { $0 + input.channels }
    }
  }
}

/// The gradient of ``maxPoolingForward(_:input:output:count:_:into:argmaxIndices:)``: each output's goes to the input
/// that was the largest. `gradInput` is set, its padding included, and may not be `gradOutput`.
package func maxPoolingBackward(
  input: ImageLayout, output: ImageLayout, count: Int, gradOutput: UnsafePointer<Float>,
  argmaxIndices: UnsafePointer<Int32>, gradInput: UnsafeMutablePointer<Float>
) {
  let length = output.width * output.channels
  var argmax = argmaxIndices
  for example in 0..<count {
    // An example at a time, which the cache holds.
    zero(gradInput + example * input.exampleStride, count: input.exampleStride)
    for y in 0..<output.height {
      let gradients = gradOutput + example * output.exampleStride + output.origin + y * output.rowStride
      for index in 0..<length where argmax[index] >= 0 { gradInput[Int(argmax[index])] += gradients[index] }
      argmax += length
    }
  }
}

/// The pixels of an image that a window sees, at least one, as offsets of their first channels.
private struct SeenPixels {
  let first: Int
  let rows: Int
  let rowStep: Int
  let columns: Int
  let columnStep: Int

  /// Takes the largest value of each channel: the first of equal ones, and the last NaN before all others.
  func takeLargest(
    of values: UnsafePointer<Float>, channels: Int, into result: UnsafeMutablePointer<Float>,
    _ argmax: UnsafeMutablePointer<Int32>?
  ) {
    forEachVector(channels) { channel, lanes in
      take(lanes, values + channel, offset: channel, into: result + channel, argmax.map { $0 + channel })
    }
  }

  /// Takes those of up to eight channels, the first of which is `offset` values behind the pixel.
  @inline(__always)
  private func take(
    _ lanes: Int, _ values: UnsafePointer<Float>, offset: Int, into result: UnsafeMutablePointer<Float>,
    _ argmax: UnsafeMutablePointer<Int32>?
  ) {
    var best = load8(values + first, count: lanes)
    var place = SIMD8(repeating: Int32(truncatingIfNeeded: first))
    for row in 0..<rows {
      var pixel = first + row * rowStep
      for _ in 0..<columns {
        let candidate = load8(values + pixel, count: lanes)
        let isLarger = (candidate .> best) .| (candidate .!= candidate)
        best.replace(with: candidate, where: isLarger)
        place.replace(with: SIMD8(repeating: Int32(truncatingIfNeeded: pixel)), where: isLarger)
        pixel += columnStep
      }
    }
    store8(best, count: lanes, to: result)
    guard let argmax else { return }
    place &+= SIMD8(0, 1, 2, 3, 4, 5, 6, 7) &+ Int32(truncatingIfNeeded: offset)
    if lanes == 8 {
      UnsafeMutableRawPointer(argmax).storeBytes(of: place, as: SIMD8<Int32>.self)
    } else {
      for lane in 0..<lanes { argmax[lane] = place[lane] }
    }
  }
}

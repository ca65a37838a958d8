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
        guard rows.count > 0, columns.count > 0 else {
          best.update(repeating: -.infinity, count: channels)
          argmax?.update(repeating: -1, count: channels)
          argmax = argmax.map { $0 + channels }
          continue
        }
        var position = source + rows.first * input.rowStride + columns.first * channels
        for channel in 0..<channels { best[channel] = values[position + channel] }
        if let argmax {
          for channel in 0..<channels { argmax[channel] = Int32(truncatingIfNeeded: position + channel) }
        }
        for row in 0..<rows.count {
          for column in 0..<columns.count where row + column > 0 {
            position =
              source + (rows.first + row * window.dilationHeight) * input.rowStride
              + (columns.first + column * window.dilationWidth) * channels
            let candidates = values + position
            if let argmax {
              for channel in 0..<channels {
                let candidate = candidates[channel]
                let isLarger = candidate > best[channel] || candidate != candidate
                best[channel] = isLarger ? candidate : best[channel]
                argmax[channel] = isLarger ? Int32(truncatingIfNeeded: position + channel) : argmax[channel]
              }
            } else {
              for channel in 0..<channels {
                let candidate = candidates[channel]
                best[channel] = candidate > best[channel] || candidate != candidate ? candidate : best[channel]
              }
            }
          }
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
  windows.forEach(input, output, count) { target, source, rows, columns in
    for channel in 0..<input.channels {
      var position = source + rows.lowerBound * input.rowStride + columns.lowerBound * input.channels + channel
      for row in rows {
        for column in columns {
          let candidate = source + row * input.rowStride + column * input.channels + channel
          if values[candidate] > values[position] || values[candidate] != values[candidate] { position = candidate }
        }
      }
      result[target + channel] = values[position]
      argmax?[channel] = Int32(truncatingIfNeeded: position)
    }
    argmax = argmax.map { $0 + input.channels }
  }
}

/// The gradient of ``maxPoolingForward(_:input:output:count:_:into:argmaxIndices:)``: each output's goes to the input
/// that was the largest. `gradInput` is set, its padding included, and may not be `gradOutput`.
package func maxPoolingBackward(
  input: ImageLayout, output: ImageLayout, count: Int, gradOutput: UnsafePointer<Float>,
  argmaxIndices: UnsafePointer<Int32>, gradInput: UnsafeMutablePointer<Float>
) {
  zero(gradInput, count: count * input.exampleStride)
  var argmax = argmaxIndices
  forEachRun(count, output, output) { start, _, length in
    for index in 0..<length where argmax[index] >= 0 { gradInput[Int(argmax[index])] += gradOutput[start + index] }
    argmax += length
  }
}

/// Takes the largest value of each window; the first of equal ones wins, and NaN wins over all.
///
/// - Parameters:
///   - winners: set to where the winners lie in the input, counted from its start, in the order of `[N][H'][W'][C]`,
///     or to −1 where a window sees nothing of the image; `nil` where nobody asks for gradients.
public func maxPoolingForward(
  _ window: WindowGeometry, input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>, winners: UnsafeMutablePointer<Int32>?
) {
  let channels = input.channels
  var winner = winners
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
          winner?.update(repeating: -1, count: channels)
          winner = winner.map { $0 + channels }
          continue
        }
        var position = source + rows.first * input.rowStride + columns.first * channels
        for channel in 0..<channels { best[channel] = values[position + channel] }
        if let winner {
          for channel in 0..<channels { winner[channel] = Int32(truncatingIfNeeded: position + channel) }
        }
        for row in 0..<rows.count {
          for column in 0..<columns.count where row + column > 0 {
            position =
              source + (rows.first + row * window.dilationHeight) * input.rowStride
              + (columns.first + column * window.dilationWidth) * channels
            let candidates = values + position
            if let winner {
              for channel in 0..<channels {
                let candidate = candidates[channel]
                let wins = candidate > best[channel] || candidate != candidate
                best[channel] = wins ? candidate : best[channel]
                winner[channel] = wins ? Int32(truncatingIfNeeded: position + channel) : winner[channel]
              }
            } else {
              for channel in 0..<channels {
                let candidate = candidates[channel]
                best[channel] = candidate > best[channel] || candidate != candidate ? candidate : best[channel]
              }
            }
          }
        }
        winner = winner.map { $0 + channels }
      }
    }
  }
}

/// The gradient of ``maxPoolingForward(_:input:output:count:_:into:winners:)``: each output's goes to its winner.
public func maxPoolingBackward(
  input: ImageLayout, output: ImageLayout, count: Int, gradOutput: UnsafePointer<Float>,
  winners: UnsafePointer<Int32>, gradInput: UnsafeMutablePointer<Float>
) {
  zero(gradInput, count: count * input.exampleStride)
  var winner = winners
  forEachRun(count, output, output) { start, _, length in
    for index in 0..<length where winner[index] >= 0 { gradInput[Int(winner[index])] += gradOutput[start + index] }
    winner += length
  }
}

extension WindowGeometry {
  /// The first row inside the image that the window's `index`-th position sees, and how many rows inside it sees.
  @inline(__always)
  func rows(at index: Int, of image: ImageLayout) -> (first: Int, count: Int) {
    inside(index * strideHeight - paddingTop, height, dilationHeight, image.height)
  }

  /// Likewise for columns.
  @inline(__always)
  func columns(at index: Int, of image: ImageLayout) -> (first: Int, count: Int) {
    inside(index * strideWidth - paddingLeft, width, dilationWidth, image.width)
  }

  @inline(__always)
  private func inside(_ start: Int, _ length: Int, _ dilation: Int, _ size: Int) -> (first: Int, count: Int) {
    let skipped = start < 0 ? (dilation - 1 - start) / dilation : 0
    let first = start + skipped * dilation
    let fitting = first < size ? (size - first + dilation - 1) / dilation : 0
    return (first, min(length - skipped, fitting))
  }
}

/// The rows and columns that the windows of a pooling see, where they are chosen so that the output has its size.
package struct ChosenWindows: Hashable, Sendable {
  /// Rows of the input for each row of the output.
  let rows: [Range<Int>]
  /// Columns of the input for each column of the output.
  let columns: [Range<Int>]

  /// Takes the rows and columns of the windows, none of them empty.
  package init(rows: [Range<Int>], columns: [Range<Int>]) { (self.rows, self.columns) = (rows, columns) }

  /// Calls `body` for each of an example's windows with the output's offset, the input's, and the rows and columns.
  @inline(__always)
  func forEach(
    _ input: ImageLayout, _ output: ImageLayout, example: Int, _ body: (Int, Int, Range<Int>, Range<Int>) -> Void
  ) {
    let source = example * input.exampleStride + input.origin
    for y in 0..<output.height {
      for x in 0..<output.width {
        let target = example * output.exampleStride + output.origin + y * output.rowStride + x * output.channels
        body(target, source, rows[y], columns[x])
      }
    }
  }
}

/// The rule of an average pooling: the pixels that each window sees, and the divisor of their sum.
package enum AverageWindows: Hashable, Sendable {
  /// The windows of a rule.
  case sliding(SlidingAverage)
  /// Windows that give the output its size (adaptive pooling).
  case chosen(ChosenWindows)

  /// Calls `body` for each of an example's windows with the output's offset, the rows and columns inside the image, and
  /// the divisor.
  @inline(__always)
  func forEach(
    _ input: ImageLayout, _ output: ImageLayout, example: Int, _ body: (Int, Int, Range<Int>, Range<Int>, Float) -> Void
  ) {
    switch self {
    case .sliding(let average): average.forEach(input, output, example: example, body)
    case .chosen(let windows):
      windows.forEach(input, output, example: example) { body($0, $1, $2, $3, Float($2.count * $3.count)) }
    }
  }
}

/// Windows of one size, and the divisor of their sum.
package struct SlidingAverage: Hashable, Sendable {
  /// The window.
  package var window: WindowGeometry
  /// Whether zeros of the padding count in the mean.
  package var countIncludePad: Bool
  /// The divisor in place of the window's size; 0 is the window's size.
  package var divisor: Int

  /// Creates the rule of an average pooling.
  package init(window: WindowGeometry, countIncludePad: Bool = true, divisor: Int = 0) {
    (self.window, self.countIncludePad, self.divisor) = (window, countIncludePad, divisor)
  }

  /// Calls `body` for each of an example's windows with the output's offset, the rows and columns inside the image, and
  /// the divisor.
  @inline(__always)
  func forEach(
    _ input: ImageLayout, _ output: ImageLayout, example: Int, _ body: (Int, Int, Range<Int>, Range<Int>, Float) -> Void
  ) {
    let source = example * input.exampleStride + input.origin
    for y in 0..<output.height {
      for x in 0..<output.width {
        let target = example * output.exampleStride + output.origin + y * output.rowStride + x * output.channels
        let (top, left) = (y * window.strideHeight - window.paddingTop, x * window.strideWidth - window.paddingLeft)
        let bottom = min(top + window.height, input.height + window.paddingTop)
        let right = min(left + window.width, input.width + window.paddingLeft)
        let size = (bottom - top) * (right - left)
        let rows = max(top, 0)..<max(min(bottom, input.height), max(top, 0))
        let columns = max(left, 0)..<max(min(right, input.width), max(left, 0))
        let inside = rows.count * columns.count
        let parts = divisor != 0 ? divisor : countIncludePad ? size : inside
        body(target, source, rows, inside == 0 ? 0..<0 : columns, inside == 0 ? 1 : Float(parts))
      }
    }
  }
}

/// Takes the mean of each window.
///
/// - Input: `[N, C, H, W]` in the layout `input`, whose padding is not looked at: what a window sees of it counts as zero.
/// - Output: `[N, C, H', W']` in the layout `output`, one pixel per window.
package func averagePoolingForward(
  _ windows: AverageWindows, input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>
) {
  let channels = input.channels
  for example in 0..<count {
    windows.forEach(input, output, example: example) { target, source, rows, columns, divisor in
      forEachVector(channels) { channel, lanes in
        var sum = Float8.zero
        for row in rows {
          var pixel = values + source + row * input.rowStride + columns.lowerBound * channels + channel
          for _ in columns {
            sum += load8(pixel, count: lanes)
            pixel += channels
          }
        }
        store8(sum / divisor, count: lanes, to: result + target + channel)
      }
    }
  }
}

/// The gradient of ``averagePoolingForward(_:input:output:count:_:into:)``: each window's is shared by its
/// pixels. `gradInput` is set, its padding included, and may not be `gradOutput`.
package func averagePoolingBackward(
  _ windows: AverageWindows, input: ImageLayout, output: ImageLayout, count: Int, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>
) {
  let channels = input.channels
  for example in 0..<count {
    // An example at a time, which the cache holds.
    zero(gradInput + example * input.exampleStride, count: input.exampleStride)
    windows.forEach(input, output, example: example) { target, source, rows, columns, divisor in
      forEachVector(channels) { channel, lanes in
        let share = load8(gradOutput + target + channel, count: lanes) / divisor
        for row in rows {
          var pixel = gradInput + source + row * input.rowStride + columns.lowerBound * channels + channel
          for _ in columns {
            store8(load8(pixel, count: lanes) + share, count: lanes, to: pixel)
            pixel += channels
          }
        }
      }
    }
  }
}

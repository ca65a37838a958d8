/// Adds two batches of images of one shape, each in its own layout; the result may lie in the place of either.
package func addImages(
  _ first: ImageLayout, _ values: UnsafePointer<Float>, _ second: ImageLayout, _ others: UnsafePointer<Float>,
  to target: ImageLayout, count: Int, into result: UnsafeMutablePointer<Float>
) {
  func add(
    _ values: UnsafePointer<Float>, _ others: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>, _ size: Int
  ) {
    let whole = size & ~7
    for index in stride(from: 0, to: whole, by: 8) {
      store8(load8(values + index) + load8(others + index), to: sums + index)
    }
    for index in whole..<size { sums[index] = values[index] + others[index] }
  }
  if first.isContiguous, second.isContiguous, target.isContiguous {
    return add(values, others, result, count * first.valueCount)
  }
  let run = first.width * first.channels
  for example in 0..<count {
    let one = values + example * first.exampleStride + first.origin
    let other = others + example * second.exampleStride + second.origin
    let sums = result + example * target.exampleStride + target.origin
    for row in 0..<first.height {
      add(one + row * first.rowStride, other + row * second.rowStride, sums + row * target.rowStride, run)
    }
  }
}

/// Copies channels of images into channels of others with as many rows and columns; all else stays as it is.
///
/// - Parameters:
///   - firstSource, firstTarget: the first of the channels, in each layout.
///   - channels: how many are copied.
package func copyChannels(
  _ channels: Int, from source: ImageLayout, at firstSource: Int, _ values: UnsafePointer<Float>,
  to target: ImageLayout, at firstTarget: Int, count: Int, into result: UnsafeMutablePointer<Float>
) {
  for example in 0..<count {
    let from = values + example * source.exampleStride + source.origin + firstSource
    let to = result + example * target.exampleStride + target.origin + firstTarget
    for row in 0..<source.height {
      for column in 0..<source.width {
        copy(
          from + row * source.rowStride + column * source.channels,
          to: to + row * target.rowStride + column * target.channels, count: channels)
      }
    }
  }
}

/// Takes every so many rows and columns, and puts channels of zeros around: `[N, C, H, W]` in the layout `input` becomes
/// `[N, C', H', W']` in the layout `output`.
///
/// - Parameters:
///   - rows, columns: steps from one that is taken to the next.
///   - firstChannel: the channels of zeros before the input's.
package func subsampleForward(
  rows: Int, columns: Int, firstChannel: Int, input: ImageLayout, output: ImageLayout, count: Int,
  _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
) {
  let rest = output.channels - firstChannel - input.channels
  forEachSample(rows, columns, input, output, count) { source, target in
    zero(result + target, count: firstChannel)
    copy(values + source, to: result + target + firstChannel, count: input.channels)
    zero(result + target + firstChannel + input.channels, count: rest)
  }
}

/// The gradient of ``subsampleForward(rows:columns:firstChannel:input:output:count:_:into:)``; `gradInput` is set, its
/// padding included, and may not be `gradOutput`.
package func subsampleBackward(
  rows: Int, columns: Int, firstChannel: Int, input: ImageLayout, output: ImageLayout, count: Int,
  gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>
) {
  zero(gradInput, count: count * input.exampleStride)
  forEachSample(rows, columns, input, output, count) { source, target in
    copy(gradOutput + target + firstChannel, to: gradInput + source, count: input.channels)
  }
}

/// Calls `body` with the places of each pixel of the output and of the pixel of the input that it shows.
@inline(__always)
private func forEachSample(
  _ rows: Int, _ columns: Int, _ input: ImageLayout, _ output: ImageLayout, _ count: Int, _ body: (Int, Int) -> Void
) {
  for example in 0..<count {
    let (from, to) = (example * input.exampleStride + input.origin, example * output.exampleStride + output.origin)
    for y in 0..<output.height {
      for x in 0..<output.width {
        body(
          from + y * rows * input.rowStride + x * columns * input.channels,
          to + y * output.rowStride + x * output.channels)
      }
    }
  }
}

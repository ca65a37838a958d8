/// Turns squares of `factor` × `factor` pixels into channels: `[N, C, H · r, W · r]` in the layout `input` becomes
/// `[N, C · r², H, W]` in the layout `output`.
package func pixelUnshuffleForward(
  factor: Int, input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>
) {
  let square = factor * factor
  forEachPixel(factor, input, output, count) { source, target in
    for channel in 0..<input.channels { result[target + channel * square] = values[source + channel] }
  }
}

/// The gradient of ``pixelUnshuffleForward(factor:input:output:count:_:into:)``; `gradInput` is set, its padding
/// included, and may not be `gradOutput`.
package func pixelUnshuffleBackward(
  factor: Int, input: ImageLayout, output: ImageLayout, count: Int, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>
) {
  let square = factor * factor
  zero(gradInput, count: count * input.exampleStride)
  forEachPixel(factor, input, output, count) { source, target in
    for channel in 0..<input.channels { gradInput[source + channel] = gradOutput[target + channel * square] }
  }
}

/// Calls `body` with the places of each pixel of the input and of its first channel in the output.
@inline(__always)
private func forEachPixel(
  _ factor: Int, _ input: ImageLayout, _ output: ImageLayout, _ count: Int, _ body: (Int, Int) -> Void
) {
  for example in 0..<count {
    let (from, to) = (example * input.exampleStride + input.origin, example * output.exampleStride + output.origin)
    for y in 0..<input.height {
      for x in 0..<input.width {
        body(
          from + y * input.rowStride + x * input.channels,
          to + y / factor * output.rowStride + x / factor * output.channels + y % factor * factor + x % factor)
      }
    }
  }
}

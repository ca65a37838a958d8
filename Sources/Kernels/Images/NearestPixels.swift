/// For each pixel of a larger image the pixel that it repeats.
package struct NearestPixels: Hashable, Sendable {
  /// Rows of the input for each row of the output.
  let rows: [Int]
  /// Columns of the input for each column of the output.
  let columns: [Int]

  /// Takes for each row and column of the output the one of the input.
  package init(rows: [Int], columns: [Int]) { (self.rows, self.columns) = (rows, columns) }

  /// Calls `body` with the places of each pixel of the input and of the output that repeats it.
  @inline(__always)
  fileprivate func forEach(_ input: ImageLayout, _ output: ImageLayout, _ count: Int, _ body: (Int, Int) -> Void) {
    for example in 0..<count {
      let (from, to) = (example * input.exampleStride + input.origin, example * output.exampleStride + output.origin)
      for y in 0..<output.height {
        for x in 0..<output.width {
          body(
            from + rows[y] * input.rowStride + columns[x] * input.channels,
            to + y * output.rowStride + x * output.channels)
        }
      }
    }
  }
}

/// Repeats the nearest pixels: `[N, C, H, W]` in the layout `input` becomes `[N, C, H', W']` in the layout `output`.
package func nearestForward(
  _ pixels: NearestPixels, input: ImageLayout, output: ImageLayout, count: Int, _ values: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>
) {
  pixels.forEach(input, output, count) { source, target in
    copy(values + source, to: result + target, count: input.channels)
  }
}

/// The gradient of ``nearestForward(_:input:output:count:_:into:)``; `gradInput` is set, its padding included, and may
/// not be `gradOutput`.
package func nearestBackward(
  _ pixels: NearestPixels, input: ImageLayout, output: ImageLayout, count: Int, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>
) {
  zero(gradInput, count: count * input.exampleStride)
  pixels.forEach(input, output, count) { source, target in
    add(gradOutput + target, to: gradInput + source, count: input.channels)
  }
}

import Glibc

/// For each pixel of a larger image the pixel that it repeats.
package struct NearestPixels: Hashable, Sendable {
  /// Rows of the input for each row of the output.
  let rows: [Int]
  /// Columns of the input for each column of the output.
  let columns: [Int]

  /// - Parameters:
  ///   - rowScale, columnScale: the factors that were asked for; `nil` where a size was.
  package init(input: ImageLayout, output: ImageLayout, rowScale: Double?, columnScale: Double?) {
    rows = Self.sources(input.height, output.height, rowScale)
    columns = Self.sources(input.width, output.width, columnScale)
  }

  /// As PyTorch's upsample_nearest has them, in Float.
  private static func sources(_ input: Int, _ output: Int, _ scale: Double?) -> [Int] {
    if output == input { return Array(0..<input) }
    if output == 2 * input { return (0..<output).map { $0 / 2 } }
    let step = scale.map { Float(1 / $0) } ?? Float(input) / Float(output)
    return (0..<output).map { min(Int(floorf(Float($0) * step)), input - 1) }
  }

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

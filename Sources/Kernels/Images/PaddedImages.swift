/// What a layer adds around images.
package enum AddedPadding: Hashable, Sendable {
  /// One value everywhere.
  case constant(Float)
  /// What the image itself shows.
  case image(PaddingFill)
}

/// Copies images into larger ones and fills what lies around them.
///
/// - Parameters:
///   - input: the layout of the images; `output`: that of the larger ones.
///   - top, left: where the image begins in the larger one.
package func paddingForward(
  _ padding: AddedPadding, top: Int, left: Int, input: ImageLayout, output: ImageLayout, count: Int,
  _ values: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>
) {
  forEachPaddedPixel(padding, top: top, left: left, input: input, output: output, count: count) { source, target in
    if let source {
      copy(values + source, to: result + target, count: input.channels)
    } else if case .constant(let value) = padding {
      (result + target).update(repeating: value, count: input.channels)
    }
  }
}

/// The gradient of ``paddingForward(_:top:left:input:output:count:_:into:)``; `gradInput` is set, its padding included,
/// and may not be `gradOutput`.
package func paddingBackward(
  _ padding: AddedPadding, top: Int, left: Int, input: ImageLayout, output: ImageLayout, count: Int,
  gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>
) {
  zero(gradInput, count: count * input.exampleStride)
  forEachPaddedPixel(padding, top: top, left: left, input: input, output: output, count: count) { source, target in
    guard let source else { return }
    add(gradOutput + target, to: gradInput + source, count: input.channels)
  }
}

/// Calls `body` with the places of each pixel of the output and of the pixel that it shows; `nil` where it shows none.
@inline(__always)
private func forEachPaddedPixel(
  _ padding: AddedPadding, top: Int, left: Int, input: ImageLayout, output: ImageLayout, count: Int,
  _ body: (_ source: Int?, _ target: Int) -> Void
) {
  func source(_ index: Int, _ size: Int) -> Int? {
    if index >= 0 && index < size { return index }
    guard case .image(let fill) = padding else { return nil }
    return fill.source(of: index, size: size)
  }
  for example in 0..<count {
    let (from, to) = (example * input.exampleStride + input.origin, example * output.exampleStride + output.origin)
    for y in 0..<output.height {
      let row = source(y - top, input.height)
      for x in 0..<output.width {
        let target = to + y * output.rowStride + x * output.channels
        if let row, let column = source(x - left, input.width) {
          body(from + row * input.rowStride + column * input.channels, target)
        } else {
          body(nil, target)
        }
      }
    }
  }
}

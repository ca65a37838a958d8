/// What the stored padding of an image is filled with, other than zeros: PyTorch's padding modes.
package enum PaddingFill: Hashable, Sendable {
  /// The image mirrored at its edge, the edge itself not repeated.
  case reflect
  /// The value at the nearest edge.
  case replicate
  /// The opposite side of the image.
  case circular

  /// The row or column inside `0..<size` that stands at `index` outside of it.
  @inline(__always)
  func source(of index: Int, size: Int) -> Int {
    switch self {
    case .reflect: index < 0 ? -index : index >= size ? 2 * (size - 1) - index : index
    case .replicate: min(max(index, 0), size - 1)
    case .circular: index < 0 ? index + size : index >= size ? index - size : index
    }
  }
}

/// Sets the padding around each of `count` images to zero.
package func clearPadding(_ layout: ImageLayout, count: Int, _ images: UnsafeMutablePointer<Float>) {
  if layout.isContiguous { return }
  let between = (layout.left + layout.right) * layout.channels
  let used = layout.width * layout.channels
  for example in 0..<count {
    let image = images + example * layout.exampleStride
    zero(image, count: layout.origin)
    var end = layout.origin + used
    for _ in 0..<layout.height - 1 {
      zero(image + end, count: between)
      end += layout.rowStride
    }
    zero(image + end, count: layout.exampleStride - end)
  }
}

/// Fills the padding around each of `count` images from the image itself.
package func fillPadding(
  _ layout: ImageLayout, with fill: PaddingFill, count: Int, _ images: UnsafeMutablePointer<Float>
) {
  forEachPaddingPixel(layout, fill, count: count) { padding, source in
    copy(images + source, to: images + padding, count: layout.channels)
  }
}

/// Adds the gradient of each pixel of the padding to that of the pixel that it was filled from.
package func fillPaddingBackward(
  _ layout: ImageLayout, with fill: PaddingFill, count: Int, _ gradients: UnsafeMutablePointer<Float>
) {
  forEachPaddingPixel(layout, fill, count: count) { padding, source in
    let (from, to) = (gradients + padding, gradients + source)
    for channel in 0..<layout.channels { to[channel] += from[channel] }
  }
}

@inline(__always)
private func forEachPaddingPixel(
  _ layout: ImageLayout, _ fill: PaddingFill, count: Int, _ body: (_ padding: Int, _ source: Int) -> Void
) {
  for example in 0..<count {
    let origin = example * layout.exampleStride + layout.origin
    for y in -layout.top..<layout.height + layout.bottom {
      let row = fill.source(of: y, size: layout.height)
      for x in -layout.left..<layout.width + layout.right {
        if y >= 0 && y < layout.height && x >= 0 && x < layout.width { continue }
        let column = fill.source(of: x, size: layout.width)
        body(
          origin + y * layout.rowStride + x * layout.channels,
          origin + row * layout.rowStride + column * layout.channels)
      }
    }
  }
}

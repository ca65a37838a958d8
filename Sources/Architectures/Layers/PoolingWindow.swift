/// The windows of a pooling layer.
struct PoolingWindow {
  var rank: SpatialRank
  var kernel: Extent
  var stride: Extent
  var padding: Extent
  var dilation: Extent
  var ceilMode: Bool

  func output(of image: ImageShape) throws(ShapeError) -> ImageShape {
    guard 2 * padding.height <= kernel.height, 2 * padding.width <= kernel.width else {
      throw ShapeError("padding \(padding.text(rank)) must be at most half of the window \(kernel.text(rank))")
    }
    return ImageShape(
      channels: image.channels,
      height: try size(of: image.height, kernel.height, stride.height, padding.height, dilation.height, image),
      width: try size(of: image.width, kernel.width, stride.width, padding.width, dilation.width, image))
  }

  private func size(
    of input: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ image: ImageShape
  ) throws(ShapeError) -> Int {
    // As PyTorch: rounding up, a window may be larger than the image by less than a stride.
    let free = input + 2 * padding - dilation * (kernel - 1) - 1 + (ceilMode ? stride - 1 : 0)
    guard free >= 0 else {
      throw ShapeError("window \(self.kernel.text(rank)) does not fit its \(image.text(rank: rank)) input")
    }
    let windows = free / stride + 1
    guard ceilMode else { return windows }
    // As PyTorch: the last window must start inside the image or its near padding.
    return (windows - 1) * stride >= input + padding ? windows - 1 : windows
  }

  /// The options that every pooling over given windows has.
  static func fields<Pooling>(
    _ rank: SpatialRank, _ kernelSize: WritableKeyPath<Pooling, Extent> & Sendable,
    _ stride: WritableKeyPath<Pooling, Extent> & Sendable, _ padding: WritableKeyPath<Pooling, Extent> & Sendable
  ) -> [OptionField<Pooling>] {
    [
      .extent("kernel_size", rank, isRequired: true, kernelSize, "Size of a window."),
      // A stride that is the window's size is PyTorch's default, which has no value of its own.
      .option(
        Option(
          "stride", .nullable(.extent(rank)), default: .null,
          "Steps from one window to the next; null is the window's size."),
        set: { $0[keyPath: stride] = $1.extentIfAny("stride", rank, flat: 1) ?? $0[keyPath: kernelSize] },
        value: { $0[keyPath: stride].value(rank) },
        isDefault: { $0[keyPath: stride].value(rank) == $0[keyPath: kernelSize].value(rank) }),
      .extent("padding", rank, from: 0, padding, "What is added on each side, at most half of the window."),
    ]
  }
}

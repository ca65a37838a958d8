/// Along one side, the input's pixels that lie a stride apart: windows see them with the same taps of the kernel, which
/// lie a stride apart too. Without a stride there is one phase, with all pixels and all taps.
///
/// So the input's gradient is a dense convolution per phase of rows and phase of columns, with a part of the kernel:
/// every product of a weight and a gradient is computed once, none with a zero that a stride would leave between.
struct StridePhase {
  /// The first tap; the others are a stride apart.
  let firstTap: Int
  /// The number of taps; none where the first one lies past the kernel.
  let taps: Int
  /// The first pixel; the others are a stride apart.
  let firstPixel: Int
  /// The number of pixels.
  let pixels: Int
  /// The window that sees the first pixel with the first tap; it may lie past the last one.
  let window: Int

  /// The phase with this index, below the stride.
  init(_ index: Int, stride: Int, kernel: Int, padding: Int, size: Int) {
    firstTap = index
    taps = max(0, (kernel - index + stride - 1) / stride)
    // The remainder of a negative number is negative.
    firstPixel = ((index - padding) % stride + stride) % stride
    pixels = max(0, (size - firstPixel + stride - 1) / stride)
    window = (firstPixel + padding - index) / stride
  }

  /// Calls `body` with each phase of the rows of a block's input and each one of the columns, in the order in which the
  /// packed weights of the backward pass lie.
  @inline(__always)
  static func forEach(_ block: ConvolutionBlock, _ body: (_ rows: StridePhase, _ columns: StridePhase) -> Void) {
    let (window, input) = (block.geometry.window, block.geometry.input)
    for row in 0..<window.strideHeight {
      let rows = StridePhase(
        row, stride: window.strideHeight, kernel: window.height, padding: window.paddingTop, size: input.height)
      for column in 0..<window.strideWidth {
        let columns = StridePhase(
          column, stride: window.strideWidth, kernel: window.width, padding: window.paddingLeft, size: input.width)
        body(rows, columns)
      }
    }
  }
}

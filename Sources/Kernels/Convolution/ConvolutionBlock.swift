/// A convolution and the layers behind it that may be computed along with it: all that a ``ConvolutionPlan`` depends on.
///
/// The layers are the bias, then ReLU, then a pooling whose windows lie side by side, each of them optional.
package struct ConvolutionBlock: Hashable, Sendable {
  /// How each pooling window of the convolution's output becomes one value.
  package enum Pooling: Hashable, Sendable {
    /// There is no pooling.
    case none
    /// By its largest value.
    case maximum
    /// By its mean.
    case average
  }

  /// The convolution alone; of `geometry.output` only the size counts.
  package let geometry: ConvolutionGeometry
  /// What the padding around the input is filled with before the convolution; `nil` is zeros, which are stored already.
  package let paddingFill: PaddingFill?
  /// Whether ReLU follows the bias.
  package let appliesReLU: Bool
  /// The pooling at the end.
  package let pooling: Pooling
  /// Rows of a pooling window, and from one window to the next; 1 without pooling.
  package let poolHeight: Int
  /// Columns of a pooling window, and from one window to the next; 1 without pooling.
  package let poolWidth: Int
  /// The layout of the results, which have one pixel per pooling window: H' / `poolHeight` rows, rounded down, and
  /// likewise columns. Without pooling they have one pixel per window of the convolution.
  package let output: ImageLayout

  /// Creates a block, by default of the convolution alone.
  package init(
    geometry: ConvolutionGeometry, paddingFill: PaddingFill? = nil, appliesReLU: Bool = false, pooling: Pooling = .none,
    poolHeight: Int = 1, poolWidth: Int = 1, output: ImageLayout
  ) {
    (self.geometry, self.paddingFill, self.appliesReLU) = (geometry, paddingFill, appliesReLU)
    (self.pooling, self.poolHeight, self.poolWidth, self.output) = (pooling, poolHeight, poolWidth, output)
  }

  /// Bytes per example that the forward pass keeps for the backward pass (``PoolingMask``); none without pooling.
  package var maskCount: Int { pooling == .none ? 0 : output.height * output.width * maskStride }
}

// Letters: R kernel rows; a run is the part of a window that lies in one row, kernel columns · input channels floats.

extension ConvolutionBlock {
  /// R.
  var kernelRows: Int { geometry.window.height }
  /// Floats of a run.
  var run: Int { geometry.window.width * geometry.input.channels }
  /// Floats from the run of an output pixel to the run of the next one.
  var pixelStride: Int { geometry.window.strideWidth * geometry.input.channels }
  /// Floats from the first run of an output row to the first run of the next one.
  var outputRowStep: Int { geometry.window.strideHeight * geometry.input.rowStride }
  /// Floats from the start of a stored image to the first window.
  var windowOrigin: Int {
    (geometry.input.top - geometry.window.paddingTop) * geometry.input.rowStride
      + (geometry.input.left - geometry.window.paddingLeft) * geometry.input.channels
  }
  /// The rows of the kernel that meet the image, not its padding, at a row of the convolution's output.
  func kernelRows(meetingImageAt outputRow: Int) -> Range<Int> {
    let first = geometry.window.paddingTop - outputRow * geometry.window.strideHeight
    return (0..<kernelRows).clamped(to: first..<first + geometry.input.height)
  }
  /// The rows of the convolution's output at which a row of the kernel meets the image, not its padding.
  func outputRows(meeting kernelRow: Int) -> Range<Int> {
    let (window, above) = (geometry.window, geometry.window.paddingTop - kernelRow)
    // Rounded up: the first row is that whose window has come so far, and the end is the first past the image.
    func row(_ pixels: Int) -> Int { max(0, (pixels + window.strideHeight - 1) / window.strideHeight) }
    return row(above)..<max(row(above), row(above + geometry.input.height))
  }
  /// Bytes from the masks of a pixel to those of the next one: whole vectors of 8 channels.
  var maskStride: Int { (output.channels + 7) / 8 * 8 }
}

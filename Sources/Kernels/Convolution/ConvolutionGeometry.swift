/// The shapes of a convolution: `output` has one pixel for each window that slides over `input`.
///
/// With padding p, kernel k, stride s and dilation d the output has H' = (H + 2p − d·(k − 1) − 1) / s + 1 rows, rounded
/// down, and likewise columns. Weights are `[output channel][kernel row][kernel column][channel of the group]`.
package struct ConvolutionGeometry: Hashable, Sendable {
  /// The images that windows slide over. Values outside the stored image count as zero.
  package var input: ImageLayout
  /// One pixel per window.
  package var output: ImageLayout
  /// The kernel.
  package var window: WindowGeometry
  /// The number of groups that the channels are split into, each with a kernel of its own.
  package var groups: Int

  /// Creates the geometry of a convolution.
  package init(input: ImageLayout, output: ImageLayout, window: WindowGeometry, groups: Int) {
    (self.input, self.output, self.window, self.groups) = (input, output, window, groups)
  }

  /// Values of the kernel of one output channel.
  package var patchSize: Int { window.height * window.width * (input.channels / groups) }

  /// Whether each channel has a kernel of its own and gives one output channel.
  var isDepthwise: Bool { groups == input.channels && groups == output.channels && groups > 1 }

  /// Whether every value that a window sees is stored, the padding's zeros included.
  var hasStoredPadding: Bool {
    let endRow =
      (output.height - 1) * window.strideHeight + (window.height - 1) * window.dilationHeight + 1 - window.paddingTop
    let endColumn =
      (output.width - 1) * window.strideWidth + (window.width - 1) * window.dilationWidth + 1 - window.paddingLeft
    return window.paddingTop <= input.top && window.paddingLeft <= input.left
      && endRow <= input.height + input.bottom && endColumn <= input.width + input.right
  }

  /// Calls `body` with the offsets of each output row of a run of them: in the stored output, and among the same rows
  /// packed one after another without padding.
  @inline(__always)
  func forEachOutputRow(_ rows: Range<Int>, _ body: (_ stored: Int, _ packed: Int) -> Void) {
    var packed = 0
    for row in rows {
      let (example, y) = row.quotientAndRemainder(dividingBy: output.height)
      body(example * output.exampleStride + output.origin + y * output.rowStride, packed)
      packed += output.width * output.channels
    }
  }
}

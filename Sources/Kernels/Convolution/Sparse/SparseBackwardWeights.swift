/// The weights as the sparse gradient of the input wants them: kernels with zeros around them, so that a tile may look
/// past the kernel's edge, `[variant][output channel][row][column][input channel]`.
struct SparseBackwardWeights {
  let block: ConvolutionBlock
  /// Input rows and columns that a window advances: the size of a tile.
  let tileHeight: Int
  let tileWidth: Int
  /// The number of windows above that still reach a tile, and of those to the left.
  let reachUp: Int
  let reachLeft: Int
  /// Rows and columns of zeros above and to the left of the kernel.
  let top: Int
  let left: Int
  /// Rows of a kernel with its zeros.
  let rows: Int
  /// Floats from a row to the next, from a channel's kernel to the next, and from a variant to the next.
  let rowStride: Int
  let kernelStride: Int
  let variantStride: Int
  /// 4 for a mean, whose places may be joined; otherwise 1.
  let variants: Int

  init(_ block: ConvolutionBlock) {
    self.block = block
    let window = block.geometry.window
    (tileHeight, tileWidth) =
      (block.poolHeight * window.strideHeight, block.poolWidth * window.strideWidth)
    top = (block.poolHeight - 1) * window.strideHeight
    left = (block.poolWidth - 1) * window.strideWidth
    reachUp = (top + window.height - 1) / tileHeight
    reachLeft = (left + window.width - 1) / tileWidth
    rows = top + tileHeight * (reachUp + 1)
    let channels = block.geometry.input.channels
    rowStride = (left + tileWidth * (reachLeft + 1)) * channels
    kernelStride = rows * rowStride
    variantStride = block.output.channels * kernelStride
    variants = block.pooling == .average ? 4 : 1
  }

  /// Floats of all variants, and room for the last block to be read past its end.
  var count: Int { variants * variantStride + 8 }

  /// Arranges the weights, `[O][R][L]`.
  func pack(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    let (window, channels) = (block.geometry.window, block.geometry.input.channels)
    packed.update(repeating: 0, count: count)
    let run = window.width * channels
    for channel in 0..<block.output.channels {
      let kernel = packed + channel * kernelStride + top * rowStride + left * channels
      for row in 0..<window.height {
        (kernel + row * rowStride).update(from: weight + (channel * window.height + row) * run, count: run)
      }
    }
    guard variants == 4 else { return }
    // The neighbour's kernel lies one output pixel further, so its weights for the same input lie one before.
    let (beside, above) = (window.strideWidth * channels, window.strideHeight * rowStride)
    let (sideBySide, oneAbove, four) = (packed + variantStride, packed + 2 * variantStride, packed + 3 * variantStride)
    for channel in 0..<block.output.channels {
      for index in channel * kernelStride..<(channel + 1) * kernelStride {
        let inner = index - channel * kernelStride
        sideBySide[index] = packed[index] + (inner < beside ? 0 : packed[index - beside])
        oneAbove[index] = packed[index] + (inner < above ? 0 : packed[index - above])
        four[index] = sideBySide[index] + (inner < above ? 0 : sideBySide[index - above])
      }
    }
  }

  /// Floats from the start of a channel's kernel to the block that a tile at the window's own position takes from it,
  /// if the gradient goes to this place of the window.
  func offset(variant: Int, place: Int) -> Int {
    let (row, column) = place.quotientAndRemainder(dividingBy: block.poolWidth)
    let window = block.geometry.window
    return variant * variantStride + (top - row * window.strideHeight) * rowStride
      + (left - column * window.strideWidth) * block.geometry.input.channels
  }
}

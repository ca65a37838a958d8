/// The memory of one call of ``SparseBackward``.
struct SparseBackwardMemory {
  /// Output channels whose terms of the input's gradient are listed together. More of them mean fewer loops, fewer mean
  /// that their shifted kernels stay in the nearest cache.
  let channelsAtOnce: Int
  /// The terms of each mask in the weights' gradient, and in the input's.
  let weightTerms: UnsafeMutablePointer<MaskTerms>
  let inputTerms: UnsafeMutablePointer<MaskTerms>
  /// The terms that are listed, before they are summed.
  let terms: UnsafeMutablePointer<ScaledBlock>
  /// The windows that see a value that is not zero.
  let windows: UnsafeMutablePointer<Window>
  /// Where the terms of each window begin, row by row, with the end of each row.
  let starts: UnsafeMutablePointer<Int32>
  /// Stands for the masks of a block without pooling, and is not looked at.
  let noMasks: UnsafeMutablePointer<UInt8>
  /// The ranges of terms of each sum, and where its block lies.
  let ranges: UnsafeMutablePointer<TermRange>
  let destinations: UnsafeMutablePointer<Int32>
  /// The four variants of an example, or nothing.
  let variants: UnsafeMutablePointer<Float>
  /// The windows that see a value that is not zero, where the plan skips the others.
  let nonzero: NonzeroColumns?

  /// The place of a window.
  struct Window {
    /// Floats from the image's start to the first input that the window sees.
    var origin: Int32
    /// Floats from the first window's gradient to this one's.
    var place: Int32
    /// Bytes from the first window's mask to this one's.
    var mask: Int32
  }

  init(_ block: ConvolutionBlock, skipsZeroColumns: Bool, _ scratch: inout Scratch) {
    let (input, output, weights) = (block.geometry.input, block.output, SparseBackwardWeights(block))
    let windows = output.width * output.height
    let tiles = (input.height / weights.tileHeight + 2) * (input.width / weights.tileWidth + 2)
    channelsAtOnce = weights.variants == 4 ? 8 : 16
    weightTerms = scratch.take(256, of: MaskTerms.self)
    inputTerms = scratch.take(256, of: MaskTerms.self)
    terms = scratch.take(2 * (channelsAtOnce * windows + 1), of: ScaledBlock.self)
    self.windows = scratch.take(windows, of: Window.self)
    noMasks = scratch.take(1, of: UInt8.self)
    starts = scratch.take(output.height * (output.width + 1), of: Int32.self)
    ranges = scratch.take(max(tiles * (weights.reachUp + 1), channelsAtOnce), of: TermRange.self)
    destinations = scratch.take(max(tiles, channelsAtOnce), of: Int32.self)
    variants = scratch.take(weights.variants == 4 ? 4 * input.exampleStride + 8 : 0, of: Float.self)
    nonzero = skipsZeroColumns ? NonzeroColumns(block, &scratch) : nil
  }
}

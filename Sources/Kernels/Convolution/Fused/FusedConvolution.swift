// Letters: N examples, O output channels, R kernel rows, L floats of a run (kernel columns · input channels).
// Weights are [O][R][L], as in the rest of the kernels.

/// A convolution with the layers behind it, computed in one pass over the image: bias, ReLU, and pooling over windows
/// that lie side by side. Values before the pooling never leave the cache.
///
/// - Input: `[N, C, H, W]` in the layout `block.geometry.input`, whose padding holds zeros.
/// - Output: `[N, O, H', W']` in the layout `block.output`, one pixel per pooling window; its padding is left alone.
///
/// Every function works on a range of the batch's examples, and all its pointers are to the whole batch, so that several
/// threads may compute ranges at once, each with scratch memory, and sums of gradients, of its own. No two of the buffers
/// that a call is given may overlap. Up to ``readPastEnd`` floats are read, and not used, past the end of the input, of
/// the output and of the output's gradient, and of packed weights within their stated count; nothing is written there.
package struct FusedConvolution: Hashable, Sendable {
  /// The shapes.
  package let block: ConvolutionBlock
  /// The algorithms: direct, Winograd and sparse.
  package let plan: ConvolutionPlan

  /// Creates the kernels of a block.
  package init(_ block: ConvolutionBlock, _ plan: ConvolutionPlan) { (self.block, self.plan) = (block, plan) }

  /// Floats that may be read past the end of a buffer of images: a vector of channels less one.
  package static let readPastEnd = 7

  /// Floats of the weights as ``packWeights(_:into:)`` arranges them.
  package var packedWeightCount: Int {
    (winograd?.packedCount ?? block.kernelRows * block.run) * ChannelBlock.laneCount(block.output.channels)
  }

  /// Floats of scratch memory that ``forward(examples:input:packedWeight:bias:output:masks:scratch:)`` wants.
  package var forwardScratchCount: Int {
    var scratch = Scratch(nil)
    _ = ForwardMemory(self, &scratch)
    return scratch.count
  }

  /// Arranges the weights for the forward pass, once per step: `[block of channels][R][L][lane]`, or as Winograd's
  /// algorithm wants them.
  package func packWeights(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    var packed = packed
    let (winograd, rows, inner) = (winograd, block.kernelRows, block.kernelRows * block.run)
    for index in 0..<ChannelBlock.count(of: block.output.channels) {
      let channels = ChannelBlock(index, of: block.output.channels)
      if let winograd {
        let (taps, inputs) = (block.geometry.window.width, block.geometry.input.channels)
        winograd.pack(channels, into: packed) { lane, row, tap, channel in
          weight[(((channels.first + lane) * rows + row) * taps + tap) * inputs + channel]
        }
        packed += winograd.packedCount * channels.lanes
        continue
      }
      for lane in 0..<channels.lanes {
        let kernel = weight + (channels.first + lane) * inner
        for k in 0..<inner { packed[k * channels.lanes + lane] = lane < channels.count ? kernel[k] : 0 }
      }
      packed += inner * channels.lanes
    }
  }

  /// Computes some examples of a batch.
  ///
  /// - Parameters:
  ///   - examples: the examples to compute; all other pointers are to the whole batch's first value.
  ///   - masks: set to what the backward pass must know, `block.maskCount` bytes per example; `nil` in evaluation.
  package func forward(
    examples: Range<Int>, input: UnsafePointer<Float>, packedWeight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, masks: UnsafeMutablePointer<UInt8>?,
    scratch: UnsafeMutablePointer<Float>
  ) {
    var scratch = Scratch(scratch)
    let memory = ForwardMemory(self, &scratch)
    let (layout, windowOrigin) = (block.output, block.windowOrigin)
    let nonzero = memory.nonzero?.rows
    memory.nonzero?.includeAll()
    let looksForZeros =
      nonzero != nil || memory.winograd != nil || block.geometry.window.paddingTop > 0
    let skipsZeros = looksForZeros && isFinite(packedWeight, count: packedWeightCount)
    for example in examples {
      let stored = input + example * block.geometry.input.exampleStride
      let result = output + example * layout.exampleStride + layout.origin
      if skipsZeros { memory.nonzero?.scan(stored) }
      memory.winograd?.transform(stored + windowOrigin, into: memory.products)
      memory.winograd?.findZeroWindows(stored + windowOrigin, looks: skipsZeros, scratch: memory.products)
      var weights = packedWeight
      for index in 0..<ChannelBlock.count(of: layout.channels) {
        let channels = ChannelBlock(index, of: layout.channels)
        let epilogue = ConvolutionEpilogue(block, channels, bias: bias)
        memory.winograd?.multiply(weights, lanes: channels.lanes, scratch: memory.products)
        for y in 0..<layout.height {
          if let winograd = memory.winograd {
            for row in 0..<block.poolHeight {
              winograd.sums(
                ofRow: y * block.poolHeight + row, lanes: channels.lanes, scratch: memory.products,
                into: memory.sums + row * winograd.columns * channels.lanes)
            }
          } else {
            sumRows(
              of: y, nonzero.map { $0[y].range }, stored + windowOrigin, weights, lanes: channels.lanes,
              skipsZeros: skipsZeros, into: memory.sums)
          }
          let mask = masks.map {
            $0 + example * block.maskCount + y * layout.width * block.maskStride + channels.first
          }
          epilogue.compute(memory.sums, into: result + y * layout.rowStride + channels.first, masks: mask)
        }
        weights += (memory.winograd?.packedCount ?? block.kernelRows * block.run) * channels.lanes
      }
    }
  }

  /// Computes the rows of sums that make a row of results; those outside of `columns` are zero.
  private func sumRows(
    of y: Int, _ columns: Range<Int>?, _ image: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, lanes: Int,
    skipsZeros: Bool, into sums: UnsafeMutablePointer<Float>
  ) {
    let columns = columns ?? 0..<block.output.width
    let (run, pixelStride) = (block.run, block.pixelStride)
    let places = columns.lowerBound * block.poolWidth..<columns.upperBound * block.poolWidth
    var row = ConvolutionRow(
      places: places.count, placeStride: pixelStride, rows: block.kernelRows,
      rowStride: block.geometry.input.rowStride, steps: run, stepStride: 1, vectorStride: lanes,
      vectorRowStride: run * lanes)
    let width = block.output.width * block.poolWidth
    for inner in 0..<block.poolHeight {
      let target = sums + inner * width * lanes
      zero(target, count: places.lowerBound * lanes)
      let outputRow = y * block.poolHeight + inner
      let rows = skipsZeros ? block.kernelRows(meetingImageAt: outputRow) : 0..<block.kernelRows
      row.rows = rows.count
      row.compute(
        lanes: lanes,
        scalars: image + outputRow * block.outputRowStep + rows.lowerBound * row.rowStride
          + places.lowerBound * pixelStride,
        vectors: weights + rows.lowerBound * run * lanes, into: target + places.lowerBound * lanes)
      zero(target + places.upperBound * lanes, count: (width - places.upperBound) * lanes)
    }
  }

  /// The forward pass by Winograd's algorithm, if it is planned.
  private var winograd: WinogradConvolution? { plan.forward == .winograd ? minimalFiltering : nil }

  /// The convolution as Winograd's algorithm sees it.
  var minimalFiltering: WinogradConvolution {
    let (input, window, output) = (block.geometry.input, block.geometry.window, block.output)
    return WinogradConvolution(
      taps: window.width, kernelRows: window.height, channels: input.channels,
      rows: output.height * block.poolHeight, columns: output.width * block.poolWidth, rowStride: input.rowStride)
  }

  /// The memory of a forward pass.
  private struct ForwardMemory {
    /// The rows of sums that make a row of results.
    let sums: UnsafeMutablePointer<Float>
    let winograd: WinogradConvolution?
    /// What Winograd's algorithm needs.
    let products: UnsafeMutablePointer<Float>
    let nonzero: NonzeroColumns?

    init(_ convolution: FusedConvolution, _ scratch: inout Scratch) {
      let block = convolution.block
      winograd = convolution.winograd
      sums = scratch.take(block.poolHeight * block.geometry.output.width * ChannelBlock.mostLanes, of: Float.self)
      products = scratch.take(winograd?.scratchCount ?? 0, of: Float.self)
      let skips = convolution.plan.forward == .direct && convolution.plan.skipsZeroColumns
      nonzero = skips ? NonzeroColumns(block, &scratch) : nil
    }
  }
}

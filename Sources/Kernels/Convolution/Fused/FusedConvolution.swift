// Letters: N examples, O output channels, R kernel rows, L floats of a run (kernel columns · input channels).
// Weights are [O][R][L], as in the rest of the kernels.

/// A convolution with what follows it, computed in one pass: bias, ReLU, and pooling over windows that don't overlap.
///
/// Images are channels-last, and the input's zero border is stored. Values before the pooling never leave the cache.
/// Every function works on a range of the batch, so that slices of it can be computed apart.
public struct DirectConvolution: Hashable, Sendable {
  /// How each window of the convolution's output becomes one value.
  public enum Pooling: Hashable, Sendable {
    /// Not at all.
    case none
    /// By its largest value.
    case maximum
    /// By its mean.
    case average
  }

  /// The convolution alone; of `geometry.output` only the size counts.
  public let geometry: ConvolutionGeometry
  /// Whether ReLU follows the bias.
  public let rectifies: Bool
  /// The pooling at the end.
  public let pooling: Pooling
  /// Rows of a pooling window, and from one window to the next; 1 without pooling.
  public let poolHeight: Int
  /// Columns of a pooling window, and from one window to the next; 1 without pooling.
  public let poolWidth: Int
  /// Where the results go: a pixel a pooling window.
  public let output: ImageLayout

  /// Creates the block, or `nil` where these kernels are not made for it: groups, dilation, a border that is not
  /// stored, a mean over windows other than 2 × 2.
  public init?(
    geometry: ConvolutionGeometry, rectifies: Bool, pooling: Pooling = .none, poolHeight: Int = 1, poolWidth: Int = 1,
    output: ImageLayout
  ) {
    (self.geometry, self.rectifies, self.pooling) = (geometry, rectifies, pooling)
    (self.poolHeight, self.poolWidth, self.output) = (poolHeight, poolWidth, output)
    let (input, window) = (geometry.input, geometry.window)
    let lastRow = (geometry.output.height - 1) * window.strideHeight + window.height - window.paddingTop
    let lastColumn = (geometry.output.width - 1) * window.strideWidth + window.width - window.paddingLeft
    let isStored =
      window.paddingTop <= input.top && window.paddingLeft <= input.left
      && lastRow <= input.height + input.bottom && lastColumn <= input.width + input.right
    let poolFits =
      switch pooling {
      case .none: poolHeight == 1 && poolWidth == 1
      case .maximum: poolHeight * poolWidth <= Int(Self.dead)
      case .average: poolHeight == 2 && poolWidth == 2
      }
    let isPlain = geometry.groups == 1 && window.dilationHeight == 1 && window.dilationWidth == 1
    guard isPlain, isStored, poolFits, geometry.output.height >= poolHeight, geometry.output.width >= poolWidth
    else { return nil }
  }

  /// Floats of the weights as ``packWeights(_:into:)`` arranges them.
  public var packedWeightCount: Int { (minimal?.packedCount ?? kernelRows * run) * laneCount }

  /// Bytes an example that the forward pass keeps for the backward pass; none without pooling.
  public var markCount: Int { pooling == .none ? 0 : output.height * output.width * markStride }

  /// Floats of scratch memory that ``forward(examples:input:packedWeight:bias:output:marks:scratch:)`` wants.
  public var forwardScratchCount: Int {
    var scratch = Scratch(nil)
    _ = ForwardMemory(self, &scratch)
    return scratch.count
  }

  /// Arranges the weights for the forward pass; once a step.
  public func packWeights(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    var packed = packed
    let inner = kernelRows * run
    for index in 0..<blockCount {
      let block = block(index)
      if let minimal {
        let (taps, channels) = (geometry.window.width, geometry.input.channels)
        minimal.pack(block, into: packed) { lane, row, tap, channel in
          weight[(((block.first + lane) * kernelRows + row) * taps + tap) * channels + channel]
        }
        packed += minimal.packedCount * block.lanes
        continue
      }
      for lane in 0..<block.lanes {
        let kernel = weight + (block.first + lane) * inner
        for k in 0..<inner { packed[k * block.lanes + lane] = lane < block.count ? kernel[k] : 0 }
      }
      packed += inner * block.lanes
    }
  }

  /// Computes some examples of a batch.
  ///
  /// - Parameters:
  ///   - examples: which of the batch; all other pointers are to the whole batch's first value.
  ///   - marks: set to what the backward pass must know, `markCount` bytes an example; `nil` in evaluation.
  public func forward(
    examples: Range<Int>, input: UnsafePointer<Float>, packedWeight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, marks: UnsafeMutablePointer<UInt8>?,
    scratch: UnsafeMutablePointer<Float>
  ) {
    var scratch = Scratch(scratch)
    let memory = ForwardMemory(self, &scratch)
    memory.seen?.seeAll()
    let looksForZeros = memory.seen != nil || memory.minimal != nil
    let skipsZeros = looksForZeros && isFinite(packedWeight, count: packedWeightCount)
    for example in examples {
      let stored = input + example * geometry.input.exampleStride
      let result = output + example * self.output.exampleStride + self.output.origin
      if skipsZeros { memory.seen?.look(at: stored) }
      memory.minimal?.transform(stored + windowOrigin, into: memory.products)
      memory.minimal?.markZeros(stored + windowOrigin, looks: skipsZeros, scratch: memory.products)
      var weights = packedWeight
      for index in 0..<blockCount {
        let block = block(index)
        let pool = PooledRow(self, block: block, bias: bias)
        memory.minimal?.multiply(weights, lanes: block.lanes, scratch: memory.products)
        for y in 0..<self.output.height {
          if let minimal = memory.minimal {
            for row in 0..<poolHeight {
              minimal.sums(
                ofRow: y * poolHeight + row, lanes: block.lanes, scratch: memory.products,
                into: memory.sums + row * minimal.columns * block.lanes)
            }
          } else {
            sumRows(of: y, memory.seen?[y], stored + windowOrigin, weights, lanes: block.lanes, into: memory.sums)
          }
          let mark = marks.map { $0 + example * markCount + y * self.output.width * markStride + block.first }
          pool.compute(memory.sums, into: result + y * self.output.rowStride + block.first, marks: mark)
        }
        weights += (memory.minimal?.packedCount ?? kernelRows * run) * block.lanes
      }
    }
  }

  /// Computes the rows of sums that make a row of results; those outside of `columns` are zero.
  private func sumRows(
    of y: Int, _ columns: Range<Int>?, _ image: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, lanes: Int,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let columns = columns ?? 0..<output.width
    let places = columns.lowerBound * poolWidth..<columns.upperBound * poolWidth
    let row = ConvolutionRow(
      places: places.count, placeStride: pixelStride, rows: kernelRows, rowStride: geometry.input.rowStride,
      steps: run, stepStride: 1, vectorStride: lanes, vectorRowStride: run * lanes)
    for inner in 0..<poolHeight {
      let (width, target) = (output.width * poolWidth, sums + inner * output.width * poolWidth * lanes)
      zero(target, count: places.lowerBound * lanes)
      row.compute(
        lanes: lanes,
        scalars: image + (y * poolHeight + inner) * outputRowStep + places.lowerBound * pixelStride, vectors: weights,
        into: target + places.lowerBound * lanes)
      zero(target + places.upperBound * lanes, count: (width - places.upperBound) * lanes)
    }
  }
}

/// What the forward pass of a direct convolution needs.
private struct ForwardMemory {
  /// The rows of sums that make a row of results.
  let sums: UnsafeMutablePointer<Float>
  let minimal: MinimalFilter?
  /// What the way with fewer multiplications needs.
  let products: UnsafeMutablePointer<Float>
  let seen: SeenColumns?

  init(_ convolution: DirectConvolution, _ scratch: inout Scratch) {
    minimal = convolution.minimal
    sums = scratch.take(convolution.poolHeight * convolution.geometry.output.width * 16, of: Float.self)
    products = scratch.take(minimal?.scratchCount ?? 0, of: Float.self)
    seen = minimal == nil ? SeenColumns(convolution, &scratch) : nil
  }
}

extension DirectConvolution {
  /// Output channels that are computed together.
  struct ChannelBlock {
    /// The first channel.
    var first: Int
    /// How many there are.
    var count: Int
    /// How many are computed, 8 or 16.
    var lanes: Int
  }

  /// Marks a window that passes no gradient.
  static let dead: UInt8 = 255

  /// Blocks of 16 output channels; the last one has 8 lanes where that is enough.
  var blockCount: Int { Self.blockCount(output.channels) }

  func block(_ index: Int) -> ChannelBlock { Self.block(index, of: output.channels) }

  static func blockCount(_ channels: Int) -> Int { (channels + 15) / 16 }

  static func block(_ index: Int, of channels: Int) -> ChannelBlock {
    let count = min(16, channels - index * 16)
    return ChannelBlock(first: index * 16, count: count, lanes: count <= 8 ? 8 : 16)
  }

  static func laneCount(_ channels: Int) -> Int { (channels + 7) / 8 * 8 }

  /// The way with fewer multiplications, where there is one.
  var minimal: MinimalFilter? {
    let window = geometry.window
    guard window.strideHeight == 1, window.strideWidth == 1 else { return nil }
    return MinimalFilter(
      taps: window.width, kernelRows: window.height, channels: geometry.input.channels,
      rows: output.height * poolHeight, columns: output.width * poolWidth, rowStride: geometry.input.rowStride)
  }

  /// Lanes of all blocks.
  var laneCount: Int { Self.laneCount(output.channels) }
  var kernelRows: Int { geometry.window.height }
  var run: Int { geometry.window.width * geometry.input.channels }
  /// Floats from an output pixel's run to the next one's.
  var pixelStride: Int { geometry.window.strideWidth * geometry.input.channels }
  /// Floats from an output row's first run to the next one's.
  var outputRowStep: Int { geometry.window.strideHeight * geometry.input.rowStride }
  /// Floats from the start of a stored image to the first window.
  var windowOrigin: Int {
    (geometry.input.top - geometry.window.paddingTop) * geometry.input.rowStride
      + (geometry.input.left - geometry.window.paddingLeft) * geometry.input.channels
  }
  /// Bytes from a pixel's marks to the next one's.
  var markStride: Int { laneCount }
}

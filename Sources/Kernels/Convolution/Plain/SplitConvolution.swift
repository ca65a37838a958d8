/// A convolution with groups or dilation, as dense convolutions of parts of its image.
///
/// The channels of a group see each other alone; and with a dilation of d, rows (and columns) that lie d apart see each
/// other alone. So each group, at each of the d · d first pixels, is a convolution without groups or dilation of every
/// d-th pixel. A part is copied out of the image, computed by ``FusedConvolution``, and copied back.
///
/// Only without a stride where there is a dilation, and where all that windows see is stored.
struct SplitConvolution: Hashable {
  private let geometry: ConvolutionGeometry
  private let plan: ConvolutionPlan
  /// The largest first.
  private let parts: [Part]
  /// Floats of a group's weights as the forward or the backward pass arranges them, whichever are more.
  private let packedCount: Int
  /// Floats of scratch memory that any part wants.
  private let partScratchCount: Int

  /// Creates the kernels of a geometry that has a ``largestPart(of:)``.
  init(_ geometry: ConvolutionGeometry, _ plan: ConvolutionPlan) {
    (self.geometry, self.plan) = (geometry, plan)
    parts = (0..<geometry.groups).flatMap { group in
      (0..<geometry.window.dilationHeight).flatMap { row in
        (0..<geometry.window.dilationWidth).compactMap { Part(geometry, group: group, row: row, column: $0) }
      }
    }
    let convolutions = parts.map { FusedConvolution($0.block, plan) }
    packedCount = max(convolutions[0].packedWeightCount, convolutions[0].packedWeightBackwardCount)
    partScratchCount = convolutions.reduce(0) { max($0, $1.forwardScratchCount, $1.backwardScratchCount) }
  }

  /// The largest part, whose plan is that of all; `nil` where the convolution can't be split.
  static func largestPart(of geometry: ConvolutionGeometry) -> ConvolutionBlock? {
    let window = geometry.window
    let isDilated = window.dilationHeight > 1 || window.dilationWidth > 1
    let hasStride = window.strideHeight > 1 || window.strideWidth > 1
    guard geometry.hasStoredPadding, !(isDilated && hasStride) else { return nil }
    return Part(geometry, group: 0, row: 0, column: 0)?.block
  }

  /// Floats of scratch memory that a call wants.
  var scratchCount: Int {
    var scratch = Scratch(nil)
    _ = Memory(self, &scratch)
    return scratch.count
  }

  /// Sets the output, in the layout `geometry.output`; its padding is left alone.
  func forward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    var scratch = Scratch(scratch)
    let memory = Memory(self, &scratch)
    for group in 0..<geometry.groups {
      convolution(parts[0]).packWeights(weight + group * weightsOfGroup, into: memory.packedWeight(group))
    }
    forEachPortion(count) { examples in
      for part in parts {
        part.input.copy(examples, from: input, into: memory.input)
        convolution(part).forward(
          examples: 0..<examples.count, input: memory.input, packedWeight: memory.packedWeight(part.group),
          bias: bias.map { $0 + part.output.firstChannel }, output: memory.output, masks: nil, scratch: memory.scratch)
        part.output.copyBack(examples, from: memory.output, into: output)
      }
    }
  }

  /// Sets the gradient of the stored input, its padding included, and that of the weights.
  func backward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    scratch: UnsafeMutablePointer<Float>
  ) {
    var scratch = Scratch(scratch)
    let memory = Memory(self, &scratch)
    if let gradWeight { zero(gradWeight, count: geometry.groups * weightsOfGroup) }
    if let gradInput {
      // Not all pixels are seen by a window.
      zero(gradInput, count: count * geometry.input.exampleStride)
      for group in 0..<geometry.groups {
        convolution(parts[0]).packWeightsBackward(weight + group * weightsOfGroup, into: memory.packedWeight(group))
      }
    }
    forEachPortion(count) { examples in
      for part in parts {
        part.input.copy(examples, from: input, into: memory.input)
        part.output.copy(examples, from: gradOutput, into: memory.output)
        // Without ReLU nobody looks at the output.
        convolution(part).backward(
          examples: 0..<examples.count, input: memory.input,
          packedWeight: gradInput == nil ? nil : UnsafePointer(memory.packedWeight(part.group)),
          output: memory.output, masks: nil, gradOutput: memory.output,
          gradInput: gradInput == nil ? nil : memory.gradInput,
          gradWeight: gradWeight.map { $0 + part.group * weightsOfGroup }, gradBias: nil, scratch: memory.scratch)
        if let gradInput { part.input.copyBack(examples, from: memory.gradInput, into: gradInput) }
      }
    }
  }

  private var weightsOfGroup: Int { geometry.output.channels / geometry.groups * geometry.patchSize }

  private func convolution(_ part: Part) -> FusedConvolution { FusedConvolution(part.block, plan) }

  /// Calls `body` with the examples that are worked on together, all their parts, so that they stay in the cache:
  /// 256 KiB of a part.
  private func forEachPortion(_ count: Int, _ body: (Range<Int>) -> Void) {
    for first in stride(from: 0, to: count, by: examplesAtOnce) {
      body(first..<min(first + examplesAtOnce, count))
    }
  }

  private var examplesAtOnce: Int { max(1, 65_536 / (2 * parts[0].input.count + parts[0].output.count)) }

  /// The scratch memory of a call, enough for each of the parts.
  private struct Memory {
    let input: UnsafeMutablePointer<Float>
    let gradInput: UnsafeMutablePointer<Float>
    /// The output, or its gradient.
    let output: UnsafeMutablePointer<Float>
    let scratch: UnsafeMutablePointer<Float>
    private let packedWeights: UnsafeMutablePointer<Float>
    private let packedCount: Int

    init(_ split: SplitConvolution, _ memory: inout Scratch) {
      let largest = split.parts[0]
      func images(_ pixels: PixelGrid) -> UnsafeMutablePointer<Float> {
        memory.take(split.examplesAtOnce * pixels.count + FusedConvolution.readPastEnd, of: Float.self)
      }
      (input, gradInput, output) = (images(largest.input), images(largest.input), images(largest.output))
      packedCount = split.packedCount
      packedWeights = memory.take(split.geometry.groups * packedCount, of: Float.self)
      scratch = memory.take(split.partScratchCount, of: Float.self)
    }

    func packedWeight(_ group: Int) -> UnsafeMutablePointer<Float> { packedWeights + group * packedCount }
  }
}

/// A group at a first pixel.
private struct Part: Hashable {
  let block: ConvolutionBlock
  let input: PixelGrid
  let output: PixelGrid
  let group: Int

  /// The part's shapes; `nil` where no window starts there.
  init?(_ geometry: ConvolutionGeometry, group: Int, row: Int, column: Int) {
    let (image, result, window) = (geometry.input, geometry.output, geometry.window)
    guard row < result.height, column < result.width else { return nil }
    let (inputs, outputs) = (image.channels / geometry.groups, result.channels / geometry.groups)
    let rows = (result.height - row + window.dilationHeight - 1) / window.dilationHeight
    let columns = (result.width - column + window.dilationWidth - 1) / window.dilationWidth
    input = PixelGrid(
      layout: image, firstRow: image.top - window.paddingTop + row,
      firstColumn: image.left - window.paddingLeft + column, rowStep: window.dilationHeight,
      columnStep: window.dilationWidth, rows: (rows - 1) * window.strideHeight + window.height,
      columns: (columns - 1) * window.strideWidth + window.width, firstChannel: group * inputs, channels: inputs)
    output = PixelGrid(
      layout: result, firstRow: result.top + row, firstColumn: result.left + column, rowStep: window.dilationHeight,
      columnStep: window.dilationWidth, rows: rows, columns: columns, firstChannel: group * outputs, channels: outputs)
    let dense = ConvolutionGeometry(
      input: input.dense, output: output.dense,
      window: WindowGeometry(
        height: window.height, width: window.width, strideHeight: window.strideHeight, strideWidth: window.strideWidth),
      groups: 1)
    block = ConvolutionBlock(geometry: dense, output: dense.output)
    self.group = group
  }
}

/// Some channels of every so many pixels of stored images.
private struct PixelGrid: Hashable {
  let layout: ImageLayout
  /// The first row and column, counted from the stored image's corner.
  let firstRow: Int
  let firstColumn: Int
  let rowStep: Int
  let columnStep: Int
  let rows: Int
  let columns: Int
  let firstChannel: Int
  let channels: Int

  /// The layout of the pixels alone.
  var dense: ImageLayout { ImageLayout(channels: channels, height: rows, width: columns) }

  /// Values per example.
  var count: Int { rows * columns * channels }

  /// Copies the pixels of some examples out of the images.
  func copy(
    _ examples: Range<Int>, from images: UnsafePointer<Float>, into dense: UnsafeMutablePointer<Float>
  ) {
    walk(examples) { stored, packed in
      for channel in 0..<channels { dense[packed + channel] = images[stored + channel] }
    }
  }

  /// Copies the pixels of some examples into the images.
  func copyBack(
    _ examples: Range<Int>, from dense: UnsafePointer<Float>, into images: UnsafeMutablePointer<Float>
  ) {
    walk(examples) { stored, packed in
      for channel in 0..<channels { images[stored + channel] = dense[packed + channel] }
    }
  }

  /// Calls `body` with the offsets of each pixel in the images and among the pixels alone.
  @inline(__always)
  private func walk(_ examples: Range<Int>, _ body: (_ stored: Int, _ packed: Int) -> Void) {
    var packed = 0
    for example in examples {
      for row in 0..<rows {
        var stored =
          example * layout.exampleStride + (firstRow + row * rowStep) * layout.rowStride
          + firstColumn * layout.channels + firstChannel
        for _ in 0..<columns {
          body(stored, packed)
          stored += columnStep * layout.channels
          packed += channels
        }
      }
    }
  }
}

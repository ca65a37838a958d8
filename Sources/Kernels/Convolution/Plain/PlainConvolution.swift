// Letters: N examples, M windows, K = kernel rows · kernel columns · channels of a group, O output channels of a group.
// Weights are [output channel][kernel row][kernel column][channel of the group].

/// The shapes of a convolution: `output` has a pixel a window of `input`.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// The images that windows slide over. Values outside the stored image count as zero.
  public var input: ImageLayout
  /// One pixel a window.
  public var output: ImageLayout
  /// The kernel.
  public var window: WindowGeometry
  /// Into how many groups, each with a kernel of its own, the channels are split.
  public var groups: Int

  /// Creates the geometry of a convolution.
  public init(input: ImageLayout, output: ImageLayout, window: WindowGeometry, groups: Int) {
    (self.input, self.output, self.window, self.groups) = (input, output, window, groups)
  }

  /// Values of the kernel of one output channel.
  public var patchSize: Int { window.height * window.width * (input.channels / groups) }

  /// Values of scratch memory that the kernels want for any batch.
  public var scratchCount: Int {
    if isDepthwise { return 2 * patchSize * input.channels }
    return rowsAtOnce * output.width * (patchSize + output.channels)
  }

  /// Whether each channel has a kernel of its own and gives one output channel.
  var isDepthwise: Bool { groups == input.channels && groups == output.channels && groups > 1 }

  /// Window rows that are worked on together, so that their patches stay in the cache (256 KiB of them).
  var rowsAtOnce: Int { max(1, 65_536 / (output.width * patchSize)) }

  func patches(group: Int) -> Patches {
    let channels = input.channels / groups
    return Patches(
      image: input, window: window, firstChannel: group * channels, channels: channels,
      windowRows: output.height, windowColumns: output.width)
  }

  /// Calls `body` for each portion of window rows of a batch.
  @inline(__always)
  func forEachPortion(_ count: Int, _ body: (Range<Int>) -> Void) {
    let (rows, portion) = (count * output.height, rowsAtOnce)
    var row = 0
    while row < rows {
      body(row..<min(row + portion, rows))
      row += portion
    }
  }

  /// Copies the pixels of some window rows out of a bordered output, or back into it.
  @inline(__always)
  func forEachOutputRow(_ rows: Range<Int>, _ body: (Int, Int) -> Void) {
    var packed = 0
    for row in rows {
      let (example, y) = row.quotientAndRemainder(dividingBy: output.height)
      body(example * output.exampleStride + output.origin + y * output.rowStride, packed)
      packed += output.width * output.channels
    }
  }
}

/// Applies a 2-D cross-correlation, then adds the bias.
///
/// - Input: `[N, C, H, W]` as `geometry.input` lays it out.
/// - Output: `[N, O, H', W']` as `geometry.output` does; its border is left alone.
public func convolutionForward(
  _ geometry: ConvolutionGeometry, count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  if geometry.isDepthwise {
    return depthwiseForward(
      geometry, count: count, input: input, weight: weight, bias: bias, output: output, scratch: scratch)
  }
  let (layout, inner) = (geometry.output, geometry.patchSize)
  let columns = layout.channels / geometry.groups
  geometry.forEachPortion(count) { rows in
    let windows = rows.count * layout.width
    let packed = scratch + geometry.rowsAtOnce * layout.width * inner
    let result = layout.isContiguous ? output + rows.lowerBound * layout.rowStride : packed
    for group in 0..<geometry.groups {
      geometry.patches(group: group).gather(rows, from: input, into: scratch)
      matrixProduct(
        rows: windows, columns: columns, inner: inner, scratch, strideA: inner, weight + group * columns * inner,
        strideB: inner, transposeB: true, into: result + group * columns, strideC: layout.channels)
    }
    if let bias { addToRows(bias, rows: windows, columns: layout.channels, result, stride: layout.channels) }
    if !layout.isContiguous {
      geometry.forEachOutputRow(rows) { target, source in
        copy(packed + source, to: output + target, count: layout.width * layout.channels)
      }
    }
  }
}

/// The gradients of ``convolutionForward(_:count:input:weight:bias:output:scratch:)``.
///
/// - Parameters:
///   - gradInput: set to the input's gradient, its border included; `nil` where nobody asks for it.
///   - gradWeight: set to the weights' gradient; `nil` where nobody asks for it.
///   - gradBias: set to the bias's gradient; `nil` where there is none.
public func convolutionBackward(
  _ geometry: ConvolutionGeometry, count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>?,
  gradWeight: UnsafeMutablePointer<Float>?, gradBias: UnsafeMutablePointer<Float>?,
  scratch: UnsafeMutablePointer<Float>
) {
  let (layout, inner) = (geometry.output, geometry.patchSize)
  let columns = layout.channels / geometry.groups
  if let gradInput { zero(gradInput, count: count * geometry.input.exampleStride) }
  if let gradBias {
    zero(gradBias, count: layout.channels)
    geometry.forEachOutputRow(0..<count * layout.height) { source, _ in
      addColumnSums(
        of: gradOutput + source, rows: layout.width, columns: layout.channels, stride: layout.channels, to: gradBias)
    }
  }
  if geometry.isDepthwise {
    return depthwiseBackward(
      geometry, count: count, input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput,
      gradWeight: gradWeight, scratch: scratch)
  }
  geometry.forEachPortion(count) { rows in
    let windows = rows.count * layout.width
    let packed = scratch + geometry.rowsAtOnce * layout.width * inner
    var gradient = gradOutput + rows.lowerBound * layout.rowStride
    if !layout.isContiguous {
      geometry.forEachOutputRow(rows) { source, target in
        copy(gradOutput + source, to: packed + target, count: layout.width * layout.channels)
      }
      gradient = UnsafePointer(packed)
    }
    for group in 0..<geometry.groups {
      let patches = geometry.patches(group: group)
      let offset = group * columns * inner
      if let gradWeight {
        patches.gather(rows, from: input, into: scratch)
        matrixProduct(
          rows: columns, columns: inner, inner: windows, gradient + group * columns, strideA: layout.channels,
          transposeA: true, scratch, strideB: inner, into: gradWeight + offset, strideC: inner,
          accumulate: rows.lowerBound > 0)
      }
      if let gradInput {
        matrixProduct(
          rows: windows, columns: inner, inner: columns, gradient + group * columns, strideA: layout.channels,
          weight + offset, strideB: inner, into: scratch, strideC: inner)
        patches.scatter(rows, from: scratch, addingTo: gradInput)
      }
    }
  }
}

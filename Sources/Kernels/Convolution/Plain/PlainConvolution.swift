// Letters: N examples, M windows, K = kernel rows · kernel columns · channels of a group, O output channels of a group.

/// A convolution of any geometry: by im2col, channel by channel, or by dense parts.
///
/// im2col writes the patches of some windows into scratch memory, a matrix `[M][K]`; the output is its product with the
/// weights `[O][K]`, the weights' gradient its product with the output's gradient `[M][O]`. The input's gradient is
/// the product of the latter with the weights, added back to the patches' pixels (col2im).
///
/// All pointers are to a whole batch. No two of the buffers that a call is given may overlap.
package struct PlainConvolution: Hashable, Sendable {
  /// The shapes.
  package let geometry: ConvolutionGeometry
  /// The algorithms: im2col, depthwise, or those of the parts.
  package let plan: ConvolutionPlan

  private let algorithm: Algorithm

  /// What the plan says, made once.
  private enum Algorithm: Hashable {
    case im2col
    case depthwise(DepthwiseConvolution)
    case split(SplitConvolution)
  }

  /// Creates the kernels of a geometry.
  package init(_ geometry: ConvolutionGeometry, _ plan: ConvolutionPlan) {
    (self.geometry, self.plan) = (geometry, plan)
    algorithm =
      plan.isSplit
      ? .split(SplitConvolution(geometry, plan))
      : plan.forward == .depthwise ? .depthwise(DepthwiseConvolution(geometry)) : .im2col
  }

  /// Floats of scratch memory that a call wants for any batch.
  package var scratchCount: Int {
    switch algorithm {
    case .im2col:
      matrixProductScratchCount + patchesCount + rowsAtOnce * geometry.output.width * geometry.output.channels
    case .depthwise(let convolution): convolution.scratchCount
    case .split(let convolution): convolution.scratchCount
    }
  }

  /// Applies a 2-D cross-correlation, then adds the bias.
  ///
  /// - Input: `[N, C, H, W]` in the layout `geometry.input`, its padding included.
  /// - Output: `[N, O, H', W']` in the layout `geometry.output`; its padding is left alone.
  package func forward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    switch algorithm {
    case .im2col:
      im2colForward(count: count, input: input, weight: weight, bias: bias, output: output, scratch: scratch)
    case .depthwise(let convolution):
      convolution.forward(
        count: count, input: input, weight: weight, bias: bias, output: output, scratch: scratch)
    case .split(let convolution):
      convolution.forward(
        count: count, input: input, weight: weight, bias: bias, output: output, scratch: scratch)
    }
  }

  /// The gradients of ``forward(count:input:weight:bias:output:scratch:)``.
  ///
  /// - Parameters:
  ///   - gradOutput: in the layout `geometry.output`; its padding is not looked at.
  ///   - gradInput: set to the input's gradient, its padding included; `nil` where nobody asks for it.
  ///   - gradWeight: set to the weights' gradient; `nil` where nobody asks for it.
  ///   - gradBias: set to the bias's gradient; `nil` where there is none.
  package func backward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    gradBias: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    if let gradBias { channelSums(geometry.output, count: count, gradOutput, into: gradBias) }
    switch algorithm {
    case .im2col:
      im2colBackward(
        count: count, input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput,
        gradWeight: gradWeight, scratch: scratch)
    case .depthwise(let convolution):
      convolution.backward(
        count: count, input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput,
        gradWeight: gradWeight, scratch: scratch)
    case .split(let convolution):
      convolution.backward(
        count: count, input: input, weight: weight, gradOutput: gradOutput, gradInput: gradInput,
        gradWeight: gradWeight, scratch: scratch)
    }
  }
}

extension PlainConvolution {
  /// Window rows that are worked on together, so that their patches stay in the cache (256 KiB of them).
  var rowsAtOnce: Int { max(1, 65_536 / (geometry.output.width * geometry.patchSize)) }

  /// Floats of the patches that are worked on together.
  private var patchesCount: Int { rowsAtOnce * geometry.output.width * geometry.patchSize }

  private func patches(group: Int) -> PatchMatrix {
    let channels = geometry.input.channels / geometry.groups
    return PatchMatrix(
      image: geometry.input, window: geometry.window, firstChannel: group * channels, channels: channels,
      windowRows: geometry.output.height, windowColumns: geometry.output.width)
  }

  /// Calls `body` for each portion of the window rows of a batch.
  @inline(__always)
  private func forEachPortion(_ count: Int, _ body: (Range<Int>) -> Void) {
    let (rows, portion) = (count * geometry.output.height, rowsAtOnce)
    var row = 0
    while row < rows {
      body(row..<min(row + portion, rows))
      row += portion
    }
  }

  private func im2colForward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let (layout, inner) = (geometry.output, geometry.patchSize)
    let columns = layout.channels / geometry.groups
    let matrix = scratch + matrixProductScratchCount
    forEachPortion(count) { rows in
      let windows = rows.count * layout.width
      let packed = matrix + patchesCount
      let result = layout.isContiguous ? output + rows.lowerBound * layout.rowStride : packed
      for group in 0..<geometry.groups {
        patches(group: group).im2col(rows, from: input, into: matrix)
        matrixProduct(
          rows: windows, columns: columns, inner: inner, matrix, strideA: inner, weight + group * columns * inner,
          strideB: inner, transposeB: true, into: result + group * columns, strideC: layout.channels, scratch: scratch)
      }
      if let bias { addToRows(bias, rows: windows, columns: layout.channels, result, stride: layout.channels) }
      if !layout.isContiguous {
        geometry.forEachOutputRow(rows) { target, source in
          copy(packed + source, to: output + target, count: layout.width * layout.channels)
        }
      }
    }
  }

  private func im2colBackward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    scratch: UnsafeMutablePointer<Float>
  ) {
    if let gradInput { zero(gradInput, count: count * geometry.input.exampleStride) }
    let (layout, inner) = (geometry.output, geometry.patchSize)
    let columns = layout.channels / geometry.groups
    let matrix = scratch + matrixProductScratchCount
    forEachPortion(count) { rows in
      let windows = rows.count * layout.width
      let packed = matrix + patchesCount
      var gradient = gradOutput + rows.lowerBound * layout.rowStride
      if !layout.isContiguous {
        geometry.forEachOutputRow(rows) { source, target in
          copy(gradOutput + source, to: packed + target, count: layout.width * layout.channels)
        }
        gradient = UnsafePointer(packed)
      }
      for group in 0..<geometry.groups {
        let patches = patches(group: group)
        let offset = group * columns * inner
        if let gradWeight {
          patches.im2col(rows, from: input, into: matrix)
          matrixProduct(
            rows: columns, columns: inner, inner: windows, gradient + group * columns, strideA: layout.channels,
            transposeA: true, matrix, strideB: inner, into: gradWeight + offset, strideC: inner,
            accumulate: rows.lowerBound > 0, scratch: scratch)
        }
        if let gradInput {
          matrixProduct(
            rows: windows, columns: inner, inner: columns, gradient + group * columns, strideA: layout.channels,
            weight + offset, strideB: inner, into: matrix, strideC: inner, scratch: scratch)
          patches.col2im(rows, from: matrix, addingTo: gradInput)
        }
      }
    }
  }
}

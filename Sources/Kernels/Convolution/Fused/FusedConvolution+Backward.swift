// The gradients of a fused convolution. Behind a pooling they are sums over the few places that pass a gradient
// (SparseBackward.swift); otherwise they are direct convolutions themselves, as here. With a stride the input's
// gradient is one for each phase (StridePhase.swift):
//
//   gradInput[y][x][c]  = Σ over r, k, o:  g[(y − r) / stride][(x − k) / stride][o] · weight[o][r][k][c]
//   where the stride divides y − r and x − k, and
//   gradWeight[o][r][l] = Σ over y, x:     g[y][x][o] · input[y · stride + r][x · stride + l]
//
// where g is the output's gradient where ReLU is on, with zeros around it.

extension FusedConvolution {
  /// Floats of the weights as ``packWeightsBackward(_:into:)`` arranges them.
  package var packedWeightBackwardCount: Int {
    if plan.inputGradient == .sparse { return SparseBackwardWeights(block).count }
    let inner = block.kernelRows * block.geometry.window.width * block.output.channels
    return (winogradBackward?.packedCount ?? inner) * ChannelBlock.laneCount(block.geometry.input.channels)
  }

  /// Floats of scratch memory that
  /// ``backward(examples:input:packedWeight:output:masks:gradOutput:gradInput:gradWeight:gradBias:scratch:)`` wants.
  package var backwardScratchCount: Int {
    var scratch = Scratch(nil)
    _ = denseMemory(&scratch)
    _ = sparseMemory(&scratch)
    return scratch.count
  }

  /// Arranges the weights for the input's gradient, once per step and only where that gradient is wanted:
  /// `[block of input channels][phase of rows][phase of columns][R][kernel column][O][lane]` with the kernels turned,
  /// where a phase has the rows or columns that are a stride apart, or as another algorithm wants them.
  package func packWeightsBackward(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    if plan.inputGradient == .sparse { return SparseBackwardWeights(block).pack(weight, into: packed) }
    let (rows, columns, window) = (block.kernelRows, block.geometry.window.width, block.geometry.window)
    let (inputs, outputs) = (block.geometry.input.channels, block.output.channels)
    let winograd = winogradBackward
    var packed = packed
    for index in 0..<ChannelBlock.count(of: inputs) {
      let channels = ChannelBlock(index, of: inputs)
      if let winograd {
        winograd.pack(channels, into: packed) { lane, row, tap, channel in
          let place = (channel * rows + rows - 1 - row) * columns + columns - 1 - tap
          return weight[place * inputs + channels.first + lane]
        }
        packed += winograd.packedCount * channels.lanes
        continue
      }
      StridePhase.forEach(block) { rowPhase, columnPhase in
        for place in (0..<rowPhase.taps * columnPhase.taps).reversed() {
          let (row, column) = place.quotientAndRemainder(dividingBy: columnPhase.taps)
          let tap =
            (rowPhase.firstTap + row * window.strideHeight) * columns
            + columnPhase.firstTap + column * window.strideWidth
          for channel in 0..<outputs {
            let kernel = weight + (channel * rows * columns + tap) * inputs + channels.first
            for lane in 0..<channels.lanes { packed[lane] = lane < channels.count ? kernel[lane] : 0 }
            packed += channels.lanes
          }
        }
      }
    }
  }

  /// The gradients of ``forward(examples:input:packedWeight:bias:output:masks:scratch:)``.
  ///
  /// - Parameters:
  ///   - examples: the examples to compute; all other pointers are to the whole batch's first value.
  ///   - packedWeight: the result of ``packWeightsBackward(_:into:)``; not looked at without `gradInput`.
  ///   - output: the result of the forward pass.
  ///   - masks: the masks that the forward pass kept; `nil` without pooling.
  ///   - gradOutput: in the layout `block.output`; its padding is not looked at.
  ///   - gradInput: set in the layout `block.geometry.input`, without its padding; `nil` where nobody asks for it. A
  ///     sparse gradient may write to the padding too.
  ///   - gradWeight: the examples' share is added, as is that of the bias.
  package func backward(
    examples: Range<Int>, input: UnsafePointer<Float>, packedWeight: UnsafePointer<Float>?,
    output: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    gradBias: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    var scratch = Scratch(scratch)
    let dense = denseMemory(&scratch)
    let sparse = sparseMemory(&scratch)
    if let sparse {
      SparseBackward(block, sparse).compute(
        examples: examples, input: input, packedWeight: packedWeight, output: output, masks: masks,
        gradOutput: gradOutput, gradInput: dense == nil ? gradInput : nil, gradWeight: gradWeight, gradBias: gradBias)
    }
    guard let dense, gradInput != nil || sparse == nil else { return }
    let skipsZeros = packedWeight.map { isFinite($0, count: packedWeightBackwardCount) } ?? false
    dense.gradient.update(repeating: 0, count: dense.gradientCount)
    if sparse == nil { dense.clearWeightGradient() }
    for example in examples {
      let offset = example * block.output.exampleStride + block.output.origin
      dense.fill(gradOutput + offset, output + offset)
      if sparse == nil {
        let stored = input + example * block.geometry.input.exampleStride
        let sumsAreFinite = dense.addBiasGradient(to: gradBias)
        if gradWeight != nil { dense.addWeightGradient(stored, skipsZeros: sumsAreFinite) }
      }
      if let gradInput, let packedWeight {
        let layout = block.geometry.input
        dense.setInputGradient(
          packedWeight, skipsZeros: skipsZeros, gradInput + example * layout.exampleStride + layout.origin)
      }
    }
    if let gradWeight, sparse == nil { dense.addWeightGradients(to: gradWeight) }
  }

  /// The memory of the gradients that are direct convolutions, if there are any.
  private func denseMemory(_ scratch: inout Scratch) -> DenseBackward? {
    guard plan.inputGradient != .sparse else { return nil }
    return DenseBackward(
      block, winogradBackward, weightsOf: plan.weightGradient == .winograd ? minimalFiltering : nil,
      skipsZeroColumns: plan.skipsZeroColumns, &scratch)
  }

  /// The memory of the gradients that are sparse sums, if there are any.
  private func sparseMemory(_ scratch: inout Scratch) -> SparseBackwardMemory? {
    guard plan.weightGradient == .sparse else { return nil }
    return SparseBackwardMemory(block, skipsZeroColumns: plan.skipsZeroColumns, &scratch)
  }

  /// The input's gradient by Winograd's algorithm, if it is planned.
  private var winogradBackward: WinogradConvolution? {
    guard plan.inputGradient == .winograd else { return nil }
    let (layout, window) = (block.geometry.input, block.geometry.window)
    return WinogradConvolution(
      taps: window.width, kernelRows: window.height, channels: block.output.channels, rows: layout.height,
      columns: layout.width, rowStride: DenseBackward.rowStride(block))
  }
}

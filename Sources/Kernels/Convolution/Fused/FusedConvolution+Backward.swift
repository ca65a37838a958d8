// The gradients of a direct convolution. Behind a pooling they are sums over the few places that had a say in its
// results (PooledBackward.swift); without one they are direct convolutions themselves, as here:
//
//   gradInput[y][x][c]  = Σ over r, k, o:  g[y − r][x − k][o] · weight[o][r][k][c]
//   gradWeight[o][r][l] = Σ over y, x:     g[y][x][o] · input[y + r][x · stride + l]
//
// where g is the output's gradient where ReLU is on, with a border of zeros.

extension DirectConvolution {
  /// Floats of the weights as ``packWeightsBackward(_:into:)`` arranges them.
  public var packedWeightBackwardCount: Int {
    if !isDense { return PooledWeights(self).count }
    let inner = kernelRows * geometry.window.width * output.channels
    return (minimalBackward?.packedCount ?? inner) * Self.laneCount(geometry.input.channels)
  }

  /// Floats of scratch memory that ``backward(examples:input:packedWeight:output:marks:gradOutput:gradInput:gradWeight:gradBias:scratch:)``
  /// wants.
  public var backwardScratchCount: Int {
    var scratch = Scratch(nil)
    if isDense { _ = DenseMemory(self, &scratch) }
    if !isDense || listsWeightTerms { _ = PooledMemory(self, &scratch) }
    return scratch.count
  }

  /// Arranges the weights for the input's gradient; once a step, and only where that gradient is wanted.
  public func packWeightsBackward(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    if !isDense { return PooledWeights(self).pack(weight, into: packed) }
    let (columns, inputs, outputs) = (geometry.window.width, geometry.input.channels, output.channels)
    var packed = packed
    for index in 0..<Self.blockCount(inputs) {
      let block = Self.block(index, of: inputs)
      if let minimal = minimalBackward {
        minimal.pack(block, into: packed) { lane, row, tap, channel in
          let place = (channel * kernelRows + kernelRows - 1 - row) * columns + columns - 1 - tap
          return weight[place * inputs + block.first + lane]
        }
        packed += minimal.packedCount * block.lanes
        continue
      }
      for row in (0..<kernelRows).reversed() {
        for column in (0..<columns).reversed() {
          for channel in 0..<outputs {
            let kernel = weight + ((channel * kernelRows + row) * columns + column) * inputs + block.first
            for lane in 0..<block.lanes { packed[lane] = lane < block.count ? kernel[lane] : 0 }
            packed += block.lanes
          }
        }
      }
    }
  }

  /// The gradients of ``forward(examples:input:packedWeight:bias:output:marks:scratch:)``.
  ///
  /// - Parameters:
  ///   - examples: which of the batch; all other pointers are to the whole batch's first value.
  ///   - packedWeight: what ``packWeightsBackward(_:into:)`` gave; not looked at without `gradInput`.
  ///   - output: what the forward pass computed, in `self.output`'s layout.
  ///   - marks: what the forward pass kept; `nil` without pooling.
  ///   - gradOutput: in `self.output`'s layout; its border is not looked at. Up to seven floats are read past the end of
  ///     this and of `output`.
  ///   - gradInput: set in `geometry.input`'s layout, without its border; `nil` where nobody asks for it.
  ///   - gradWeight: the examples' share is added, as is that of the bias.
  public func backward(
    examples: Range<Int>, input: UnsafePointer<Float>, packedWeight: UnsafePointer<Float>?,
    output: UnsafePointer<Float>, marks: UnsafePointer<UInt8>?, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    gradBias: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    var memory = Scratch(scratch)
    let dense = isDense ? DenseMemory(self, &memory) : nil
    if dense == nil || listsWeightTerms {
      PooledBackward(self, PooledMemory(self, &memory)).compute(
        examples: examples, input: input, packedWeight: packedWeight, output: output, marks: marks,
        gradOutput: gradOutput, gradInput: dense == nil ? gradInput : nil, gradWeight: gradWeight, gradBias: gradBias)
    }
    guard let dense, gradInput != nil || !listsWeightTerms else { return }
    let skipsZeros =
      minimalBackward != nil && packedWeight.map { isFinite($0, count: packedWeightBackwardCount) } ?? false
    dense.gradient.update(repeating: 0, count: dense.gradientCount)
    if !listsWeightTerms { dense.weight.update(repeating: 0, count: dense.weightCount) }
    for example in examples {
      let offset = example * self.output.exampleStride + self.output.origin
      dense.fill(self, gradOutput + offset, output + offset)
      if !listsWeightTerms {
        let stored = input + example * geometry.input.exampleStride
        let sumsAreFinite = dense.addBiasGradient(self, to: gradBias)
        if gradWeight != nil { addWeightGradient(dense, stored, skipsZeros: sumsAreFinite) }
      }
      if let gradInput, let packedWeight {
        let image = gradInput + example * geometry.input.exampleStride + geometry.input.origin
        setInputGradient(dense, packedWeight, skipsZeros: skipsZeros, image)
      }
    }
    if let gradWeight, !listsWeightTerms { addUnpacked(dense.weight, to: gradWeight) }
  }
}

extension DirectConvolution {
  /// Whether the gradients are direct convolutions.
  fileprivate var isDense: Bool {
    pooling == .none && geometry.window.strideHeight == 1 && geometry.window.strideWidth == 1
  }

  /// Whether the weights' gradient adds runs of the input only where ReLU is on: worth it where runs are long.
  private var listsWeightTerms: Bool { rectifies && kernelRows * run >= 32 }

  /// - Parameters:
  ///   - stored: the example with its border.
  ///   - skipsZeros: whether the gradients are finite, so that they need not meet the image's zeros.
  private func addWeightGradient(_ dense: DenseMemory, _ stored: UnsafePointer<Float>, skipsZeros: Bool) {
    var (rows, columns) = (0..<output.height, 0..<output.width)
    if skipsZeros, let seen = dense.seen {
      seen.look(at: stored)
      (rows, columns) = seen.box
    }
    let row = ConvolutionRow(
      places: run, placeStride: 1, rows: rows.count, rowStride: outputRowStep, steps: columns.count,
      stepStride: pixelStride, vectorStride: output.channels, vectorRowStride: dense.rowStride, accumulates: true)
    let image = stored + windowOrigin + rows.lowerBound * outputRowStep + columns.lowerBound * pixelStride
    let gradient =
      dense.gradient + dense.origin + rows.lowerBound * dense.rowStride + columns.lowerBound * output.channels
    var target = dense.weight
    for index in 0..<blockCount {
      let block = block(index)
      for kernelRow in 0..<kernelRows {
        row.compute(
          lanes: block.lanes, scalars: image + kernelRow * geometry.input.rowStride, vectors: gradient + block.first,
          into: target)
        target += run * block.lanes
      }
    }
  }

  private func setInputGradient(
    _ dense: DenseMemory, _ packedWeight: UnsafePointer<Float>, skipsZeros: Bool,
    _ image: UnsafeMutablePointer<Float>
  ) {
    let layout = geometry.input
    let steps = geometry.window.width * output.channels
    let minimal = minimalBackward
    minimal?.transform(firstGradient(dense), into: dense.minimalScratch)
    minimal?.markZeros(firstGradient(dense), looks: skipsZeros, scratch: dense.minimalScratch)
    var weights = packedWeight
    for index in 0..<Self.blockCount(layout.channels) {
      let block = Self.block(index, of: layout.channels)
      let row = ConvolutionRow(
        places: layout.width, placeStride: output.channels, rows: kernelRows, rowStride: dense.rowStride,
        steps: steps, stepStride: 1, vectorStride: block.lanes, vectorRowStride: steps * block.lanes)
      minimal?.multiply(weights, lanes: block.lanes, scratch: dense.minimalScratch)
      for y in 0..<layout.height {
        if let minimal {
          minimal.sums(ofRow: y, lanes: block.lanes, scratch: dense.minimalScratch, into: dense.row)
        } else {
          row.compute(
            lanes: block.lanes, scalars: firstGradient(dense) + y * dense.rowStride, vectors: weights, into: dense.row)
        }
        let target = image + y * layout.rowStride + block.first
        for x in 0..<layout.width {
          let (from, to) = (dense.row + x * block.lanes, target + x * layout.channels)
          store8(load8(from), count: block.count, to: to)
          if block.count > 8 { store8(load8(from + 8), count: block.count - 8, to: to + 8) }
        }
      }
      weights += (minimal?.packedCount ?? kernelRows * steps) * block.lanes
    }
  }

  /// The first gradient that the first row of the input's gradient looks at.
  private func firstGradient(_ dense: DenseMemory) -> UnsafePointer<Float> {
    let window = geometry.window
    return UnsafePointer(
      dense.gradient + window.paddingTop * dense.rowStride + window.paddingLeft * output.channels)
  }

  /// The way to the input's gradient with fewer multiplications, where there is one.
  fileprivate var minimalBackward: MinimalFilter? {
    let (layout, window) = (geometry.input, geometry.window)
    return MinimalFilter(
      taps: window.width, kernelRows: window.height, channels: output.channels, rows: layout.height,
      columns: layout.width, rowStride: DenseMemory.rowStride(self))
  }

  private func addUnpacked(_ packed: UnsafePointer<Float>, to gradWeight: UnsafeMutablePointer<Float>) {
    let inner = kernelRows * run
    var packed = packed
    for index in 0..<blockCount {
      let block = block(index)
      for lane in 0..<block.count {
        let target = gradWeight + (block.first + lane) * inner
        for k in 0..<inner { target[k] += packed[k * block.lanes + lane] }
      }
      packed += inner * block.lanes
    }
  }
}

/// What the gradients of a convolution without pooling need.
private struct DenseMemory {
  /// The gradient of one example's sums, with a border of zeros of the kernel's size less one.
  let gradient: UnsafeMutablePointer<Float>
  let gradientCount: Int
  /// Floats from a row of the gradient to the next.
  let rowStride: Int
  /// Floats to the first pixel inside the border.
  let origin: Int
  /// What the way with fewer multiplications needs.
  let minimalScratch: UnsafeMutablePointer<Float>
  /// A row of the input's gradient.
  let row: UnsafeMutablePointer<Float>
  /// The weights' gradient, `[block][place in the kernel][lane]`.
  let weight: UnsafeMutablePointer<Float>
  let weightCount: Int
  let seen: SeenColumns?

  init(_ convolution: DirectConvolution, _ scratch: inout Scratch) {
    let (window, output) = (convolution.geometry.window, convolution.output)
    rowStride = Self.rowStride(convolution)
    origin = (window.height - 1) * rowStride + (window.width - 1) * output.channels
    // A vector of channels may be read past the last pixel.
    gradientCount = (output.height + 2 * (window.height - 1)) * rowStride + 16
    gradient = scratch.take(gradientCount, of: Float.self)
    minimalScratch = scratch.take(convolution.minimalBackward?.scratchCount ?? 0, of: Float.self)
    row = scratch.take(convolution.geometry.input.width * 16, of: Float.self)
    weightCount = convolution.kernelRows * convolution.run * convolution.laneCount
    weight = scratch.take(weightCount, of: Float.self)
    seen = SeenColumns(convolution, &scratch)
  }

  static func rowStride(_ convolution: DirectConvolution) -> Int {
    let (window, output) = (convolution.geometry.window, convolution.output)
    return (output.width + 2 * (window.width - 1)) * output.channels
  }

  /// Copies an example's gradient to where ReLU is on.
  func fill(_ convolution: DirectConvolution, _ gradOutput: UnsafePointer<Float>, _ output: UnsafePointer<Float>) {
    let layout = convolution.output
    let count = layout.width * layout.channels
    for y in 0..<layout.height {
      let (from, values) = (gradOutput + y * layout.rowStride, output + y * layout.rowStride)
      let to = gradient + origin + y * rowStride
      if convolution.rectifies {
        var index = 0
        while index + 8 <= count {
          let isOff = load8(values + index) .<= Float8(repeating: 0)
          store8(load8(from + index).replacing(with: Float8(repeating: 0), where: isOff), to: to + index)
          index += 8
        }
        for index in index..<count { to[index] = values[index] <= 0 ? 0 : from[index] }
      } else {
        to.update(from: from, count: count)
      }
    }
  }

  /// Adds the example's gradient to the bias's, eight channels at a time, and tells whether its sums are finite.
  func addBiasGradient(_ convolution: DirectConvolution, to gradBias: UnsafeMutablePointer<Float>?) -> Bool {
    let layout = convolution.output
    var isFinite = true
    for first in stride(from: 0, to: layout.channels, by: 8) {
      // Two sums at once, because a sum waits for the one before.
      var (sum, other) = (Float8(repeating: 0), Float8(repeating: 0))
      for y in 0..<layout.height {
        let pixels = gradient + origin + y * rowStride + first
        for x in 0..<layout.width / 2 {
          sum += load8(pixels + 2 * x * layout.channels)
          other += load8(pixels + (2 * x + 1) * layout.channels)
        }
        if layout.width % 2 == 1 { sum += load8(pixels + (layout.width - 1) * layout.channels) }
      }
      sum += other
      for lane in 0..<min(8, layout.channels - first) {
        gradBias?[first + lane] += sum[lane]
        isFinite = isFinite && sum[lane].isFinite
      }
    }
    return isFinite
  }
}

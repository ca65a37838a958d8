// The gradients of a convolution that most places of its output pass nothing to: behind a pooling or ReLU. A
// window of a max pooling passes its gradient to one place, and to none where ReLU is off; so each gradient is a sum of
// far fewer terms than a dense product has:
//
//   gradWeight[o][r][·] = Σ over active windows of channel o:  g · the input's run at the argmax's row + r
//   gradInput[tile]     = Σ over active windows near the tile: g · the kernel of their channel, shifted to the argmax
//
// A tile has the size of the input rows and columns that a window advances, so the windows near it are always the same
// few neighbours, whichever place is the argmax. A mean passes g / 4 to all places of its window where ReLU is on.
// Neighbouring places are one term, because their runs (and their kernels) are added beforehand: variant 1 of the input
// (and of the kernels) holds the sum of two places side by side, variant 2 of two one above the other, variant 3 of all
// four.

/// One call of the sparse gradients of a block.
struct SparseBackward {
  let block: ConvolutionBlock
  let weights: SparseBackwardWeights
  let memory: SparseBackwardMemory

  init(_ block: ConvolutionBlock, _ memory: SparseBackwardMemory) {
    (self.block, self.memory) = (block, memory)
    weights = SparseBackwardWeights(block)
  }

  /// Adds the examples' share to the gradients of weights and bias, and sets that of the input, where they are asked for.
  /// The parameters are those of ``FusedConvolution``'s backward pass.
  func compute(
    examples: Range<Int>, input: UnsafePointer<Float>, packedWeight: UnsafePointer<Float>?,
    output: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    gradBias: UnsafeMutablePointer<Float>?
  ) {
    let (layout, geometry) = (block.output, block.geometry)
    fillMaskTerms()
    for example in examples {
      let gradients = OutputGradients(
        gradients: gradOutput + example * layout.exampleStride + layout.origin,
        values: output + example * layout.exampleStride + layout.origin,
        // Without pooling there are no masks, and nobody looks at them.
        masks: masks.map { $0 + example * block.maskCount } ?? UnsafePointer(memory.noMasks))
      let image = input + example * geometry.input.exampleStride
      if gradWeight != nil || gradBias != nil { addParameterGradients(gradients, image, gradWeight, gradBias) }
      if let gradInput, let packedWeight {
        setInputGradient(gradients, packedWeight, gradInput + example * geometry.input.exampleStride)
      }
    }
  }

  private func addParameterGradients(
    _ gradients: OutputGradients, _ image: UnsafePointer<Float>, _ gradWeight: UnsafeMutablePointer<Float>?,
    _ gradBias: UnsafeMutablePointer<Float>?
  ) {
    memory.nonzero?.scan(image)
    var windows = listWindows(memory.nonzero?.rows)
    let variants = gradWeight != nil && weights.variants == 4 ? addedVariants(of: image) : image
    let count = block.output.channels
    for first in stride(from: 0, to: count, by: 8) {
      let channels = first..<min(first + 8, count)
      let sums = sums(channels, gradients)
      for lane in 0..<channels.count {
        gradBias?[first + lane] += sums[lane]
        // Windows that see zeros only are skipped where their gradients are finite.
        if !sums[lane].isFinite { windows = listWindows() }
      }
      if let gradWeight {
        listByChannel(channels, windows, gradients)
        addWeightGradient(channels, variants, gradWeight)
      }
    }
  }
}

/// The gradients that come from behind a block, for one example; all pointers are to its first pixel.
struct OutputGradients {
  let gradients: UnsafePointer<Float>
  /// The block's results, which tell without pooling where ReLU is on, and the masks, which tell it behind a pooling.
  let values: UnsafePointer<Float>
  let masks: UnsafePointer<UInt8>
}

extension SparseBackward {
  /// Tabulates the terms of each mask.
  private func fillMaskTerms() {
    let layout = block.geometry.input
    func imageOffset(_ variant: Int, _ place: Int) -> Int {
      let (row, column) = place.quotientAndRemainder(dividingBy: block.poolWidth)
      return variant * layout.exampleStride + row * block.outputRowStep + column * block.pixelStride
    }
    for mask in 0..<256 {
      if block.pooling == .average {
        memory.weightTerms[mask] = MaskTerms.ofMean(mask, offset: imageOffset)
        memory.inputTerms[mask] = MaskTerms.ofMean(mask, offset: weights.offset)
      } else if mask < block.poolHeight * block.poolWidth {
        memory.weightTerms[mask] = MaskTerms(count: 1, first: Int32(imageOffset(0, mask)))
        memory.inputTerms[mask] = MaskTerms(count: 1, first: Int32(weights.offset(variant: 0, place: mask)))
      } else {
        memory.weightTerms[mask] = MaskTerms()
        memory.inputTerms[mask] = MaskTerms()
      }
    }
  }

  /// The example and the sums of places side by side, one above the other, and of four.
  private func addedVariants(of image: UnsafePointer<Float>) -> UnsafePointer<Float> {
    let (count, beside, below) =
      (block.geometry.input.exampleStride, block.pixelStride, block.outputRowStep)
    let single = memory.variants
    let (sideBySide, oneAbove, four) = (single + count, single + 2 * count, single + 3 * count)
    single.update(from: image, count: count)
    for index in 0..<count - beside { sideBySide[index] = image[index] + image[index + beside] }
    for index in 0..<count - below { oneAbove[index] = image[index] + image[index + below] }
    for index in 0..<count - beside - below { four[index] = sideBySide[index] + sideBySide[index + below] }
    return UnsafePointer(single)
  }

  /// How a window tells which of its places its gradient goes to: by its value alone, an argmax index, or bits.
  enum Kind { case plain, maximum, mean }

  /// Writes the terms of a window and channel to `next`, and moves it behind them. A gradient of zero, as it comes from
  /// behind an overlapping pooling or a dropout, has none, whatever it would be multiplied by.
  ///
  /// Without branches, because nobody can predict which windows are active. Terms that do not count are written over.
  @inline(__always)
  func list(
    _ kind: Kind, _ table: UnsafePointer<MaskTerms>, mask: UnsafePointer<UInt8>, value: Float, gradient: Float,
    origin: Int32, _ least: Float, _ next: inout UnsafeMutablePointer<ScaledBlock>
  ) {
    // 1 where it is not zero, in arithmetic that no compiler makes a branch of.
    let passes = Int(((gradient.bitPattern & 0x7fff_ffff) &+ 0x7fff_ffff) >> 31)
    switch kind {
    case .plain:
      next.pointee = ScaledBlock(offset: origin + table.pointee.first, factor: gradient)
      next += (value <= least ? 0 : 1) & passes
    case .maximum:
      let entry = table + Int(mask.pointee)
      next.pointee = ScaledBlock(offset: origin + entry.pointee.first, factor: gradient)
      next += Int(entry.pointee.count) & -passes
    case .mean:
      let entry = table + Int(mask.pointee)
      next[0] = ScaledBlock(offset: origin + entry.pointee.first, factor: gradient * 0.25)
      next[1] = ScaledBlock(offset: origin + entry.pointee.second, factor: gradient * 0.25)
      next += Int(entry.pointee.count) & -passes
    }
  }

  /// The bias's gradient: the sums of the gradients that the windows of up to eight channels pass on; the other lanes
  /// mean nothing.
  private func sums(
    _ channels: Range<Int>, _ gradients: OutputGradients
  ) -> SIMD8<Float> {
    switch block.pooling {
    case .none: sums(.plain, channels, gradients)
    case .maximum: sums(.maximum, channels, gradients)
    case .average: sums(.mean, channels, gradients)
    }
  }

  @inline(__always)
  private func sums(
    _ kind: Kind, _ channels: Range<Int>, _ gradients: OutputGradients
  ) -> SIMD8<Float> {
    let (layout, maskStride) = (block.output, block.maskStride)
    let least: Float = block.appliesReLU ? 0 : .nan
    let (zero, inactive) = (Float8(repeating: 0), SIMD8(repeating: Int32(PoolingMask.inactive)))
    var sums = zero
    for y in 0..<layout.height {
      var place = y * layout.rowStride + channels.lowerBound
      var mask = UnsafeRawPointer(gradients.masks + y * layout.width * maskStride + channels.lowerBound)
      for _ in 0..<layout.width {
        let passed = load8(gradients.gradients + place)
        if kind == .plain {
          sums += passed.replacing(with: zero, where: load8(gradients.values + place) .<= least)
        } else {
          let bits = SIMD8<Int32>(truncatingIfNeeded: mask.loadUnaligned(as: SIMD8<UInt8>.self))
          if kind == .maximum {
            sums += passed.replacing(with: zero, where: bits .== inactive)
          } else {
            let pairs = bits &- ((bits &>> 1) & 5)
            let share = SIMD8<Float>((pairs & 3) &+ (pairs &>> 2)) * 0.25
            sums += (passed * share).replacing(with: zero, where: bits .== SIMD8<Int32>(repeating: 0))
          }
          mask += maskStride
        }
        place += layout.channels
      }
    }
    return sums
  }

  /// Lists the places of the windows in the columns that are given, or of all.
  private func listWindows(
    _ nonzero: UnsafePointer<NonzeroColumns.Bounds>? = nil
  ) -> UnsafeBufferPointer<SparseBackwardMemory.Window> {
    let layout = block.output
    let (rowStep, columnStep) = (
      block.poolHeight * block.outputRowStep, block.poolWidth * block.pixelStride
    )
    var count = 0
    for y in 0..<layout.height {
      let columns = nonzero.map { $0[y].range } ?? 0..<layout.width
      for x in columns {
        memory.windows[count] = SparseBackwardMemory.Window(
          origin: Int32(block.windowOrigin + y * rowStep + x * columnStep),
          place: Int32(y * layout.rowStride + x * layout.channels),
          mask: Int32((y * layout.width + x) * block.maskStride))
        count += 1
      }
    }
    return UnsafeBufferPointer(start: memory.windows, count: count)
  }

  /// Lists the terms of the weights' gradient, one range per channel.
  private func listByChannel(
    _ channels: Range<Int>, _ windows: UnsafeBufferPointer<SparseBackwardMemory.Window>, _ gradients: OutputGradients
  ) {
    switch block.pooling {
    case .none: listByChannel(.plain, channels, windows, gradients)
    case .maximum: listByChannel(.maximum, channels, windows, gradients)
    case .average: listByChannel(.mean, channels, windows, gradients)
    }
  }

  @inline(__always)
  private func listByChannel(
    _ kind: Kind, _ channels: Range<Int>, _ windows: UnsafeBufferPointer<SparseBackwardMemory.Window>,
    _ gradients: OutputGradients
  ) {
    let (table, terms) = (UnsafePointer(memory.weightTerms), memory.terms)
    // Without ReLU every window is active.
    let least: Float = block.appliesReLU ? 0 : .nan
    var next = terms
    for channel in channels {
      let start = next
      let (gradient, values) = (gradients.gradients + channel, gradients.values + channel)
      let masks = gradients.masks + channel
      for window in windows {
        let place = Int(window.place)
        list(
          kind, table, mask: masks + Int(window.mask), value: values[place], gradient: gradient[place],
          origin: window.origin, least, &next)
      }
      memory.ranges[channel - channels.lowerBound] = TermRange(
        first: Int32(start - terms), count: Int32(next - start), origin: 0)
    }
  }

  private func addWeightGradient(
    _ channels: Range<Int>, _ image: UnsafePointer<Float>, _ gradWeight: UnsafeMutablePointer<Float>
  ) {
    let (rows, run) = (block.kernelRows, block.run)
    for channel in channels { memory.destinations[channel - channels.lowerBound] = Int32(channel * rows * run) }
    BlockSums(
      rows: rows, columns: run, sourceStride: block.geometry.input.rowStride, destinationStride: run,
      rangesPerSum: 1, count: channels.count, accumulates: true
    ).compute(
      terms: memory.terms, ranges: memory.ranges, source: image, destinations: memory.destinations,
      destination: gradWeight)
  }
}

// The gradients of a convolution behind a pooling (or with a stride). A window of a max pooling passes its gradient to
// one place, and to none where ReLU is off; so each gradient is a sum of far fewer terms than a dense product has:
//
//   gradWeight[o][r][·] = Σ over live windows of channel o:  g · the input's run at the winner's row + r
//   gradInput[tile]     = Σ over live windows near the tile: g · the kernel of their channel, shifted to the winner
//
// A tile has the size of the input rows and columns that a window advances, so the windows near it are always the same
// few neighbours, whichever place won. A mean passes g / 4 to all places of its window where ReLU is on. Neighbouring
// places are one term, because their runs (and their kernels) are added beforehand: variant 1 of the input (and of the
// kernels) holds the sum of two places side by side, variant 2 of two one above the other, variant 3 of all four.

/// Where a window lies.
private struct Window {
  /// Floats from the image's start to the first input that it sees.
  var origin: Int32
  /// Floats from the first window's gradient to its own.
  var place: Int32
  /// Bytes from the first window's mark to its own.
  var mark: Int32
}

/// What the gradients of a pooled convolution need.
struct PooledMemory {
  /// Output channels whose terms of the input's gradient are listed together. More of them mean fewer loops, fewer mean
  /// that their shifted kernels stay in the nearest cache.
  let channelsAtOnce: Int
  let weightTerms: UnsafeMutablePointer<MarkTerms>
  let inputTerms: UnsafeMutablePointer<MarkTerms>
  let terms: UnsafeMutablePointer<ScaledBlock>
  /// The windows that see something.
  fileprivate let windows: UnsafeMutablePointer<Window>
  let starts: UnsafeMutablePointer<Int32>
  let noMarks: UnsafeMutablePointer<UInt8>
  let ranges: UnsafeMutablePointer<TermRange>
  let destinations: UnsafeMutablePointer<Int32>
  /// The four variants of an example, or nothing.
  let variants: UnsafeMutablePointer<Float>
  let seen: SeenColumns?

  init(_ convolution: DirectConvolution, _ scratch: inout Scratch) {
    let (input, output, weights) = (convolution.geometry.input, convolution.output, PooledWeights(convolution))
    let windows = output.width * output.height
    let tiles = (input.height / weights.tileHeight + 2) * (input.width / weights.tileWidth + 2)
    channelsAtOnce = weights.variants == 4 ? 8 : 16
    weightTerms = scratch.take(256, of: MarkTerms.self)
    inputTerms = scratch.take(256, of: MarkTerms.self)
    terms = scratch.take(2 * (channelsAtOnce * windows + 1), of: ScaledBlock.self)
    self.windows = scratch.take(windows, of: Window.self)
    noMarks = scratch.take(1, of: UInt8.self)
    starts = scratch.take(output.height * (output.width + 1), of: Int32.self)
    ranges = scratch.take(max(tiles * (weights.reachUp + 1), channelsAtOnce), of: TermRange.self)
    destinations = scratch.take(max(tiles, channelsAtOnce), of: Int32.self)
    variants = scratch.take(weights.variants == 4 ? 4 * input.exampleStride + 8 : 0, of: Float.self)
    seen = SeenColumns(convolution, &scratch)
  }
}

/// One call of the backward pass of a pooled convolution.
struct PooledBackward {
  let convolution: DirectConvolution
  let weights: PooledWeights
  let memory: PooledMemory

  init(_ convolution: DirectConvolution, _ memory: PooledMemory) {
    (self.convolution, self.memory) = (convolution, memory)
    weights = PooledWeights(convolution)
  }

  func compute(
    examples: Range<Int>, input: UnsafePointer<Float>, packedWeight: UnsafePointer<Float>?,
    output: UnsafePointer<Float>, marks: UnsafePointer<UInt8>?, gradOutput: UnsafePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    gradBias: UnsafeMutablePointer<Float>?
  ) {
    let (layout, geometry) = (convolution.output, convolution.geometry)
    fillMarkTerms()
    for example in examples {
      let gradients = PooledGradients(
        gradients: gradOutput + example * layout.exampleStride + layout.origin,
        values: output + example * layout.exampleStride + layout.origin,
        // Without pooling there are no marks, and nobody looks at them.
        marks: marks.map { $0 + example * convolution.markCount } ?? UnsafePointer(memory.noMarks))
      let image = input + example * geometry.input.exampleStride
      if gradWeight != nil || gradBias != nil { addParameterGradients(gradients, image, gradWeight, gradBias) }
      if let gradInput, let packedWeight {
        setInputGradient(gradients, packedWeight, gradInput + example * geometry.input.exampleStride)
      }
    }
  }

  private func addParameterGradients(
    _ gradients: PooledGradients, _ image: UnsafePointer<Float>, _ gradWeight: UnsafeMutablePointer<Float>?,
    _ gradBias: UnsafeMutablePointer<Float>?
  ) {
    memory.seen?.look(at: image)
    var windows = listWindows(memory.seen)
    let variants = gradWeight != nil && weights.variants == 4 ? addedVariants(of: image) : image
    let count = convolution.output.channels
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

/// What comes from behind a convolution, for one example.
struct PooledGradients {
  let gradients: UnsafePointer<Float>
  /// The convolution's results, and what it kept of how they came about.
  let values: UnsafePointer<Float>
  let marks: UnsafePointer<UInt8>
}

extension PooledBackward {
  private func fillMarkTerms() {
    let layout = convolution.geometry.input
    func imageOffset(_ variant: Int, _ place: Int) -> Int {
      let (row, column) = place.quotientAndRemainder(dividingBy: convolution.poolWidth)
      return variant * layout.exampleStride + row * convolution.outputRowStep + column * convolution.pixelStride
    }
    for mark in 0..<256 {
      if convolution.pooling == .average {
        memory.weightTerms[mark] = MarkTerms.ofMean(mark, offset: imageOffset)
        memory.inputTerms[mark] = MarkTerms.ofMean(mark, offset: weights.offset)
      } else if mark < convolution.poolHeight * convolution.poolWidth {
        memory.weightTerms[mark] = MarkTerms(count: 1, first: Int32(imageOffset(0, mark)))
        memory.inputTerms[mark] = MarkTerms(count: 1, first: Int32(weights.offset(variant: 0, place: mark)))
      } else {
        memory.weightTerms[mark] = MarkTerms()
        memory.inputTerms[mark] = MarkTerms()
      }
    }
  }

  /// The example and the sums of places side by side, one above the other, and of four.
  private func addedVariants(of image: UnsafePointer<Float>) -> UnsafePointer<Float> {
    let (count, beside, below) =
      (convolution.geometry.input.exampleStride, convolution.pixelStride, convolution.outputRowStep)
    let single = memory.variants
    let (sideBySide, oneAbove, four) = (single + count, single + 2 * count, single + 3 * count)
    single.update(from: image, count: count)
    for index in 0..<count - beside { sideBySide[index] = image[index] + image[index + beside] }
    for index in 0..<count - below { oneAbove[index] = image[index] + image[index + below] }
    for index in 0..<count - beside - below { four[index] = sideBySide[index] + sideBySide[index + below] }
    return UnsafePointer(single)
  }

  /// What tells where a window's gradient goes.
  enum Kind { case plain, maximum, mean }

  /// Writes the terms of a window and channel to `next`, and moves it behind them.
  ///
  /// Without branches, because nobody can predict which windows are alive. Terms that do not count are written over.
  @inline(__always)
  func list(
    _ kind: Kind, _ table: UnsafePointer<MarkTerms>, mark: UnsafePointer<UInt8>, value: Float, gradient: Float,
    origin: Int32, _ least: Float, _ next: inout UnsafeMutablePointer<ScaledBlock>
  ) {
    switch kind {
    case .plain:
      next.pointee = ScaledBlock(offset: origin + table.pointee.first, factor: gradient)
      next += value <= least ? 0 : 1
    case .maximum:
      let entry = table + Int(mark.pointee)
      next.pointee = ScaledBlock(offset: origin + entry.pointee.first, factor: gradient)
      next += Int(entry.pointee.count)
    case .mean:
      let entry = table + Int(mark.pointee)
      next[0] = ScaledBlock(offset: origin + entry.pointee.first, factor: gradient * 0.25)
      next[1] = ScaledBlock(offset: origin + entry.pointee.second, factor: gradient * 0.25)
      next += Int(entry.pointee.count)
    }
  }

  /// The bias's gradient: the sums of what the windows of up to eight channels pass; the other lanes mean nothing.
  private func sums(
    _ channels: Range<Int>, _ gradients: PooledGradients
  ) -> SIMD8<Float> {
    switch convolution.pooling {
    case .none: sums(.plain, channels, gradients)
    case .maximum: sums(.maximum, channels, gradients)
    case .average: sums(.mean, channels, gradients)
    }
  }

  @inline(__always)
  private func sums(
    _ kind: Kind, _ channels: Range<Int>, _ gradients: PooledGradients
  ) -> SIMD8<Float> {
    let (layout, markStride) = (convolution.output, convolution.markStride)
    let least: Float = convolution.rectifies ? 0 : .nan
    let (zero, dead) = (Float8(repeating: 0), SIMD8(repeating: Int32(DirectConvolution.dead)))
    var sums = zero
    for y in 0..<layout.height {
      var place = y * layout.rowStride + channels.lowerBound
      var mark = UnsafeRawPointer(gradients.marks + y * layout.width * markStride + channels.lowerBound)
      for _ in 0..<layout.width {
        let passed = load8(gradients.gradients + place)
        if kind == .plain {
          sums += passed.replacing(with: zero, where: load8(gradients.values + place) .<= least)
        } else {
          let bits = SIMD8<Int32>(truncatingIfNeeded: mark.loadUnaligned(as: SIMD8<UInt8>.self))
          if kind == .maximum {
            sums += passed.replacing(with: zero, where: bits .== dead)
          } else {
            let pairs = bits &- ((bits &>> 1) & 5)
            let share = SIMD8<Float>((pairs & 3) &+ (pairs &>> 2)) * 0.25
            sums += (passed * share).replacing(with: zero, where: bits .== SIMD8<Int32>(repeating: 0))
          }
          mark += markStride
        }
        place += layout.channels
      }
    }
    return sums
  }

  /// Lists where windows lie: those that see something of the image, or all.
  private func listWindows(_ seen: SeenColumns? = nil) -> UnsafeBufferPointer<Window> {
    let layout = convolution.output
    let (rowStep, columnStep) = (
      convolution.poolHeight * convolution.outputRowStep, convolution.poolWidth * convolution.pixelStride
    )
    var count = 0
    for y in 0..<layout.height {
      for x in seen?[y] ?? 0..<layout.width {
        memory.windows[count] = Window(
          origin: Int32(convolution.windowOrigin + y * rowStep + x * columnStep),
          place: Int32(y * layout.rowStride + x * layout.channels),
          mark: Int32((y * layout.width + x) * convolution.markStride))
        count += 1
      }
    }
    return UnsafeBufferPointer(start: memory.windows, count: count)
  }

  /// Lists the terms of the weights' gradient, a range a channel.
  private func listByChannel(
    _ channels: Range<Int>, _ windows: UnsafeBufferPointer<Window>, _ gradients: PooledGradients
  ) {
    switch convolution.pooling {
    case .none: listByChannel(.plain, channels, windows, gradients)
    case .maximum: listByChannel(.maximum, channels, windows, gradients)
    case .average: listByChannel(.mean, channels, windows, gradients)
    }
  }

  @inline(__always)
  private func listByChannel(
    _ kind: Kind, _ channels: Range<Int>, _ windows: UnsafeBufferPointer<Window>, _ gradients: PooledGradients
  ) {
    let (table, terms) = (UnsafePointer(memory.weightTerms), memory.terms)
    // Without ReLU every window is alive.
    let least: Float = convolution.rectifies ? 0 : .nan
    var next = terms
    for channel in channels {
      let start = next
      let (gradient, values) = (gradients.gradients + channel, gradients.values + channel)
      let marks = gradients.marks + channel
      for window in windows {
        let place = Int(window.place)
        list(
          kind, table, mark: marks + Int(window.mark), value: values[place], gradient: gradient[place],
          origin: window.origin, least, &next)
      }
      memory.ranges[channel - channels.lowerBound] = TermRange(
        first: Int32(start - terms), count: Int32(next - start), origin: 0)
    }
  }

  private func addWeightGradient(
    _ channels: Range<Int>, _ image: UnsafePointer<Float>, _ gradWeight: UnsafeMutablePointer<Float>
  ) {
    let (rows, run) = (convolution.kernelRows, convolution.run)
    for channel in channels { memory.destinations[channel - channels.lowerBound] = Int32(channel * rows * run) }
    BlockSums(
      rows: rows, columns: run, sourceStride: convolution.geometry.input.rowStride, destinationStride: run,
      rangesPerSum: 1, count: channels.count, accumulates: true
    ).compute(
      terms: memory.terms, ranges: memory.ranges, source: image, destinations: memory.destinations,
      destination: gradWeight)
  }
}

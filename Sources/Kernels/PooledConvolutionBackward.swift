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

/// What a window with a certain mark adds to a sum: no, one or two terms.
struct MarkTerms {
  var count: Int32 = 0
  /// Floats from the window's origin to the first term's block.
  var first: Int32 = 0
  /// The same of the second term.
  var second: Int32 = 0
  /// The share of the window's gradient that the bias gets.
  var area: Float = 0

  /// The places of a 2 × 2 window where a mean's mark has a bit, as few variants.
  static func ofMean(_ mark: Int, offset: (_ variant: Int, _ place: Int) -> Int) -> MarkTerms {
    func one(_ variant: Int, _ place: Int) -> MarkTerms {
      MarkTerms(count: 1, first: Int32(offset(variant, place)), area: Float(mark.nonzeroBitCount) / 4)
    }
    func two(_ variant: Int, _ place: Int, _ other: Int, _ otherPlace: Int) -> MarkTerms {
      var terms = one(variant, place)
      (terms.count, terms.second) = (2, Int32(offset(other, otherPlace)))
      return terms
    }
    switch mark {
    case 1: return one(0, 0)
    case 2: return one(0, 1)
    case 3: return one(1, 0)
    case 4: return one(0, 2)
    case 5: return one(2, 0)
    case 6: return two(0, 1, 0, 2)
    case 7: return two(1, 0, 0, 2)
    case 8: return one(0, 3)
    case 9: return two(0, 0, 0, 3)
    case 10: return one(2, 1)
    case 11: return two(1, 0, 0, 3)
    case 12: return one(1, 2)
    case 13: return two(0, 0, 1, 2)
    case 14: return two(0, 1, 1, 2)
    case 15: return one(3, 0)
    default: return MarkTerms()
    }
  }
}

/// Kernels with zeros around them, so that a tile may look past the kernel's edge: `[variant][output channel][row]
/// [column][input channel]`.
struct PooledWeights {
  let convolution: DirectConvolution
  /// Input rows and columns that a window advances: the size of a tile.
  let tileHeight: Int
  let tileWidth: Int
  /// How many windows up and to the left still reach a tile.
  let reachUp: Int
  let reachLeft: Int
  /// Rows and columns of zeros above and to the left of the kernel.
  let top: Int
  let left: Int
  let rows: Int
  /// Floats from a row to the next, from a channel's kernel to the next, and from a variant to the next.
  let rowStride: Int
  let kernelStride: Int
  let variantStride: Int
  let variants: Int

  init(_ convolution: DirectConvolution) {
    self.convolution = convolution
    let window = convolution.geometry.window
    (tileHeight, tileWidth) =
      (convolution.poolHeight * window.strideHeight, convolution.poolWidth * window.strideWidth)
    top = (convolution.poolHeight - 1) * window.strideHeight
    left = (convolution.poolWidth - 1) * window.strideWidth
    reachUp = (top + window.height - 1) / tileHeight
    reachLeft = (left + window.width - 1) / tileWidth
    rows = top + tileHeight * (reachUp + 1)
    let channels = convolution.geometry.input.channels
    rowStride = (left + tileWidth * (reachLeft + 1)) * channels
    kernelStride = rows * rowStride
    variantStride = convolution.output.channels * kernelStride
    variants = convolution.pooling == .average ? 4 : 1
  }

  /// Floats of all variants; the last block may be read past its end.
  var count: Int { variants * variantStride + 8 }

  func pack(_ weight: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>) {
    let (window, channels) = (convolution.geometry.window, convolution.geometry.input.channels)
    packed.update(repeating: 0, count: count)
    let run = window.width * channels
    for channel in 0..<convolution.output.channels {
      let kernel = packed + channel * kernelStride + top * rowStride + left * channels
      for row in 0..<window.height {
        (kernel + row * rowStride).update(from: weight + (channel * window.height + row) * run, count: run)
      }
    }
    guard variants == 4 else { return }
    // The neighbour's kernel lies one output pixel further, so its weights for the same input lie one before.
    let (beside, above) = (window.strideWidth * channels, window.strideHeight * rowStride)
    let (sideBySide, oneAbove, four) = (packed + variantStride, packed + 2 * variantStride, packed + 3 * variantStride)
    for channel in 0..<convolution.output.channels {
      for index in channel * kernelStride..<(channel + 1) * kernelStride {
        let inner = index - channel * kernelStride
        sideBySide[index] = packed[index] + (inner < beside ? 0 : packed[index - beside])
        oneAbove[index] = packed[index] + (inner < above ? 0 : packed[index - above])
        four[index] = sideBySide[index] + (inner < above ? 0 : sideBySide[index - above])
      }
    }
  }

  /// Floats from a variant's channel and window to the block of the tile above and to the left of nothing: what the
  /// tile's own position is added to.
  func offset(variant: Int, place: Int) -> Int {
    let (row, column) = place.quotientAndRemainder(dividingBy: convolution.poolWidth)
    let window = convolution.geometry.window
    return variant * variantStride + (top - row * window.strideHeight) * rowStride
      + (left - column * window.strideWidth) * convolution.geometry.input.channels
  }
}

/// What the gradients of a pooled convolution need.
struct PooledMemory {
  /// Output channels whose terms are listed together: their shifted kernels should fit the nearest cache.
  static let channelsAtOnce = 8

  let weightTerms: UnsafeMutablePointer<MarkTerms>
  let inputTerms: UnsafeMutablePointer<MarkTerms>
  let terms: UnsafeMutablePointer<ScaledBlock>
  let starts: UnsafeMutablePointer<Int32>
  let noMarks: UnsafeMutablePointer<UInt8>
  let ranges: UnsafeMutablePointer<TermRange>
  let destinations: UnsafeMutablePointer<Int32>
  /// The four variants of an example, or nothing.
  let variants: UnsafeMutablePointer<Float>

  init(_ convolution: DirectConvolution, _ scratch: inout Scratch) {
    let (input, output, weights) = (convolution.geometry.input, convolution.output, PooledWeights(convolution))
    let windows = output.width * output.height
    let tiles = (input.height / weights.tileHeight + 2) * (input.width / weights.tileWidth + 2)
    weightTerms = scratch.take(256, of: MarkTerms.self)
    inputTerms = scratch.take(256, of: MarkTerms.self)
    terms = scratch.take(2 * (Self.channelsAtOnce * windows + 1), of: ScaledBlock.self)
    noMarks = scratch.take(1, of: UInt8.self)
    starts = scratch.take(output.height * (output.width + 1), of: Int32.self)
    ranges = scratch.take(max(tiles * (weights.reachUp + 1), Self.channelsAtOnce), of: TermRange.self)
    destinations = scratch.take(max(tiles, Self.channelsAtOnce), of: Int32.self)
    variants = scratch.take(weights.variants == 4 ? 4 * input.exampleStride + 8 : 0, of: Float.self)
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
      let gradient = gradOutput + example * layout.exampleStride + layout.origin
      let values = output + example * layout.exampleStride + layout.origin
      // Without pooling there are no marks, and nobody looks at them.
      let marks = marks.map { $0 + example * convolution.markCount } ?? UnsafePointer(memory.noMarks)
      var image = input + example * geometry.input.exampleStride
      if gradWeight != nil && weights.variants == 4 { image = addedVariants(of: image) }
      for first in stride(from: 0, to: layout.channels, by: PooledMemory.channelsAtOnce) {
        let channels = first..<min(first + PooledMemory.channelsAtOnce, layout.channels)
        if gradWeight != nil || gradBias != nil {
          listByChannel(channels, gradient, values, marks, gradBias)
          if let gradWeight { addWeightGradient(channels, image, gradWeight) }
        }
        if let gradInput, let packedWeight {
          listByWindow(channels, gradient, values, marks)
          setInputGradient(channels, packedWeight, gradInput + example * geometry.input.exampleStride)
        }
      }
    }
  }
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
        memory.weightTerms[mark] = MarkTerms(count: 1, first: Int32(imageOffset(0, mark)), area: 1)
        memory.inputTerms[mark] = MarkTerms(count: 1, first: Int32(weights.offset(variant: 0, place: mark)), area: 1)
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

  /// Writes the terms of a window and channel to `next`, moves it behind them, and returns the bias's share.
  ///
  /// Without branches, because nobody can predict which windows are alive. Terms that do not count are written over.
  @inline(__always)
  private func list(
    _ kind: Kind, _ table: UnsafePointer<MarkTerms>, mark: UnsafePointer<UInt8>, value: Float, gradient: Float,
    origin: Int32, _ least: Float, _ next: inout UnsafeMutablePointer<ScaledBlock>
  ) -> Float {
    switch kind {
    case .plain:
      next.pointee = ScaledBlock(offset: origin + table.pointee.first, factor: gradient)
      let isOff = value <= least
      next += isOff ? 0 : 1
      return isOff ? 0 : gradient
    case .maximum:
      let entry = table + Int(mark.pointee)
      next.pointee = ScaledBlock(offset: origin + entry.pointee.first, factor: gradient)
      next += Int(entry.pointee.count)
      return gradient * entry.pointee.area
    case .mean:
      let entry = table + Int(mark.pointee)
      next[0] = ScaledBlock(offset: origin + entry.pointee.first, factor: gradient * 0.25)
      next[1] = ScaledBlock(offset: origin + entry.pointee.second, factor: gradient * 0.25)
      next += Int(entry.pointee.count)
      return gradient * entry.pointee.area
    }
  }

  /// What tells where a window's gradient goes.
  private enum Kind { case plain, maximum, mean }

  /// Lists the terms of the weights' gradient, a range a channel, and adds up the bias's gradient.
  private func listByChannel(
    _ channels: Range<Int>, _ gradient: UnsafePointer<Float>, _ values: UnsafePointer<Float>,
    _ marks: UnsafePointer<UInt8>, _ gradBias: UnsafeMutablePointer<Float>?
  ) {
    switch convolution.pooling {
    case .none: listByChannel(.plain, channels, gradient, values, marks, gradBias)
    case .maximum: listByChannel(.maximum, channels, gradient, values, marks, gradBias)
    case .average: listByChannel(.mean, channels, gradient, values, marks, gradBias)
    }
  }

  @inline(__always)
  private func listByChannel(
    _ kind: Kind, _ channels: Range<Int>, _ gradient: UnsafePointer<Float>, _ values: UnsafePointer<Float>,
    _ marks: UnsafePointer<UInt8>, _ gradBias: UnsafeMutablePointer<Float>?
  ) {
    // Stores through pointers could change what is read through `self`; these they can't.
    let (layout, markStride, rowStep) =
      (convolution.output, convolution.markStride, convolution.poolHeight * convolution.outputRowStep)
    let (width, pixel, windowOrigin) = (layout.width, layout.channels, convolution.windowOrigin)
    let columnStep = Int32(convolution.poolWidth * convolution.pixelStride)
    let (table, terms) = (UnsafePointer(memory.weightTerms), memory.terms)
    // Without ReLU every window is alive.
    let least: Float = convolution.rectifies ? 0 : .nan
    var next = terms
    for channel in channels {
      let start = next
      var sum: Float = 0
      for y in 0..<layout.height {
        var origin = Int32(windowOrigin + y * rowStep)
        var place = y * layout.rowStride + channel
        var mark = marks + y * width * markStride + channel
        for _ in 0..<width {
          sum += list(
            kind, table, mark: mark, value: values[place], gradient: gradient[place], origin: origin, least, &next)
          origin += columnStep
          place += pixel
          mark += markStride
        }
      }
      memory.ranges[channel - channels.lowerBound] = TermRange(
        first: Int32(start - terms), count: Int32(next - start), origin: 0)
      if let gradBias { gradBias[channel] += sum }
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

  /// Lists the terms of the input's gradient, window by window.
  private func listByWindow(
    _ channels: Range<Int>, _ gradient: UnsafePointer<Float>, _ values: UnsafePointer<Float>,
    _ marks: UnsafePointer<UInt8>
  ) {
    switch convolution.pooling {
    case .none: listByWindow(.plain, channels, gradient, values, marks)
    case .maximum: listByWindow(.maximum, channels, gradient, values, marks)
    case .average: listByWindow(.mean, channels, gradient, values, marks)
    }
  }

  @inline(__always)
  private func listByWindow(
    _ kind: Kind, _ channels: Range<Int>, _ gradient: UnsafePointer<Float>, _ values: UnsafePointer<Float>,
    _ marks: UnsafePointer<UInt8>
  ) {
    let (layout, markStride) = (convolution.output, convolution.markStride)
    let (columnStep, kernelStride) =
      (weights.tileWidth * convolution.geometry.input.channels, Int32(weights.kernelStride))
    let (table, terms) = (UnsafePointer(memory.inputTerms), memory.terms)
    let least: Float = convolution.rectifies ? 0 : .nan
    var next = terms
    for y in 0..<layout.height {
      let starts = memory.starts + y * (layout.width + 1)
      for x in 0..<layout.width {
        starts[x] = Int32(next - terms)
        let place = y * layout.rowStride + x * layout.channels
        let mark = marks + (y * layout.width + x) * markStride
        var origin = Int32(channels.lowerBound) * kernelStride - Int32(x * columnStep)
        for channel in channels {
          _ = list(
            kind, table, mark: mark + channel, value: values[place + channel], gradient: gradient[place + channel],
            origin: origin, least, &next)
          origin += kernelStride
        }
      }
      starts[layout.width] = Int32(next - terms)
    }
  }

  /// Sums the listed terms tile by tile. Tiles are counted from the first window's first row and column; those that
  /// pass the far edge of the stored image are cut.
  private func setInputGradient(
    _ channels: Range<Int>, _ packedWeight: UnsafePointer<Float>, _ image: UnsafeMutablePointer<Float>
  ) {
    let (layout, window) = (convolution.geometry.input, convolution.geometry.window)
    let (height, width) = (weights.tileHeight, weights.tileWidth)
    let storedRows = window.paddingTop + layout.height + layout.bottom
    let storedColumns = window.paddingLeft + layout.width + layout.right
    let tileRows = window.paddingTop / height..<(window.paddingTop + layout.height - 1) / height + 1
    let tileColumns = window.paddingLeft / width..<(window.paddingLeft + layout.width - 1) / width + 1
    let wholeRows = tileRows.clamped(to: tileRows.lowerBound..<max(tileRows.lowerBound, storedRows / height))
    let wholeColumns =
      tileColumns.clamped(to: tileColumns.lowerBound..<max(tileColumns.lowerBound, storedColumns / width))
    let cutRows = wholeRows.upperBound..<tileRows.upperBound
    let cutColumns = wholeColumns.upperBound..<tileColumns.upperBound
    let (lastHeight, lastWidth) = (storedRows % height, storedColumns % width)
    let accumulates = channels.lowerBound > 0
    sumTiles(wholeRows, wholeColumns, rows: height, columns: width, packedWeight, image, accumulates)
    sumTiles(wholeRows, cutColumns, rows: height, columns: lastWidth, packedWeight, image, accumulates)
    sumTiles(cutRows, wholeColumns, rows: lastHeight, columns: width, packedWeight, image, accumulates)
    sumTiles(cutRows, cutColumns, rows: lastHeight, columns: lastWidth, packedWeight, image, accumulates)
  }

  private func sumTiles(
    _ tileRows: Range<Int>, _ tileColumns: Range<Int>, rows: Int, columns: Int, _ packedWeight: UnsafePointer<Float>,
    _ image: UnsafeMutablePointer<Float>, _ accumulates: Bool
  ) {
    if tileRows.isEmpty || tileColumns.isEmpty { return }
    let (layout, windows) = (convolution.geometry.input, convolution.output)
    let columnStep = weights.tileWidth * layout.channels
    var (range, destination) = (memory.ranges, memory.destinations)
    for y in tileRows {
      for x in tileColumns {
        destination.pointee = Int32(
          convolution.windowOrigin + y * weights.tileHeight * layout.rowStride + x * columnStep)
        destination += 1
        let from = max(0, x - weights.reachLeft)
        let to = max(from, min(x + 1, windows.width))
        for up in 0...weights.reachUp {
          defer { range += 1 }
          guard y >= up && y - up < windows.height && from < windows.width else {
            range.pointee = TermRange(first: 0, count: 0, origin: 0)
            continue
          }
          let starts = memory.starts + (y - up) * (windows.width + 1)
          range.pointee = TermRange(
            first: starts[from], count: starts[to] - starts[from],
            origin: Int32(up * weights.tileHeight * weights.rowStride + x * columnStep))
        }
      }
    }
    BlockSums(
      rows: rows, columns: columns * layout.channels, sourceStride: weights.rowStride,
      destinationStride: layout.rowStride, rangesPerSum: weights.reachUp + 1,
      count: tileRows.count * tileColumns.count, accumulates: accumulates
    ).compute(
      terms: memory.terms, ranges: memory.ranges, source: packedWeight, destinations: memory.destinations,
      destination: image)
  }
}

// The input's gradient, tile by tile.

extension SparseBackward {
  /// Sets the input's gradient of an example.
  func setInputGradient(
    _ gradients: OutputGradients, _ packedWeight: UnsafePointer<Float>, _ image: UnsafeMutablePointer<Float>
  ) {
    let (count, atOnce) = (block.output.channels, memory.channelsAtOnce)
    for first in stride(from: 0, to: count, by: atOnce) {
      let channels = first..<min(first + atOnce, count)
      listByWindow(channels, gradients)
      sumTiles(channels, packedWeight, image)
    }
  }

  /// Lists the terms of the input's gradient, window by window.
  private func listByWindow(
    _ channels: Range<Int>, _ gradients: OutputGradients
  ) {
    switch block.pooling {
    case .none: preconditionFailure("without a pooling the input's gradient is dense")
    case .maximum: listByWindow(.maximum, channels, gradients)
    case .average: listByWindow(.mean, channels, gradients)
    }
  }

  @inline(__always)
  private func listByWindow(
    _ kind: Kind, _ channels: Range<Int>, _ gradients: OutputGradients
  ) {
    let (layout, maskStride) = (block.output, block.maskStride)
    let (columnStep, kernelStride) =
      (weights.tileWidth * block.geometry.input.channels, Int32(weights.kernelStride))
    let (table, terms) = (UnsafePointer(memory.inputTerms), memory.terms)
    let least: Float = block.appliesReLU ? 0 : .nan
    var next = terms
    for y in 0..<layout.height {
      let starts = memory.starts + y * (layout.width + 1)
      for x in 0..<layout.width {
        starts[x] = Int32(next - terms)
        let place = y * layout.rowStride + x * layout.channels
        let mask = gradients.masks + (y * layout.width + x) * maskStride
        var origin = Int32(channels.lowerBound) * kernelStride - Int32(x * columnStep)
        for channel in channels {
          list(
            kind, table, mask: mask + channel, value: gradients.values[place + channel],
            gradient: gradients.gradients[place + channel],
            origin: origin, least, &next)
          origin += kernelStride
        }
      }
      starts[layout.width] = Int32(next - terms)
    }
  }

  /// Sums the listed terms tile by tile. Tiles are counted from the first window's first row and column; those that
  /// pass the far edge of the stored image are cut.
  private func sumTiles(
    _ channels: Range<Int>, _ packedWeight: UnsafePointer<Float>, _ image: UnsafeMutablePointer<Float>
  ) {
    let (layout, window) = (block.geometry.input, block.geometry.window)
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
    let (layout, windows) = (block.geometry.input, block.output)
    let columnStep = weights.tileWidth * layout.channels
    var (range, destination) = (memory.ranges, memory.destinations)
    for y in tileRows {
      for x in tileColumns {
        destination.pointee = Int32(
          block.windowOrigin + y * weights.tileHeight * layout.rowStride + x * columnStep)
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

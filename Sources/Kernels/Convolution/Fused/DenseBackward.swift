/// The gradients of a convolution without pooling, as direct convolutions of one example at a time.
struct DenseBackward {
  private let block: ConvolutionBlock
  /// The input's gradient by Winograd's algorithm, if it is planned.
  let winograd: WinogradConvolution?
  /// The gradient of one example's sums, with zeros around it, as wide as the kernel less one.
  let gradient: UnsafeMutablePointer<Float>
  let gradientCount: Int
  /// Floats from a row of the gradient to the next.
  private let rowStride: Int
  /// Floats to the first pixel inside the zeros.
  private let origin: Int
  /// What Winograd's algorithm needs.
  private let products: UnsafeMutablePointer<Float>
  /// A row of the input's gradient.
  private let row: UnsafeMutablePointer<Float>
  /// The weights' gradient as a direct convolution sums it, `[block of channels][R][L][lane]`.
  private let weight: UnsafeMutablePointer<Float>
  private let weightCount: Int
  private let nonzero: NonzeroColumns?
  /// The weights' gradient by Winograd's algorithm, if it is planned.
  private let winogradWeight: WinogradWeightGradient?

  /// Takes the memory of the gradients.
  ///
  /// - Parameters:
  ///   - winograd: the input's gradient by Winograd's algorithm, if it is planned.
  ///   - forward: the convolution whose weights' gradient is computed by Winograd's algorithm, if that is planned.
  init(
    _ block: ConvolutionBlock, _ winograd: WinogradConvolution?, weightsOf forward: WinogradConvolution?,
    skipsZeroColumns: Bool, _ scratch: inout Scratch
  ) {
    (self.block, self.winograd) = (block, winograd)
    let (window, output) = (block.geometry.window, block.output)
    rowStride = Self.rowStride(block)
    origin = (window.height - 1) * rowStride + (window.width - 1) * output.channels
    // A vector of channels may be read past the last pixel.
    gradientCount = (output.height + 2 * (window.height - 1)) * rowStride + 16
    gradient = scratch.take(gradientCount, of: Float.self)
    products = scratch.take(winograd?.scratchCount ?? 0, of: Float.self)
    row = scratch.take(block.geometry.input.width * ChannelBlock.mostLanes, of: Float.self)
    weightCount = forward == nil ? block.kernelRows * block.run * ChannelBlock.laneCount(output.channels) : 0
    weight = scratch.take(weightCount, of: Float.self)
    let stride = rowStride
    winogradWeight = forward.map {
      WinogradWeightGradient($0, outputChannels: output.channels, gradientStride: stride, &scratch)
    }
    nonzero = skipsZeroColumns ? NonzeroColumns(block, &scratch) : nil
  }

  static func rowStride(_ block: ConvolutionBlock) -> Int {
    (block.output.width + 2 * (block.geometry.window.width - 1)) * block.output.channels
  }

  /// Copies an example's gradient to where ReLU is on.
  func fill(_ gradOutput: UnsafePointer<Float>, _ output: UnsafePointer<Float>) {
    let layout = block.output
    let count = layout.width * layout.channels
    for y in 0..<layout.height {
      let (from, values) = (gradOutput + y * layout.rowStride, output + y * layout.rowStride)
      let to = gradient + origin + y * rowStride
      if block.appliesReLU {
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
  func addBiasGradient(to gradBias: UnsafeMutablePointer<Float>?) -> Bool {
    let layout = block.output
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

  /// Sets the sums that the weights' gradient is made of to zero.
  func clearWeightGradient() {
    weight.update(repeating: 0, count: weightCount)
    winogradWeight?.clear()
  }

  /// Adds the example's share to the sums that the weights' gradient is made of.
  ///
  /// - Parameters:
  ///   - stored: the example with its padding.
  ///   - skipsZeros: whether the gradients are finite, so that they need not meet the image's zeros.
  func addWeightGradient(_ stored: UnsafePointer<Float>, skipsZeros: Bool) {
    if let winogradWeight { return winogradWeight.add(stored + block.windowOrigin, gradient + origin) }
    let (layout, run) = (block.output, block.run)
    var (rows, columns) = (0..<layout.height, 0..<layout.width)
    if skipsZeros, let nonzero {
      nonzero.scan(stored)
      (rows, columns) = nonzero.box
    }
    let (rowStep, pixelStride) = (block.outputRowStep, block.pixelStride)
    var row = ConvolutionRow(
      places: run, placeStride: 1, rows: rows.count, rowStride: rowStep, steps: columns.count,
      stepStride: pixelStride, vectorStride: layout.channels, vectorRowStride: rowStride, accumulates: true)
    let image = stored + block.windowOrigin + rows.lowerBound * rowStep + columns.lowerBound * pixelStride
    let first = gradient + origin + rows.lowerBound * rowStride + columns.lowerBound * layout.channels
    var target = weight
    for index in 0..<ChannelBlock.count(of: layout.channels) {
      let channels = ChannelBlock(index, of: layout.channels)
      for kernelRow in 0..<block.kernelRows {
        var meeting = rows
        if skipsZeros { meeting = meeting.clamped(to: block.outputRows(meeting: kernelRow)) }
        row.rows = meeting.count
        let skipped = meeting.lowerBound - rows.lowerBound
        row.compute(
          lanes: channels.lanes, scalars: image + kernelRow * block.geometry.input.rowStride + skipped * rowStep,
          vectors: first + channels.first + skipped * rowStride, into: target)
        target += run * channels.lanes
      }
    }
  }

  /// Adds what the examples' sums make to `gradWeight`, `[O][R][L]`.
  func addWeightGradients(to gradWeight: UnsafeMutablePointer<Float>) {
    if let winogradWeight { return winogradWeight.addSums(to: gradWeight) }
    let inner = block.kernelRows * block.run
    var packed = UnsafePointer(weight)
    for index in 0..<ChannelBlock.count(of: block.output.channels) {
      let channels = ChannelBlock(index, of: block.output.channels)
      for lane in 0..<channels.count {
        let target = gradWeight + (channels.first + lane) * inner
        for k in 0..<inner { target[k] += packed[k * channels.lanes + lane] }
      }
      packed += inner * channels.lanes
    }
  }

  /// Sets the example's gradient of the input, from its first pixel inside the padding on.
  ///
  /// - Parameter skipsZeros: whether the weights are finite, so that they need not meet the gradient's zeros.
  func setInputGradient(
    _ packedWeight: UnsafePointer<Float>, skipsZeros: Bool, _ image: UnsafeMutablePointer<Float>
  ) {
    winograd?.transform(firstGradient, into: products)
    winograd?.findZeroWindows(firstGradient, looks: skipsZeros, scratch: products)
    var weights = packedWeight
    for index in 0..<ChannelBlock.count(of: block.geometry.input.channels) {
      let channels = ChannelBlock(index, of: block.geometry.input.channels)
      if let winograd {
        setRows(winograd, weights, channels, image)
        weights += winograd.packedCount * channels.lanes
        continue
      }
      StridePhase.forEach(block) { rows, columns in
        setPhase(rows, columns, weights, channels, skipsZeros: skipsZeros, image)
        weights += rows.taps * columns.taps * block.output.channels * channels.lanes
      }
    }
  }

  /// Sets a block of channels by Winograd's algorithm, from an example that was transformed.
  private func setRows(
    _ winograd: WinogradConvolution, _ weights: UnsafePointer<Float>, _ channels: ChannelBlock,
    _ image: UnsafeMutablePointer<Float>
  ) {
    let layout = block.geometry.input
    winograd.multiply(weights, lanes: channels.lanes, scratch: products)
    for y in 0..<layout.height {
      winograd.sums(ofRow: y, lanes: channels.lanes, scratch: products, into: row)
      store(channels, pixels: layout.width, apart: 1, to: image + y * layout.rowStride)
    }
  }

  /// Sets a block of channels at the pixels of a phase of rows and one of columns.
  private func setPhase(
    _ rows: StridePhase, _ columns: StridePhase, _ weights: UnsafePointer<Float>, _ channels: ChannelBlock,
    skipsZeros: Bool, _ image: UnsafeMutablePointer<Float>
  ) {
    let (layout, outputs, window) = (block.geometry.input, block.output.channels, block.geometry.window)
    let steps = columns.taps * outputs
    var sums = ConvolutionRow(
      places: columns.pixels, placeStride: outputs, rows: rows.taps, rowStride: rowStride, steps: steps, stepStride: 1,
      vectorStride: channels.lanes, vectorRowStride: steps * channels.lanes)
    let firstColumn = origin + (columns.window - max(0, columns.taps - 1)) * outputs
    for index in 0..<rows.pixels {
      // The kernel is turned: its first row here is the last tap, which the earliest window sees the pixels with.
      let earliest = rows.window + index - max(0, rows.taps - 1)
      let meeting =
        skipsZeros ? (0..<rows.taps).clamped(to: -earliest..<block.output.height - earliest) : 0..<rows.taps
      sums.rows = meeting.count
      sums.compute(
        lanes: channels.lanes, scalars: gradient + firstColumn + (earliest + meeting.lowerBound) * rowStride,
        vectors: weights + meeting.lowerBound * steps * channels.lanes, into: row)
      let y = rows.firstPixel + index * window.strideHeight
      store(
        channels, pixels: columns.pixels, apart: window.strideWidth,
        to: image + y * layout.rowStride + columns.firstPixel * layout.channels)
    }
  }

  /// Stores a row of sums at pixels that are so many columns apart.
  private func store(
    _ channels: ChannelBlock, pixels: Int, apart columns: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let (step, target) = (columns * block.geometry.input.channels, target + channels.first)
    for pixel in 0..<pixels {
      let (from, to) = (row + pixel * channels.lanes, target + pixel * step)
      for lane in stride(from: 0, to: channels.count, by: 8) {
        store8(load8(from + lane), count: channels.count - lane, to: to + lane)
      }
    }
  }

  /// The first gradient that the first row of the input's gradient looks at.
  private var firstGradient: UnsafePointer<Float> {
    let window = block.geometry.window
    return UnsafePointer(gradient + window.paddingTop * rowStride + window.paddingLeft * block.output.channels)
  }
}

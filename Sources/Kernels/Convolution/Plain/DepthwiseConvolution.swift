/// A convolution with one kernel per channel, so that no channel meets another and no matrix product is left.
///
/// Weights are `[channel][kernel row][kernel column]`. Values outside the stored image count as zero. A result is one
/// sum in the order of the kernel's places, which stays in a register; where neighbouring results have neighbouring
/// terms, a vector reaches over pixels, so that a few channels fill it too.
struct DepthwiseConvolution: Hashable {
  private let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// Floats of scratch memory that a call wants.
  var scratchCount: Int {
    var scratch = Scratch(nil)
    _ = Memory(geometry, &scratch)
    return scratch.count
  }

  /// The scratch memory of a call.
  private struct Memory {
    /// `[kernel place][channel]`, the channels repeated for vectors that start at any of them.
    let weights: UnsafeMutablePointer<Float>
    let bias: UnsafeMutablePointer<Float>
    /// The weights' gradient of an example, and of all, `[kernel place][channel]`.
    let own: UnsafeMutablePointer<Float>
    let sums: UnsafeMutablePointer<Float>
    /// The terms of a sum: where its values and its weights start.
    let values: UnsafeMutablePointer<Int>
    let factors: UnsafeMutablePointer<Int>

    init(_ geometry: ConvolutionGeometry, _ scratch: inout Scratch) {
      let (size, channels) = (geometry.patchSize, geometry.input.channels)
      weights = scratch.take(size * (channels + 7), of: Float.self)
      bias = scratch.take(channels + 7, of: Float.self)
      own = scratch.take(size * channels, of: Float.self)
      sums = scratch.take(size * channels, of: Float.self)
      values = scratch.take(size, of: Int.self)
      factors = scratch.take(size, of: Int.self)
    }
  }

  /// Sets the output, in the layout `geometry.output`; its padding is left alone.
  func forward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    var scratch = Scratch(scratch)
    let memory = Memory(geometry, &scratch)
    let (image, layout, window, channels) = (geometry.input, geometry.output, geometry.window, geometry.input.channels)
    repeatChannels(weight, memory)
    for index in 0..<channels + 7 { memory.bias[index] = bias?[index % channels] ?? 0 }
    let columns = image.left + image.width + image.right
    let firstColumn = image.left - window.paddingLeft
    for example in 0..<count {
      for y in 0..<layout.height {
        let target = output + example * layout.exampleStride + layout.origin + y * layout.rowStride
        let rows = kernelRows(y)
        let source =
          input + example * image.exampleStride + (image.top - window.paddingTop + y * window.strideHeight)
          * image.rowStride
        // The columns whose windows lie in the stored image as a whole; neighbours of them have neighbouring terms.
        let reach = (window.width - 1) * window.dilationWidth
        let inside =
          (max(0, -firstColumn))..<max(max(0, -firstColumn), min(layout.width, columns - reach - firstColumn))
        let joined = window.strideWidth == 1 ? inside : 0..<0
        var x = 0
        while x < layout.width {
          let first = firstColumn + x * window.strideWidth
          var terms = 0
          for row in rows {
            for column in 0..<window.width {
              let place = first + column * window.dilationWidth
              guard place >= 0, place < columns else { continue }
              memory.values[terms] = row * window.dilationHeight * image.rowStride + place * channels
              memory.factors[terms] = (row * window.width + column) * (channels + 7)
              terms += 1
            }
          }
          let pixels = joined.contains(x) ? joined.upperBound - x : 1
          sum(terms, memory, memory.bias, source, into: target + x * channels, count: pixels * channels)
          x += pixels
        }
      }
    }
  }

  /// Sets the input's gradient, its padding included, and that of the weights.
  func backward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>?,
    gradWeight: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    var scratch = Scratch(scratch)
    let memory = Memory(geometry, &scratch)
    if let gradInput {
      repeatChannels(weight, memory)
      for example in 0..<count {
        setInputGradient(
          memory, gradOutput + example * geometry.output.exampleStride,
          gradInput + example * geometry.input.exampleStride)
      }
    }
    if let gradWeight {
      let (channels, size) = (geometry.output.channels, geometry.patchSize)
      zero(memory.sums, count: size * channels)
      // A sum for each example first: one sum over a large batch would lose its digits.
      for example in 0..<count {
        setWeightGradient(
          memory, input + example * geometry.input.exampleStride, gradOutput + example * geometry.output.exampleStride)
        add(memory.own, to: memory.sums, count: size * channels)
      }
      for channel in 0..<channels {
        for place in 0..<size { gradWeight[channel * size + place] = memory.sums[place * channels + channel] }
      }
    }
  }

  /// The kernel's rows that meet the stored image at an output row.
  private func kernelRows(_ y: Int) -> Range<Int> {
    let (image, window) = (geometry.input, geometry.window)
    let (first, step) = (image.top - window.paddingTop + y * window.strideHeight, window.dilationHeight)
    let stored = image.top + image.height + image.bottom
    let lower = min(window.height, first >= 0 ? 0 : (-first + step - 1) / step)
    return lower..<max(lower, min(window.height, first >= stored ? 0 : (stored - first + step - 1) / step))
  }

  private func repeatChannels(_ weight: UnsafePointer<Float>, _ memory: Memory) {
    let (channels, size) = (geometry.input.channels, geometry.patchSize)
    for place in 0..<size {
      let target = memory.weights + place * (channels + 7)
      for index in 0..<channels + 7 { target[index] = weight[index % channels * size + place] }
    }
  }

  /// Sets `count` neighbouring values, from a first channel on, to sums of as many terms.
  @inline(__always)
  private func sum(
    _ terms: Int, _ memory: Memory, _ start: UnsafePointer<Float>?, _ source: UnsafePointer<Float>,
    into target: UnsafeMutablePointer<Float>, count: Int
  ) {
    let channels = geometry.input.channels
    var (index, channel) = (0, 0)
    func next(_ channel: Int) -> Int {
      let next = channel + 8
      return next < channels ? next : next % channels
    }
    // Four sums at once, since each waits for its last product.
    while index + 32 <= count {
      let (c1, c2, c3) = (next(channel), next(next(channel)), next(next(next(channel))))
      var (s0, s1, s2, s3) = (Float8.zero, Float8.zero, Float8.zero, Float8.zero)
      if let start {
        (s0, s1, s2, s3) = (load8(start + channel), load8(start + c1), load8(start + c2), load8(start + c3))
      }
      for term in 0..<terms {
        let (values, weights) = (source + memory.values[term] + index, memory.weights + memory.factors[term])
        s0.addProduct(load8(values), load8(weights + channel))
        s1.addProduct(load8(values + 8), load8(weights + c1))
        s2.addProduct(load8(values + 16), load8(weights + c2))
        s3.addProduct(load8(values + 24), load8(weights + c3))
      }
      store8(s0, to: target + index)
      store8(s1, to: target + index + 8)
      store8(s2, to: target + index + 16)
      store8(s3, to: target + index + 24)
      (index, channel) = (index + 32, next(c3))
    }
    while index < count {
      var sum = start.map { load8($0 + channel) } ?? Float8.zero
      let rest = count - index
      for term in 0..<terms {
        sum.addProduct(
          load8(source + memory.values[term] + index, count: rest),
          load8(memory.weights + memory.factors[term] + channel))
      }
      store8(sum, count: rest, to: target + index)
      (index, channel) = (index + 8, next(channel))
    }
  }

  /// Sets the gradient of an example's stored pixels: sums over the windows that see them, the last places first, as
  /// the windows lie.
  private func setInputGradient(
    _ memory: Memory, _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>
  ) {
    let (image, layout, window, channels) = (geometry.input, geometry.output, geometry.window, geometry.input.channels)
    let columns = image.left + image.width + image.right
    let reach = (window.width - 1) * window.dilationWidth
    for row in 0..<image.top + image.height + image.bottom {
      let below = row - image.top + window.paddingTop
      var column = 0
      while column < columns {
        let before = column - image.left + window.paddingLeft
        var terms = 0
        for kernelRow in (0..<window.height).reversed() {
          let (y, offRow) = (below - kernelRow * window.dilationHeight).quotientAndRemainder(
            dividingBy: window.strideHeight)
          guard below >= kernelRow * window.dilationHeight, offRow == 0, y < layout.height else { continue }
          for kernelColumn in (0..<window.width).reversed() {
            let (x, offColumn) = (before - kernelColumn * window.dilationWidth).quotientAndRemainder(
              dividingBy: window.strideWidth)
            guard before >= kernelColumn * window.dilationWidth, offColumn == 0, x < layout.width else { continue }
            memory.values[terms] = layout.origin + y * layout.rowStride + x * channels
            memory.factors[terms] = (kernelRow * window.width + kernelColumn) * (channels + 7)
            terms += 1
          }
        }
        let isInside = window.strideWidth == 1 && before >= reach && before < layout.width
        let pixels = isInside ? min(columns, column + layout.width - before) - column : 1
        sum(
          terms, memory, nil, gradOutput, into: gradInput + row * image.rowStride + column * channels,
          count: pixels * channels)
        column += pixels
      }
    }
  }

  /// Sets the weights' gradient of an example, `[kernel place][channel]`.
  private func setWeightGradient(
    _ memory: Memory, _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>
  ) {
    let (image, layout, window, channels) = (geometry.input, geometry.output, geometry.window, geometry.input.channels)
    let columns = image.left + image.width + image.right
    let step = window.strideWidth * channels
    for kernelRow in 0..<window.height {
      for kernelColumn in 0..<window.width {
        let first = image.left - window.paddingLeft + kernelColumn * window.dilationWidth
        let lower = first >= 0 ? 0 : (-first + window.strideWidth - 1) / window.strideWidth
        let upper = min(layout.width, first >= columns ? 0 : (columns - first - 1) / window.strideWidth + 1)
        let sums = memory.own + (kernelRow * window.width + kernelColumn) * channels
        for channel in stride(from: 0, to: channels, by: 32) {
          let lanes = channels - channel
          var (s0, s1, s2, s3) = (Float8.zero, Float8.zero, Float8.zero, Float8.zero)
          for y in 0..<layout.height where kernelRows(y).contains(kernelRow) {
            let row =
              image.top - window.paddingTop + y * window.strideHeight + kernelRow * window.dilationHeight
            var gradient = gradOutput + layout.origin + y * layout.rowStride + lower * channels + channel
            var values = input + row * image.rowStride + (first + lower * window.strideWidth) * channels + channel
            @inline(__always) func addProducts(_ lanes: Int) {
              s0.addProduct(load8(gradient, count: lanes), load8(values, count: lanes))
              if lanes > 8 {
                s1.addProduct(load8(gradient + 8, count: lanes - 8), load8(values + 8, count: lanes - 8))
              }
              if lanes > 16 {
                s2.addProduct(load8(gradient + 16, count: lanes - 16), load8(values + 16, count: lanes - 16))
              }
              if lanes > 24 {
                s3.addProduct(load8(gradient + 24, count: lanes - 24), load8(values + 24, count: lanes - 24))
              }
              (gradient, values) = (gradient + channels, values + step)
            }
            // Known to the compiler, a whole block has no branches.
            if lanes >= 32 {
              for _ in lower..<max(lower, upper) { addProducts(32) }
            } else {
              for _ in lower..<max(lower, upper) { addProducts(lanes) }
            }
          }
          store8(s0, count: lanes, to: sums + channel)
          if lanes > 8 { store8(s1, count: lanes - 8, to: sums + channel + 8) }
          if lanes > 16 { store8(s2, count: lanes - 16, to: sums + channel + 16) }
          if lanes > 24 { store8(s3, count: lanes - 24, to: sums + channel + 24) }
        }
      }
    }
  }
}

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
    /// The columns of results, and of the kernel, that each stored column of the image meets, and how many they are.
    let meetings: UnsafeMutablePointer<Meeting>
    let meetingCounts: UnsafeMutablePointer<Int>

    init(_ geometry: ConvolutionGeometry, _ scratch: inout Scratch) {
      let (size, channels) = (geometry.patchSize, geometry.input.channels)
      weights = scratch.take(size * (channels + 7), of: Float.self)
      bias = scratch.take(channels + 7, of: Float.self)
      own = scratch.take(size * channels, of: Float.self)
      sums = scratch.take(size * channels, of: Float.self)
      values = scratch.take(size, of: Int.self)
      factors = scratch.take(size, of: Int.self)
      let columns = geometry.input.left + geometry.input.width + geometry.input.right
      meetings = scratch.take(columns * geometry.window.width, of: Meeting.self)
      meetingCounts = scratch.take(columns, of: Int.self)
    }
  }

  /// A place of results whose window sees a pixel, and the place in the kernel that it sees it with.
  private struct Meeting: BitwiseCopyable {
    let output: Int
    let kernel: Int
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
      listMeetings(memory)
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

  /// Lists what each stored column meets, the last place of the kernel first, as the windows lie.
  private func listMeetings(_ memory: Memory) {
    let (image, window) = (geometry.input, geometry.window)
    for column in 0..<image.left + image.width + image.right {
      var count = 0
      forEachMeeting(
        column - image.left + window.paddingLeft, taps: window.width, dilation: window.dilationWidth,
        stride: window.strideWidth, outputs: geometry.output.width
      ) {
        memory.meetings[column * window.width + count] = $0
        count += 1
      }
      memory.meetingCounts[column] = count
    }
  }

  /// Calls `body` with what a row or a column meets, counted from the first window's.
  @inline(__always)
  private func forEachMeeting(
    _ place: Int, taps: Int, dilation: Int, stride: Int, outputs: Int, _ body: (Meeting) -> Void
  ) {
    for tap in (0..<taps).reversed() where place >= tap * dilation {
      let (output, rest) = (place - tap * dilation).quotientAndRemainder(dividingBy: stride)
      if rest == 0 && output < outputs { body(Meeting(output: output, kernel: tap)) }
    }
  }

  /// Sets the gradient of an example's stored pixels: sums over the windows that see them.
  private func setInputGradient(
    _ memory: Memory, _ gradOutput: UnsafePointer<Float>, _ gradInput: UnsafeMutablePointer<Float>
  ) {
    let (image, layout, window, channels) = (geometry.input, geometry.output, geometry.window, geometry.input.channels)
    let columns = image.left + image.width + image.right
    let reach = (window.width - 1) * window.dilationWidth
    for row in 0..<image.top + image.height + image.bottom {
      var column = 0
      while column < columns {
        let meetings = UnsafeBufferPointer(
          start: memory.meetings + column * window.width, count: memory.meetingCounts[column])
        var terms = 0
        forEachMeeting(
          row - image.top + window.paddingTop, taps: window.height, dilation: window.dilationHeight,
          stride: window.strideHeight, outputs: layout.height
        ) { rows in
          for columns in meetings {
            memory.values[terms] = layout.origin + rows.output * layout.rowStride + columns.output * channels
            memory.factors[terms] = (rows.kernel * window.width + columns.kernel) * (channels + 7)
            terms += 1
          }
        }
        let before = column - image.left + window.paddingLeft
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
    switch geometry.input.channels {
    case 16...: setWeightGradient(SIMD16<Float>.self, memory, input, gradOutput)
    case 8...: setWeightGradient(SIMD8<Float>.self, memory, input, gradOutput)
    case 4...: setWeightGradient(SIMD4<Float>.self, memory, input, gradOutput)
    // There are two at least: one channel has no groups.
    default: setWeightGradient(SIMD2<Float>.self, memory, input, gradOutput)
    }
  }

  @inline(__always)
  private func setWeightGradient<Vector: SIMD<Float>>(
    _: Vector.Type, _ memory: Memory, _ input: UnsafePointer<Float>, _ gradOutput: UnsafePointer<Float>
  ) {
    let (channels, width) = (geometry.input.channels, geometry.window.width)
    for kernelRow in 0..<geometry.window.height {
      for tap in stride(from: 0, to: width, by: 4) {
        for channel in stride(from: 0, to: channels, by: Vector.scalarCount) {
          // A last vector that is not full begins earlier, and has some sums a second time.
          let first = min(channel, channels - Vector.scalarCount)
          let (input, gradOutput) = (input + first, gradOutput + first)
          let sums = memory.own + (kernelRow * width + tap) * channels + first
          // Known to the compiler, the number of taps leaves no branches behind.
          switch width - tap {
          case 1: setSums(Vector.self, 1, kernelRow, tap, input, gradOutput, sums)
          case 2: setSums(Vector.self, 2, kernelRow, tap, input, gradOutput, sums)
          case 3: setSums(Vector.self, 3, kernelRow, tap, input, gradOutput, sums)
          default: setSums(Vector.self, 4, kernelRow, tap, input, gradOutput, sums)
          }
        }
      }
    }
  }

  /// Sets the sums of up to four neighbouring taps of a kernel's row, for a vector of channels.
  @inline(__always)
  private func setSums<Vector: SIMD<Float>>(
    _: Vector.Type, _ count: Int, _ kernelRow: Int, _ firstTap: Int, _ input: UnsafePointer<Float>,
    _ gradOutput: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>
  ) {
    func load(_ values: UnsafePointer<Float>) -> Vector { UnsafeRawPointer(values).loadUnaligned(as: Vector.self) }
    func store(_ sum: Vector, _ tap: Int) {
      UnsafeMutableRawPointer(sums + tap * geometry.input.channels).storeBytes(of: sum, as: Vector.self)
    }
    let (image, layout, window, channels) = (geometry.input, geometry.output, geometry.window, geometry.input.channels)
    let columns = image.left + image.width + image.right
    let (step, apart) = (window.strideWidth * channels, window.dilationWidth * channels)
    let firstColumn = image.left - window.paddingLeft + firstTap * window.dilationWidth
    /// The results whose windows see a stored pixel with a tap.
    func results(_ tap: Int) -> Range<Int> {
      let first = firstColumn + tap * window.dilationWidth
      let lower = min(layout.width, first >= 0 ? 0 : (-first + window.strideWidth - 1) / window.strideWidth)
      let upper = min(layout.width, first >= columns ? 0 : (columns - first - 1) / window.strideWidth + 1)
      return lower..<max(lower, upper)
    }
    // Later taps see earlier results' pixels.
    let (latest, earliest) = (results(0), results(count - 1))
    let inside = latest.lowerBound..<max(latest.lowerBound, earliest.upperBound)
    var (s0, s1, s2, s3) = (Vector(repeating: 0), Vector(repeating: 0), Vector(repeating: 0), Vector(repeating: 0))
    for y in 0..<layout.height where kernelRows(y).contains(kernelRow) {
      let row = image.top - window.paddingTop + y * window.strideHeight + kernelRow * window.dilationHeight
      let gradients = gradOutput + layout.origin + y * layout.rowStride
      let values = input + row * image.rowStride + firstColumn * channels
      @inline(__always) func addProducts(_ x: Int, _ sees: (_ tap: Int) -> Bool) {
        let gradient = load(gradients + x * channels)
        @inline(__always) func add(_ tap: Int, to sum: inout Vector) {
          if tap < count && sees(tap) { sum.addProduct(gradient, load(values + x * step + tap * apart)) }
        }
        add(0, to: &s0)
        add(1, to: &s1)
        add(2, to: &s2)
        add(3, to: &s3)
      }
      for x in earliest.lowerBound..<inside.lowerBound { addProducts(x) { results($0).contains(x) } }
      for x in inside { addProducts(x) { _ in true } }
      for x in inside.upperBound..<max(inside.upperBound, latest.upperBound) {
        addProducts(x) { results($0).contains(x) }
      }
    }
    store(s0, 0)
    if count > 1 { store(s1, 1) }
    if count > 2 { store(s2, 2) }
    if count > 3 { store(s3, 3) }
  }
}

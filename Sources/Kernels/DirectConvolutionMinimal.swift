// Minimal filtering: four neighbouring outputs of a row of five weights with 8 multiplications instead of 20.
//
//   y = Aᵀ [(G g) ⊙ (Bᵀ d)],  d: 8 inputs, g: 5 weights, y: 4 outputs; the points are 0, ±1, ±2, ±1/2 and ∞
//
// (Winograd 1980; Lavin & Gray 2015, arXiv:1509.09308.) Along rows only: there the rounding error of sums of 80
// products is 1.8 times that of the plain sum, both a few units of the last place. Inputs are transformed once an
// example, weights once a step; between the two transforms lie eight convolutions with a kernel of one column, one a
// point, whose pixels are the tiles of four outputs.

struct MinimalFilter {
  private typealias Vector = SIMD8<Float>

  /// Outputs of a tile, and the points.
  static let (outputs, points, taps) = (4, 8, 5)

  let convolution: DirectConvolution
  let channels: Int
  let kernelRows: Int
  /// Rows and columns of sums that the pooling looks at.
  let rows: Int
  let columns: Int
  /// Tiles of a row, the last one perhaps wider than what is left.
  let tiles: Int
  let inputRows: Int

  /// The filter of a convolution, or `nil` where its kernel is not five wide or its channels don't fill vectors.
  init?(_ convolution: DirectConvolution) {
    let window = convolution.geometry.window
    channels = convolution.geometry.input.channels
    kernelRows = window.height
    rows = convolution.output.height * convolution.poolHeight
    columns = convolution.output.width * convolution.poolWidth
    tiles = (columns + Self.outputs - 1) / Self.outputs
    inputRows = rows + kernelRows - 1
    self.convolution = convolution
    // A last tile that is mostly thrown away costs more than is won.
    let isDense = tiles * Self.points * 3 <= columns * Self.taps * 2
    guard window.width == Self.taps, window.strideWidth == 1, window.strideHeight == 1, channels % 8 == 0, isDense
    else { return nil }
  }

  /// Floats of the transformed weights of one channel block, a lane.
  var packedCount: Int { Self.points * kernelRows * channels }
  private var inputCount: Int { Self.points * inputRows * tiles * channels }
  /// Floats of scratch memory for the transformed inputs and the sums of a block.
  var scratchCount: Int { inputCount + Self.points * rows * tiles * 16 }

  /// Transforms the weights of a block to `[point][kernel row][channel][lane]`.
  func pack(
    _ weight: UnsafePointer<Float>, _ block: DirectConvolution.ChannelBlock,
    into packed: UnsafeMutablePointer<Float>
  ) {
    let size = kernelRows * channels * block.lanes
    packed.update(repeating: 0, count: Self.points * size)
    for lane in 0..<block.count {
      for row in 0..<kernelRows {
        let taps = weight + ((block.first + lane) * kernelRows + row) * Self.taps * channels
        for channel in 0..<channels {
          func tap(_ index: Int) -> Float { taps[index * channels + channel] }
          let target = packed + (row * channels + channel) * block.lanes + lane
          let (even, odd) = (tap(0) + tap(2) + tap(4), tap(1) + tap(3))
          let (evenTwo, oddTwo) = (tap(0) + 4 * tap(2) + 16 * tap(4), 2 * tap(1) + 8 * tap(3))
          let (evenHalf, oddHalf) = (16 * tap(0) + 4 * tap(2) + tap(4), 8 * tap(1) + 2 * tap(3))
          target[0] = -tap(0)
          target[size] = (even + odd) * (-2.0 / 9)
          target[2 * size] = (even - odd) * (-2.0 / 9)
          target[3 * size] = (evenTwo + oddTwo) * (1.0 / 90)
          target[4 * size] = (evenTwo - oddTwo) * (1.0 / 90)
          target[5 * size] = (evenHalf + oddHalf) * (2.0 / 45)
          target[6 * size] = (evenHalf - oddHalf) * (2.0 / 45)
          target[7 * size] = tap(4)
        }
      }
    }
  }

  /// Transforms an example to `[point][input row][tile][channel]`.
  func transform(_ image: UnsafePointer<Float>, into scratch: UnsafeMutablePointer<Float>) {
    let (rowStride, size) = (convolution.geometry.input.rowStride, inputRows * tiles * channels)
    var target = scratch
    for row in 0..<inputRows {
      for tile in 0..<tiles {
        let first = image + row * rowStride + tile * Self.outputs * channels
        // Beyond the last output's window nothing is read: it might not be finite.
        let count = min(Self.points, columns + Self.taps - 1 - tile * Self.outputs)
        for channel in stride(from: 0, to: channels, by: 8) {
          if count == Self.points {
            transform(first + channel, Self.points, into: target, size)
          } else {
            transform(first + channel, count, into: target, size)
          }
          target += 8
        }
      }
    }
  }

  @inline(__always)
  private func transform(
    _ pixels: UnsafePointer<Float>, _ count: Int, into target: UnsafeMutablePointer<Float>, _ size: Int
  ) {
    func pixel(_ index: Int) -> Vector {
      index < count ? UnsafeRawPointer(pixels + index * channels).loadUnaligned(as: Vector.self) : .zero
    }
    func store(_ value: Vector, _ point: Int) {
      UnsafeMutableRawPointer(target + point * size).storeBytes(of: value, as: Vector.self)
    }
    let (d0, d1, d2, d3) = (pixel(0), pixel(1), pixel(2), pixel(3))
    let (d4, d5, d6, d7) = (pixel(4), pixel(5), pixel(6), pixel(7))
    store((d6 - d0).addingProduct(5.25, d2 - d4), 0)
    let (even, odd) = ((d2 + d6).addingProduct(-4.25, d4), (d1 + d5).addingProduct(-4.25, d3))
    store(even + odd, 1)
    store(even - odd, 2)
    let evenTwo = d6.addingProduct(0.25, d2).addingProduct(-1.25, d4)
    let oddTwo = (d1 * 0.5).addingProduct(-2.5, d3).addingProduct(2, d5)
    store(evenTwo + oddTwo, 3)
    store(evenTwo - oddTwo, 4)
    let evenHalf = d6.addingProduct(4, d2).addingProduct(-5, d4)
    let oddHalf = (d1 * 2).addingProduct(-2.5, d3).addingProduct(0.5, d5)
    store(evenHalf + oddHalf, 5)
    store(evenHalf - oddHalf, 6)
    store((d7 - d1).addingProduct(5.25, d3 - d5), 7)
  }

  /// Computes a block's sums of an example that was transformed into `scratch`, row after row, `[columns][lanes]` each;
  /// `body` gets each portion of `poolHeight` rows.
  func sums(
    _ packed: UnsafePointer<Float>, lanes: Int, scratch: UnsafeMutablePointer<Float>,
    rowSums: UnsafeMutablePointer<Float>, _ body: (_ poolRow: Int) -> Void
  ) {
    let products = scratch + inputCount
    let size = rows * tiles * lanes
    let row = ConvolutionRow(
      places: rows * tiles, placeStride: channels, rows: kernelRows, rowStride: tiles * channels, steps: channels,
      stepStride: 1, vectorStride: lanes, vectorRowStride: channels * lanes)
    for point in 0..<Self.points {
      row.compute(
        lanes: lanes, scalars: scratch + point * inputRows * tiles * channels,
        vectors: packed + point * kernelRows * channels * lanes, into: products + point * size)
    }
    let poolHeight = convolution.poolHeight
    for y in 0..<rows {
      let sums = rowSums + y % poolHeight * columns * lanes
      for tile in 0..<tiles {
        let from = products + (y * tiles + tile) * lanes
        let count = min(Self.outputs, columns - tile * Self.outputs)
        for lane in stride(from: 0, to: lanes, by: 8) {
          combine(from + lane, size, count, into: sums + tile * Self.outputs * lanes + lane, lanes)
        }
      }
      if y % poolHeight == poolHeight - 1 { body(y / poolHeight) }
    }
  }

  @inline(__always)
  private func combine(
    _ products: UnsafePointer<Float>, _ size: Int, _ count: Int, into sums: UnsafeMutablePointer<Float>, _ lanes: Int
  ) {
    func product(_ point: Int) -> Vector {
      UnsafeRawPointer(products + point * size).loadUnaligned(as: Vector.self)
    }
    func store(_ value: Vector, _ index: Int) {
      if index < count { UnsafeMutableRawPointer(sums + index * lanes).storeBytes(of: value, as: Vector.self) }
    }
    let (one, oneOdd) = (product(1) + product(2), product(1) - product(2))
    let (two, twoOdd) = (product(3) + product(4), product(3) - product(4))
    let (half, halfOdd) = (product(5) + product(6), product(5) - product(6))
    store(product(0) + one + two + half, 0)
    store(oneOdd.addingProduct(2, twoOdd).addingProduct(0.5, halfOdd), 1)
    store(one.addingProduct(4, two).addingProduct(0.25, half), 2)
    store((oneOdd + product(7)).addingProduct(8, twoOdd).addingProduct(0.125, halfOdd), 3)
  }
}

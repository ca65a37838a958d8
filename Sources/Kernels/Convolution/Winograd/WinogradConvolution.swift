// Winograd's algorithm: several neighbouring outputs of a row of weights with eight multiplications.
//
//   y = Aᵀ [(G g) ⊙ (Bᵀ d)],  d: 8 inputs, g: r weights, y: 9 − r outputs; the points are 0, ±1, ±2, ±1/2 and ∞
//
// (Winograd 1980; Lavin & Gray 2015, arXiv:1509.09308.) Five weights give 4 outputs instead of 20 multiplications, three
// give 6 instead of 18. Along rows only, not along columns too, so that errors stay small: those of a plain sum of n
// products grow as √n · 2⁻²⁴ of its typical size, and the transforms multiply them by a constant, measured as 2.6 for
// five weights and 3.4 for three (WinogradConvolutionTests holds them to 3 and 4). The size is that of a whole tile:
// beside a value that is 10⁶ times larger than its neighbours, which data may hold but pixels do not, these lose five
// digits.

/// A convolution at stride 1 with fewer multiplications than its definition has.
///
/// Inputs are transformed once per example, weights once per step; between the two transforms lie eight convolutions
/// with a kernel of one column, one per point, whose pixels are the tiles. An input that is not finite makes all outputs
/// so that see it, and perhaps others of its tiles. A window of zeros gives zero, not the rounding error of its tile:
/// behind a ReLU that would make gradients of zeros that are zero.
///
/// Sums are `[rows][columns][channel of a block]`; padding lies in the input. It is read up to 7 floats past the last
/// pixel that a window sees.
struct WinogradConvolution {
  /// Multiplications of a tile and channel.
  static let points = 8
  /// Widths of kernels that there are transforms for.
  static let taps = [3, 5]

  /// Tiles of a row of sums.
  static func tiles(columns: Int, taps: Int) -> Int { (columns + points - taps) / (points + 1 - taps) }

  /// Weights of a kernel's row, r.
  let taps: Int
  /// Rows that are summed over.
  let kernelRows: Int
  /// Channels that are summed over.
  let channels: Int
  /// Rows and columns of the sums.
  let rows: Int
  let columns: Int
  /// Floats from an input row to the next.
  let rowStride: Int
  /// Tiles of a row, the last one perhaps wider than what is left.
  let tiles: Int

  /// A convolution at stride 1 with kernels of 3 or 5 columns.
  init(taps: Int, kernelRows: Int, channels: Int, rows: Int, columns: Int, rowStride: Int) {
    (self.taps, self.kernelRows, self.channels) = (taps, kernelRows, channels)
    (self.rows, self.columns, self.rowStride) = (rows, columns, rowStride)
    tiles = Self.tiles(columns: columns, taps: taps)
  }

  /// Outputs of a tile.
  var outputs: Int { Self.points + 1 - taps }
  private var inputRows: Int { rows + kernelRows - 1 }
  private var inputColumns: Int { columns + taps - 1 }
  /// Floats of a point's inputs; vectors may pass the last tile's end.
  var inputCount: Int { inputRows * tiles * channels + 8 }

  /// Floats of the transformed weights of one lane.
  var packedCount: Int { Self.points * kernelRows * channels }
  /// Floats of scratch memory for the transformed inputs, the sums of a block and the mask of zeros.
  var scratchCount: Int { zeroMask + (rows * columns + inputRows * inputColumns + 3) / 4 }

  /// Where the mask of zeros begins in the scratch memory: one byte per window, then one per pixel, 0 for zeros.
  private var zeroMask: Int { Self.points * (inputCount + rows * tiles * ChannelBlock.mostLanes) }

  /// Transforms the weights of a block to `[point][kernel row][channel][lane]`.
  ///
  /// - Parameters:
  ///   - weight: the weight of a lane, a kernel row, a place in the row and a channel.
  @inline(__always)
  func pack(
    _ block: ChannelBlock, into packed: UnsafeMutablePointer<Float>,
    _ weight: (_ lane: Int, _ row: Int, _ tap: Int, _ channel: Int) -> Float
  ) {
    let size = kernelRows * channels * block.lanes
    packed.update(repeating: 0, count: Self.points * size)
    for lane in 0..<block.count {
      for row in 0..<kernelRows {
        for channel in 0..<channels {
          let (g0, g1, g2) = (
            weight(lane, row, 0, channel), weight(lane, row, 1, channel), weight(lane, row, 2, channel)
          )
          let g3 = taps == 5 ? weight(lane, row, 3, channel) : 0
          let g4 = taps == 5 ? weight(lane, row, 4, channel) : 0
          let target = packed + (row * channels + channel) * block.lanes + lane
          let (even, odd) = (g0 + g2 + g4, g1 + g3)
          let (evenTwo, oddTwo) = (g0 + 4 * g2 + 16 * g4, 2 * g1 + 8 * g3)
          let (evenHalf, oddHalf) = (16 * g0 + 4 * g2 + g4, 8 * g1 + 2 * g3)
          target[0] = -g0
          target[size] = (even + odd) * (-2.0 / 9)
          target[2 * size] = (even - odd) * (-2.0 / 9)
          target[3 * size] = (evenTwo + oddTwo) * (1.0 / 90)
          target[4 * size] = (evenTwo - oddTwo) * (1.0 / 90)
          target[5 * size] = (evenHalf + oddHalf) * (2.0 / 45)
          target[6 * size] = (evenHalf - oddHalf) * (2.0 / 45)
          target[7 * size] = taps == 5 ? g4 : g2
        }
      }
    }
  }

  /// Transforms an example to `[point][input row][tile][channel]`.
  func transform(_ image: UnsafePointer<Float>, into scratch: UnsafeMutablePointer<Float>) {
    for row in 0..<inputRows {
      // Beyond the last output's window nothing is read: it might not be finite.
      WidestLoops.transformInputs(
        image + row * rowStride, inputColumns, channels, tiles, outputs, scratch + row * tiles * channels, inputCount)
    }
  }

  /// Finds the windows of an example that see nothing but zeros.
  ///
  /// - Parameter looks: whether the weights are finite; 0 · ∞ is not zero.
  func findZeroWindows(_ image: UnsafePointer<Float>, looks: Bool, scratch: UnsafeMutablePointer<Float>) {
    let windows = UnsafeMutableRawPointer(scratch + zeroMask).assumingMemoryBound(to: UInt8.self)
    let pixels = windows + rows * columns
    guard looks, findZeroPixels(image, pixels) >= kernelRows * taps else {
      return windows.update(repeating: 1, count: rows * columns)
    }
    // Along rows, then down columns; columns innermost, so that the loops become ones over vectors.
    for row in 0..<inputRows {
      let seen = pixels + row * inputColumns
      // Each round widens what a byte has seen by one pixel.
      for tap in 1..<taps {
        for column in 0..<inputColumns - tap { seen[column] |= seen[column + 1] }
      }
    }
    for row in 0..<rows {
      let mask = windows + row * columns
      mask.update(from: pixels + row * inputColumns, count: columns)
      for kernelRow in 1..<kernelRows {
        let seen = pixels + (row + kernelRow) * inputColumns
        for column in 0..<columns { mask[column] |= seen[column] }
      }
    }
  }

  /// Finds the pixels that are zero in all channels, and counts them.
  private func findZeroPixels(_ image: UnsafePointer<Float>, _ pixels: UnsafeMutablePointer<UInt8>) -> Int {
    var zeros = 0
    for row in 0..<inputRows {
      let (values, mask) = (image + row * rowStride, pixels + row * inputColumns)
      mask.update(repeating: 1, count: inputColumns)
      guard hasZero(values, count: inputColumns * channels) else { continue }
      for column in 0..<inputColumns {
        let pixel = values + column * channels
        var channel = 0
        while channel < channels && pixel[channel] == 0 {
          channel += channel + 8 <= channels && all(load8(pixel + channel) .== Float8.zero) ? 8 : 1
        }
        guard channel >= channels else { continue }
        mask[column] = 0
        zeros += 1
      }
    }
    return zeros
  }

  private func hasZero(_ values: UnsafePointer<Float>, count: Int) -> Bool {
    var index = 0
    while index + 8 <= count {
      if any(load8(values + index) .== Float8.zero) { return true }
      index += 8
    }
    return (index..<count).contains { values[$0] == 0 }
  }

  /// Computes a block's products of an example that was transformed into `scratch`.
  func multiply(_ packed: UnsafePointer<Float>, lanes: Int, scratch: UnsafeMutablePointer<Float>) {
    let products = scratch + Self.points * inputCount
    let row = ConvolutionRow(
      places: rows * tiles, placeStride: channels, rows: kernelRows, rowStride: tiles * channels, steps: channels,
      stepStride: 1, vectorStride: lanes, vectorRowStride: channels * lanes)
    for point in 0..<Self.points {
      row.compute(
        lanes: lanes, scalars: scratch + point * inputCount, vectors: packed + point * kernelRows * channels * lanes,
        into: products + point * rows * tiles * lanes)
    }
  }

  /// Combines the products of a row to its sums, `[columns][lanes]`.
  func sums(
    ofRow row: Int, lanes: Int, scratch: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    WidestLoops.combineProducts(
      scratch + Self.points * inputCount + row * tiles * lanes, rows * tiles * lanes, lanes, tiles, outputs, columns,
      sums)
    let windows = UnsafeRawPointer(scratch + zeroMask).assumingMemoryBound(to: UInt8.self) + row * columns
    for column in 0..<columns where windows[column] == 0 { zero(sums + column * lanes, count: lanes) }
  }
}

/// The layers behind a convolution's sums, for one row of results: bias, ReLU and pooling, 8 channels at a time.
///
/// It turns rows of sums, `[poolHeight][poolWidth · result's width][lanes]`, into one row of results, `[width][channels]`,
/// and of their masks (``PoolingMask``). As in PyTorch the first of equal values is the largest, and NaN is larger than
/// all and passes ReLU.
struct ConvolutionEpilogue {
  private typealias Vector = Float8
  private typealias Bits = SIMD8<UInt32>

  let pooling: ConvolutionBlock.Pooling
  let appliesReLU: Bool
  let poolHeight: Int
  let poolWidth: Int
  /// Pixels of the result.
  let width: Int
  let lanes: Int
  /// Channels that are stored, at most `lanes`.
  let count: Int
  let bias: UnsafePointer<Float>?
  let outputStride: Int
  let maskStride: Int

  init(_ block: ConvolutionBlock, _ channels: ChannelBlock, bias: UnsafePointer<Float>?) {
    (pooling, appliesReLU) = (block.pooling, block.appliesReLU)
    (poolHeight, poolWidth) = (block.poolHeight, block.poolWidth)
    (width, lanes, count) = (block.output.width, channels.lanes, channels.count)
    self.bias = bias.map { $0 + channels.first }
    (outputStride, maskStride) = (block.output.channels, block.maskStride)
  }

  /// Computes a row. `output` and `masks` are to the first channel of the row's first pixel; `masks` is `nil` in
  /// evaluation, and is not looked at without pooling.
  func compute(
    _ sums: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, masks: UnsafeMutablePointer<UInt8>?
  ) {
    for first in stride(from: 0, to: lanes, by: 8) where first < count {
      let stored = min(8, count - first)
      var shift = Vector(repeating: 0)
      if let bias {
        for lane in 0..<stored { shift[lane] = bias[first + lane] }
      }
      let masks = masks.map { $0 + first }
      switch pooling {
      case .none: copyRow(sums + first, shift, output + first, stored)
      case .maximum where poolHeight == 2 && poolWidth == 2:
        maximumOfFour(sums + first, shift, output + first, stored, masks)
      case .maximum: maximum(sums + first, shift, output + first, stored, masks)
      case .average: average(sums + first, shift, output + first, stored, masks)
      }
    }
  }

  @inline(__always)
  private func copyRow(
    _ sums: UnsafePointer<Float>, _ shift: Vector, _ output: UnsafeMutablePointer<Float>, _ stored: Int
  ) {
    for x in 0..<width {
      let value = load8(sums + x * lanes) + shift
      store8(appliesReLU ? relu(value) : value, count: stored, to: output + x * outputStride)
    }
  }

  @inline(__always)
  private func maximumOfFour(
    _ sums: UnsafePointer<Float>, _ shift: Vector, _ output: UnsafeMutablePointer<Float>, _ stored: Int,
    _ masks: UnsafeMutablePointer<UInt8>?
  ) {
    let below = sums + 2 * width * lanes
    for x in 0..<width {
      let (a, b) = (load8(sums + 2 * x * lanes), load8(sums + (2 * x + 1) * lanes))
      let (c, d) = (load8(below + 2 * x * lanes), load8(below + (2 * x + 1) * lanes))
      let (right, lowerRight) = (isLarger(b, a), isLarger(d, c))
      let (upper, lower) = (a.replacing(with: b, where: right), c.replacing(with: d, where: lowerRight))
      let isLower = isLarger(lower, upper)
      let value = upper.replacing(with: lower, where: isLower) + shift
      store8(appliesReLU ? relu(value) : value, count: stored, to: output + x * outputStride)
      guard let masks else { continue }
      let upperPlace = Bits(repeating: 0).replacing(with: Bits(repeating: 1), where: right)
      let lowerPlace = Bits(repeating: 2).replacing(with: Bits(repeating: 3), where: lowerRight)
      var place = upperPlace.replacing(with: lowerPlace, where: isLower)
      if appliesReLU { place.replace(with: Bits(repeating: UInt32(PoolingMask.inactive)), where: value .<= 0) }
      store(place, to: masks + x * maskStride)
    }
  }

  @inline(__always)
  private func maximum(
    _ sums: UnsafePointer<Float>, _ shift: Vector, _ output: UnsafeMutablePointer<Float>, _ stored: Int,
    _ masks: UnsafeMutablePointer<UInt8>?
  ) {
    for x in 0..<width {
      var largest = Vector(repeating: 0)
      var place = Bits(repeating: 0)
      for row in 0..<poolHeight {
        for column in 0..<poolWidth {
          let value = load8(sums + (row * width * poolWidth + x * poolWidth + column) * lanes)
          let index = row * poolWidth + column
          if index == 0 {
            largest = value
            continue
          }
          let isLarger = isLarger(value, largest)
          largest.replace(with: value, where: isLarger)
          place.replace(with: Bits(repeating: UInt32(truncatingIfNeeded: index)), where: isLarger)
        }
      }
      largest += shift
      store8(appliesReLU ? relu(largest) : largest, count: stored, to: output + x * outputStride)
      guard let masks else { continue }
      if appliesReLU { place.replace(with: Bits(repeating: UInt32(PoolingMask.inactive)), where: largest .<= 0) }
      store(place, to: masks + x * maskStride)
    }
  }

  @inline(__always)
  private func average(
    _ sums: UnsafePointer<Float>, _ shift: Vector, _ output: UnsafeMutablePointer<Float>, _ stored: Int,
    _ masks: UnsafeMutablePointer<UInt8>?
  ) {
    let below = sums + 2 * width * lanes
    for x in 0..<width {
      let (a, b) = (load8(sums + 2 * x * lanes) + shift, load8(sums + (2 * x + 1) * lanes) + shift)
      let (c, d) = (load8(below + 2 * x * lanes) + shift, load8(below + (2 * x + 1) * lanes) + shift)
      if appliesReLU {
        let sum = relu(a) + relu(b) + relu(c) + relu(d)
        store8(sum * 0.25, count: stored, to: output + x * outputStride)
      } else {
        store8((a + b + c + d) * 0.25, count: stored, to: output + x * outputStride)
      }
      guard let masks else { continue }
      var bits = Bits(repeating: 15)
      if appliesReLU {
        bits = (bit(1, a) | bit(2, b)) | (bit(4, c) | bit(8, d))
      }
      store(bits, to: masks + x * maskStride)
    }
  }

  /// `bit` where ReLU is on.
  @inline(__always)
  private func bit(_ bit: UInt32, _ value: Vector) -> Bits {
    Bits(repeating: bit).replacing(with: Bits(repeating: 0), where: value .<= 0)
  }

  @inline(__always)
  private func isLarger(_ value: Vector, _ other: Vector) -> SIMDMask<SIMD8<Int32>> {
    (value .> other) .| (value .!= value)
  }

  @inline(__always)
  private func relu(_ value: Vector) -> Vector {
    value.replacing(with: Vector(repeating: 0), where: value .< 0)
  }

  @inline(__always)
  private func store(_ value: Bits, to masks: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(masks).storeBytes(of: SIMD8<UInt8>(truncatingIfNeeded: value), as: SIMD8<UInt8>.self)
  }
}

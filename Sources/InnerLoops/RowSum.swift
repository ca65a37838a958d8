// The inner loop of direct convolutions and of matrix products, built twice from this one source: as `InnerLoops` for
// processors with vectors of 8 floats, and as `InnerLoopsWide` for those with 16 (`Sources/InnerLoopsWide` is a link to
// here).
// Every sum is made of the same fused multiply-adds in the same order, so both give the same bits.
//
// A tile of P neighbouring places × one or two vectors of channels stays in registers while these vectors are multiplied
// by single floats and added:
//
//   output[p][channel] (+)= Σ over rows r, steps k:  vectors[r][k][channel] · scalars[r · rowStride + k · step + p · place]
//
// A run is the part of a window that lies in one row: kernel columns · input channels neighbouring floats.
//
//                          | place             | row                 | step              | vectors
//   output                 | an output pixel   | a row of the kernel | a float of a run  | weights
//   gradient of weights    | a float of a run  | a row of the output | an output pixel   | the output's gradient
//   matrix product         | a row of the left | (one)               | an inner index    | rows of the right

/// The sums of a row of places: what they have in common.
package struct RowSum {
  private let rows: Int
  private let rowStride: Int
  private let steps: Int
  private let vectorStride: Int
  private let vectorRowStride: Int
  private let outputStride: Int
  private let accumulates: Bool

  /// Describes the row.
  ///
  /// - Parameters:
  ///   - rows: rows that are summed over.
  ///   - rowStride: floats from a row of scalars to the next.
  ///   - steps: steps of each row that are summed over.
  ///   - vectorStride: floats from a step's vector to the next step's.
  ///   - vectorRowStride: floats from a row's first vector to the next row's.
  ///   - outputStride: floats from a place's sums to the next place's.
  ///   - accumulates: whether the sums are added to what is there.
  package init(
    rows: Int, rowStride: Int, steps: Int, vectorStride: Int, vectorRowStride: Int, outputStride: Int,
    accumulates: Bool
  ) {
    (self.rows, self.rowStride, self.steps, self.vectorStride) = (rows, rowStride, steps, vectorStride)
    (self.vectorRowStride, self.outputStride, self.accumulates) = (vectorRowStride, outputStride, accumulates)
  }

  /// Computes `places` sums of `lanes` channels, one of whose strides is 1: 8 or 16, or 32 where a register holds 16.
  ///
  /// Whole vectors are read and written: `vectors` must hold `lanes` floats at each step, and `output` at each place. The
  /// output overlaps neither. Strides that are known to the compiler keep the loop's addresses in registers.
  package func compute(
    lanes: Int, places: Int, placeStride: Int, stepStride: Int, scalars: UnsafePointer<Float>,
    vectors: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>
  ) {
    switch (lanes, stepStride) {
    case (8, 1): compute(SIMD8<Float>.self, places, scalars, vectors, output, place: placeStride, step: 1)
    case (8, _): compute(SIMD8<Float>.self, places, scalars, vectors, output, place: 1, step: stepStride)
    #if WIDE_VECTORS
      case (32, 1): compute(Pair.self, places, scalars, vectors, output, place: placeStride, step: 1)
      case (32, _): compute(Pair.self, places, scalars, vectors, output, place: 1, step: stepStride)
    #endif
    case (_, 1): compute(SIMD16<Float>.self, places, scalars, vectors, output, place: placeStride, step: 1)
    default: compute(SIMD16<Float>.self, places, scalars, vectors, output, place: 1, step: stepStride)
    }
  }

  /// Cuts the row into tiles as equal as can be, of up to 12 places: of one or two of 32 registers, or of one of 16. Of
  /// two of 16, up to 6.
  @inline(__always)
  private func compute<Channels: ChannelVector>(
    _: Channels.Type, _ places: Int, _ scalars: UnsafePointer<Float>, _ vectors: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, place: Int, step: Int
  ) {
    typealias P1 = Place<Channels>
    typealias P2 = Places<P1, P1>
    typealias P3 = Places<P2, P1>
    typealias P4 = Places<P2, P2>
    typealias P8 = Places<P4, P4>
    // Known to the compiler, which leaves out the longer tiles where registers don't hold them.
    let isLong = 12 * Channels.count < registers * floatsPerRegister
    let most = isLong ? 12 : 6
    let tiles = (places + most - 1) / most
    for index in 0..<tiles {
      let first = places * index / tiles
      let (from, to) = (scalars + first * place, output + first * outputStride)
      switch places * (index + 1) / tiles - first {
      case 1: tile(P1.self, from, vectors, to, place, step)
      case 2: tile(P2.self, from, vectors, to, place, step)
      case 3: tile(P3.self, from, vectors, to, place, step)
      case 4: tile(P4.self, from, vectors, to, place, step)
      case 5: tile(Places<P4, P1>.self, from, vectors, to, place, step)
      case 7 where isLong: tile(Places<P4, P3>.self, from, vectors, to, place, step)
      case 8 where isLong: tile(P8.self, from, vectors, to, place, step)
      case 9 where isLong: tile(Places<P8, P1>.self, from, vectors, to, place, step)
      case 10 where isLong: tile(Places<P8, P2>.self, from, vectors, to, place, step)
      case 11 where isLong: tile(Places<P8, P3>.self, from, vectors, to, place, step)
      case 12 where isLong: tile(Places<P8, P4>.self, from, vectors, to, place, step)
      default: tile(Places<P4, P2>.self, from, vectors, to, place, step)
      }
    }
  }

  @inline(__always)
  private func tile<Tile: PlaceTile>(
    _: Tile.Type, _ scalars: UnsafePointer<Float>, _ vectors: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ place: Int, _ step: Int
  ) {
    var tile = Tile()
    // One loop over rows and steps: of two, the compiler copies the sums from register to register.
    var (scalar, vector) = (scalars, UnsafeRawPointer(vectors))
    let vectorBytes = vectorStride * MemoryLayout<Float>.stride
    let scalarJump = rowStride - steps * step
    let vectorJump = vectorRowStride * MemoryLayout<Float>.stride - steps * vectorBytes
    var (stepsLeft, rowsLeft) = (steps, steps > 0 ? rows : 0)
    while rowsLeft > 0 {
      tile.addProduct(Tile.Channels(vector), scalar, place)
      vector += vectorBytes
      scalar += step
      stepsLeft -= 1
      if stepsLeft == 0 {
        (stepsLeft, rowsLeft) = (steps, rowsLeft - 1)
        vector += vectorJump
        scalar += scalarJump
      }
    }
    if accumulates { tile.add(output, outputStride) }
    tile.store(to: output, outputStride)
  }
}

/// Sums of several neighbouring places, a vector of channels each. It is put together of single places by ``Places``,
/// which leaves nothing of itself in the machine code.
private protocol PlaceTile {
  associatedtype Channels: ChannelVector
  init()
  mutating func add(_ values: UnsafePointer<Float>, _ stride: Int)
  mutating func addProduct(_ vector: Channels, _ scalars: UnsafePointer<Float>, _ stride: Int)
  func store(to output: UnsafeMutablePointer<Float>, _ stride: Int)
  static var count: Int { get }
}

private struct Place<Channels: ChannelVector>: PlaceTile {
  var sum: Channels

  @inline(__always) init() { sum = Channels() }
  @inline(__always) static var count: Int { 1 }

  @inline(__always)
  mutating func addProduct(_ vector: Channels, _ scalars: UnsafePointer<Float>, _ stride: Int) {
    sum.addProduct(vector, scalars.pointee)
  }

  @inline(__always)
  mutating func add(_ values: UnsafePointer<Float>, _ stride: Int) {
    sum.add(Channels(UnsafeRawPointer(values)))
  }

  @inline(__always)
  func store(to output: UnsafeMutablePointer<Float>, _ stride: Int) {
    sum.store(to: UnsafeMutableRawPointer(output))
  }
}

private struct Places<Left: PlaceTile, Right: PlaceTile>: PlaceTile where Left.Channels == Right.Channels {
  typealias Channels = Left.Channels
  var left: Left
  var right: Right

  @inline(__always) init() { (left, right) = (Left(), Right()) }
  @inline(__always) static var count: Int { Left.count + Right.count }

  @inline(__always)
  mutating func addProduct(_ vector: Channels, _ scalars: UnsafePointer<Float>, _ stride: Int) {
    left.addProduct(vector, scalars, stride)
    right.addProduct(vector, scalars + Left.count * stride, stride)
  }

  @inline(__always)
  mutating func add(_ values: UnsafePointer<Float>, _ stride: Int) {
    left.add(values, stride)
    right.add(values + Left.count * stride, stride)
  }

  @inline(__always)
  func store(to output: UnsafeMutablePointer<Float>, _ stride: Int) {
    left.store(to: output, stride)
    right.store(to: output + Left.count * stride, stride)
  }
}

/// The lanes of a block of channels, a float each.
private protocol ChannelVector {
  /// Zeros.
  init()
  init(_ floats: UnsafeRawPointer)
  mutating func add(_ other: Self)
  mutating func addProduct(_ other: Self, _ scalar: Float)
  func store(to floats: UnsafeMutableRawPointer)
  static var count: Int { get }
}

extension ChannelVector where Self: SIMD<Float> {
  @inline(__always) init(_ floats: UnsafeRawPointer) { self = floats.loadUnaligned(as: Self.self) }
  @inline(__always) mutating func add(_ other: Self) { self += other }
  @inline(__always)
  mutating func addProduct(_ other: Self, _ scalar: Float) { addProduct(other, Self(repeating: scalar)) }
  @inline(__always) func store(to floats: UnsafeMutableRawPointer) { floats.storeBytes(of: self, as: Self.self) }
  @inline(__always) static var count: Int { scalarCount }
}

extension SIMD8<Float>: ChannelVector {}
extension SIMD16<Float>: ChannelVector {}

#if WIDE_VECTORS
  /// Two vectors; of `SIMD32` the compiler makes loops over single floats.
  private struct Pair: ChannelVector {
    private var low: SIMD16<Float>
    private var high: SIMD16<Float>

    @inline(__always) init() { (low, high) = (.zero, .zero) }

    @inline(__always)
    init(_ floats: UnsafeRawPointer) { (low, high) = (SIMD16(floats), SIMD16(floats + 64)) }

    @inline(__always)
    mutating func add(_ other: Pair) {
      low += other.low
      high += other.high
    }

    @inline(__always)
    mutating func addProduct(_ other: Pair, _ scalar: Float) {
      let scalars = SIMD16(repeating: scalar)
      low.addProduct(other.low, scalars)
      high.addProduct(other.high, scalars)
    }

    @inline(__always)
    func store(to floats: UnsafeMutableRawPointer) {
      low.store(to: floats)
      high.store(to: floats + 64)
    }

    @inline(__always) static var count: Int { 32 }
  }
#endif

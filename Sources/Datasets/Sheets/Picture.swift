import Architectures

/// A small picture: three bytes a pixel, rows from the top.
public struct Picture: Hashable, Sendable {
  /// Pixels a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Red, green and blue of each pixel.
  public let rgb: [UInt8]

  /// Creates a picture from `width · height · 3` bytes.
  public init(width: Int, height: Int, rgb: [UInt8]) {
    precondition(rgb.count == width * height * 3, "\(rgb.count) bytes for \(width) × \(height) pixels")
    (self.width, self.height, self.rgb) = (width, height, rgb)
  }

  /// Creates a grey picture from `width · height` bytes.
  public init(width: Int, height: Int, grey: [UInt8]) {
    self.init(width: width, height: height, rgb: grey.flatMap { [$0, $0, $0] })
  }

  /// Creates a grey picture from numbers: the smallest black, the largest white, what is not finite black.
  public init(width: Int, height: Int, values: [Float]) {
    self.init(width: width, height: height, grey: Self.stretched(values))
  }

  /// Creates the picture of an example: three channels in colour, otherwise the channels' mean in grey.
  ///
  /// Floats are stretched from their smallest to their largest value. `[features]` become a square where that fits,
  /// otherwise one row.
  public init(of examples: ExampleSet, at index: Int) {
    precondition((0..<examples.count).contains(index), "example \(index) of \(examples.count)")
    let size = examples.shape.count
    let bytes: [UInt8]
    switch examples.pixels {
    case .bytes(let start): bytes = Array(UnsafeBufferPointer(start: start + index * size, count: size))
    case .floats(let start):
      bytes = Self.stretched(Array(UnsafeBufferPointer(start: start + index * size, count: size)))
    }
    let (width, height) = Self.extent(of: examples.shape)
    let (channels, plane) = (examples.channels, width * height)
    if channels == 3 {
      self.init(
        width: width, height: height,
        rgb: (0..<plane).flatMap { [bytes[$0], bytes[plane + $0], bytes[2 * plane + $0]] })
    } else {
      self.init(
        width: width, height: height,
        grey: (0..<plane).map { pixel in
          UInt8((0..<channels).reduce(0) { $0 + Int(bytes[$1 * plane + pixel]) } / channels)
        })
    }
  }

  private static func extent(of shape: Shape) -> (width: Int, height: Int) {
    if shape.rank == 3 { return (shape.dimensions[2], shape.dimensions[1]) }
    if shape.rank == 2 { return (shape.dimensions[1], shape.dimensions[0]) }
    let side = Int(Double(shape.count).squareRoot())
    return side * side == shape.count ? (side, side) : (shape.count, 1)
  }

  private static func stretched(_ values: [Float]) -> [UInt8] {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > low else {
      return [UInt8](repeating: 0, count: values.count)
    }
    return values.map { $0.isFinite ? UInt8((($0 - low) / (high - low) * 255).rounded()) : 0 }
  }
}

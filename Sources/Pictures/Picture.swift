/// A small picture: three bytes per pixel, rows from the top.
package struct Picture: Hashable, Sendable {
  /// Pixels per row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Red, green and blue of each pixel.
  package let rgb: [UInt8]

  /// Creates a picture from `width · height · 3` bytes.
  package init(width: Int, height: Int, rgb: [UInt8]) {
    precondition(rgb.count == width * height * 3, "\(rgb.count) bytes for \(width) × \(height) pixels")
    (self.width, self.height, self.rgb) = (width, height, rgb)
  }

  /// Creates a grey picture from `width · height` bytes.
  package init(width: Int, height: Int, grey: [UInt8]) {
    self.init(width: width, height: height, rgb: grey.flatMap { [$0, $0, $0] })
  }

  /// Creates the picture of an array of bytes, the last dimension fastest: three channels in colour, otherwise the
  /// channels' mean in grey.
  ///
  /// - Parameters:
  ///   - dimensions: `[channels, height, width]`, `[channels, width]`, or `[features]`, which become a square where that
  ///     fits, otherwise one row.
  ///   - bytes: as many as the dimensions say.
  package init(dimensions: [Int], bytes: [UInt8]) {
    let count = dimensions.reduce(1, *)
    precondition(bytes.count == count, "\(bytes.count) bytes for \(dimensions)")
    let (width, height) = Self.extent(of: dimensions)
    let plane = width * height
    let channels = count / plane
    if channels == 3 {
      self.init(
        width: width, height: height,
        rgb: (0..<plane).flatMap { pixel -> [UInt8] in [bytes[pixel], bytes[plane + pixel], bytes[2 * plane + pixel]] })
    } else {
      self.init(
        width: width, height: height,
        grey: (0..<plane).map { pixel -> UInt8 in
          var sum = 0
          for channel in 0..<channels { sum += Int(bytes[channel * plane + pixel]) }
          return UInt8(sum / channels)
        })
    }
  }

  /// Creates the picture of an array of numbers: the smallest black, the largest white, what is not finite black.
  package init(dimensions: [Int], values: [Float]) { self.init(dimensions: dimensions, bytes: Self.stretched(values)) }

  private static func extent(of dimensions: [Int]) -> (width: Int, height: Int) {
    if dimensions.count == 3 { return (dimensions[2], dimensions[1]) }
    if dimensions.count == 2 { return (dimensions[1], dimensions[0]) }
    let count = dimensions.reduce(1, *)
    let side = Int(Double(count).squareRoot())
    return side * side == count ? (side, side) : (count, 1)
  }

  private static func stretched(_ values: [Float]) -> [UInt8] {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > low else {
      return [UInt8](repeating: 0, count: values.count)
    }
    return values.map { $0.isFinite ? UInt8((($0 - low) / (high - low) * 255).rounded()) : 0 }
  }
}

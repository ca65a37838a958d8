/// Writes a picture as a PNG file (W3C PNG specification, third edition; zlib and deflate by RFC 1950 and 1951).
///
/// It packs runs only. That is enough for enlarged pixels: a row like the one above it becomes zeros, and so do pixels
/// like the one to their left.
struct PNGEncoder {
  private var output: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The file of `width · height` pixels, three bytes each.
  static func encoded(width: Int, height: Int, rgb: [UInt8]) -> [UInt8] {
    precondition(width > 0 && height > 0 && rgb.count == width * height * 3, "\(rgb.count) bytes, \(width) × \(height)")
    var encoder = PNGEncoder()
    let eightBitColour: [UInt8] = [8, 2, 0, 0, 0]
    encoder.append(chunk: "IHDR", bigEndian(width) + bigEndian(height) + eightBitColour)
    encoder.append(chunk: "IDAT", zlib(filtered(rgb, rowBytes: width * 3)))
    encoder.append(chunk: "IEND", [])
    return encoder.output
  }

  private mutating func append(chunk name: String, _ data: [UInt8]) {
    let body = Array(name.utf8) + data
    output += Self.bigEndian(data.count) + body + Self.bigEndian(Int(CRC32.of(body)))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// Each row behind the number of its filter: 2 (Up) where it equals the row above, otherwise 1 (Sub).
  private static func filtered(_ rgb: [UInt8], rowBytes: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rgb.count + rgb.count / rowBytes)
    for start in stride(from: 0, to: rgb.count, by: rowBytes) {
      let row = rgb[start..<start + rowBytes]
      if start > 0, row.elementsEqual(rgb[start - rowBytes..<start]) {
        bytes.append(2)
        bytes.append(contentsOf: repeatElement(0, count: rowBytes))
      } else {
        bytes.append(1)
        for index in start..<start + rowBytes {
          bytes.append(rgb[index] &- (index - start < 3 ? 0 : rgb[index - 3]))
        }
      }
    }
    return bytes
  }

  private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return [0x78, 0x01] + RunDeflater.deflated(bytes) + bigEndian(Int(high << 16 | low))
  }
}

/// Deflate with the fixed codes, whose only matches are repetitions of the byte before.
private struct RunDeflater {
  private var output: [UInt8] = []
  private var pending: UInt64 = 0
  private var pendingBits = 0

  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var deflater = RunDeflater()
    deflater.put(1, bits: 1)  // the last block
    deflater.put(1, bits: 2)  // with fixed codes
    var index = 0
    while index < bytes.count {
      deflater.put(symbol: Int(bytes[index]))
      index += 1
      var run = 0
      while run < 258, index + run < bytes.count, bytes[index + run] == bytes[index - 1] { run += 1 }
      if run >= 3 {
        deflater.put(run: run)
        index += run
      }
    }
    deflater.put(symbol: 256)
    deflater.put(0, bits: 7)  // pushes the last bits out
    return deflater.output
  }

  /// The fixed codes of RFC 1951, 3.2.6.
  private mutating func put(symbol: Int) {
    switch symbol {
    case ..<144: put(code: 0x30 + symbol, bits: 8)
    case ..<256: put(code: 0x190 + symbol - 144, bits: 9)
    case ..<280: put(code: symbol - 256, bits: 7)
    default: put(code: 0xc0 + symbol - 280, bits: 8)
    }
  }

  /// A length of 3 to 258 (RFC 1951, 3.2.5), then distance 1, which is code 0 of five bits.
  private mutating func put(run: Int) {
    if run == 258 {
      put(symbol: 285)
    } else {
      let value = run - 3
      let extra = value < 8 ? 0 : Int.bitWidth - value.leadingZeroBitCount - 3
      put(symbol: 257 + 4 * extra + (value >> extra))
      put(UInt64(value & ((1 << extra) - 1)), bits: extra)
    }
    put(0, bits: 5)
  }

  /// Huffman codes go most significant bit first, all else least.
  private mutating func put(code: Int, bits: Int) {
    for bit in (0..<bits).reversed() { put(UInt64(code >> bit & 1), bits: 1) }
  }

  private mutating func put(_ value: UInt64, bits: Int) {
    pending |= value << UInt64(pendingBits)
    pendingBits += bits
    while pendingBits >= 8 {
      output.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingBits -= 8
    }
  }
}

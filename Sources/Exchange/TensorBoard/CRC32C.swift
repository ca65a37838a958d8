/// The 32-bit cyclic redundancy check with Castagnoli's polynomial, as TFRecord files have it.
///
/// Source: RFC 3720, section 12.1; the examples of its appendix B.4 are in the tests.
enum CRC32C {
  /// The check of some bytes.
  static func of(_ bytes: [UInt8]) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      var check: UInt32 = ~0
      for byte in bytes { check = table[Int(UInt8(truncatingIfNeeded: check) ^ byte)] ^ check >> 8 }
      return ~check
    }
  }

  /// The check as a TFRecord stores it: turned by 15 bits, plus a constant, so that the check of bytes that hold checks
  /// is not a special case.
  ///
  /// Source: tensorflow/core/lib/hash/crc32c.h, `Mask`.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let check = of(bytes)
    return (check >> 15 | check << 17) &+ 0xA282_EAD8
  }

  /// What each byte does to a check; 0x82F63B78 is the polynomial 0x1EDC6F41 with its bits in reverse.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { check, _ in check & 1 == 1 ? check >> 1 ^ 0x82F6_3B78 : check >> 1 }
  }
}

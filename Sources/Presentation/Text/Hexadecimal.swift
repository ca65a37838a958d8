/// Bytes in hexadecimal, two small letters or digits each.
package func hexadecimal(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
  func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
  var text: [UInt8] = []
  text.reserveCapacity(bytes.underestimatedCount * (2 + separator.utf8.count))
  for byte in bytes {
    if !separator.isEmpty, !text.isEmpty { text += separator.utf8 }
    text.append(digit(byte >> 4))
    text.append(digit(byte & 15))
  }
  return String(decoding: text, as: UTF8.self)
}

/// The last bytes of a number in hexadecimal, the highest first.
package func hexadecimal(_ value: some FixedWidthInteger, bytes count: Int) -> String {
  hexadecimal((0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
}

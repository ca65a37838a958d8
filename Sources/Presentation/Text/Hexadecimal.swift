/// Bytes in hexadecimal, two small letters or digits each.
package func hexadecimal(_ bytes: some Sequence<UInt8>, separator: String = "") -> String {
  let digits = Array("0123456789abcdef".unicodeScalars)
  var text = String.UnicodeScalarView()
  for byte in bytes {
    if !text.isEmpty { text.append(contentsOf: separator.unicodeScalars) }
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(text)
}

/// The last bytes of a number in hexadecimal, the highest first.
package func hexadecimal(_ value: some FixedWidthInteger, bytes count: Int) -> String {
  hexadecimal((0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
}

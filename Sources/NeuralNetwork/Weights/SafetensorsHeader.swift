import Foundation

/// Reads the JSON header of a safetensors file: strictly, keeping order and duplicates, which Foundation's reader
/// does not, and without trusting it.
struct SafetensorsHeader {
  /// What the header says of one tensor.
  struct Entry {
    var name: String
    var element: SafetensorsElement
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(bytes: ArraySlice<UInt8>) { (self.bytes, position) = (bytes, bytes.startIndex) }

  /// The tensors in the header's order.
  mutating func entries() throws(SafetensorsError) -> [Entry] {
    var entries: [Entry] = []
    var hasMetadata = false
    try object { (header, name) throws(SafetensorsError) in
      if name == "__metadata__" {
        guard !hasMetadata else { throw .duplicate(name: name) }
        hasMetadata = true
        try header.object { (header, _) throws(SafetensorsError) in _ = try header.string() }
      } else {
        entries.append(try header.entry(name))
      }
    }
    skipSpace()
    guard position == bytes.endIndex else { throw error("text after the end of the object") }
    return entries
  }

  private mutating func entry(_ name: String) throws(SafetensorsError) -> Entry {
    var (element, shape, offsets): (String?, [Int]?, [Int]?)
    try object { (header, key) throws(SafetensorsError) in
      switch key {
      case "dtype" where element == nil: element = try header.string()
      case "shape" where shape == nil: shape = try header.numbers()
      case "data_offsets" where offsets == nil: offsets = try header.numbers()
      default: throw header.error("tensor \"\(name)\" has an unknown or repeated key \"\(key)\"")
      }
    }
    guard let element, let shape, let offsets, offsets.count == 2 else {
      throw error("tensor \"\(name)\" needs dtype, shape and two data_offsets")
    }
    guard let known = SafetensorsElement(rawValue: element) else { throw .element(name: name, found: element) }
    return Entry(name: name, element: known, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func object(
    _ member: (inout SafetensorsHeader, String) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  private mutating func numbers() throws(SafetensorsError) -> [Int] {
    try expect("[")
    if take("]") { return [] }
    var numbers: [Int] = []
    repeat {
      skipSpace()
      let start = position
      while position < bytes.endIndex, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
        position += 1
      }
      guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw error("expected a whole number of at most 63 bits")
      }
      numbers.append(number)
    } while take(",")
    try expect("]")
    return numbers
  }

  /// A string; its escapes are left to Foundation.
  private mutating func string() throws(SafetensorsError) -> String {
    skipSpace()
    let start = position
    try expect("\"")
    while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard position < bytes.endIndex else {
      position = bytes.endIndex
      throw error("a string without its end")
    }
    position += 1
    guard
      let value = try? JSONSerialization.jsonObject(with: Data(bytes[start..<position]), options: .fragmentsAllowed),
      let text = value as? String
    else {
      position = start
      throw error("not a valid string")
    }
    return text
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError) {
    if !take(character) { throw error("expected \(character)") }
  }

  private func error(_ reason: String) -> SafetensorsError {
    .header(reason: reason, byte: position - bytes.startIndex)
  }
}

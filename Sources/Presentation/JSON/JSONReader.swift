/// Reads JSON strictly as RFC 8259 has it, and keeps the facts that help to fix it: order, lines, columns, duplicate keys.
/// Where it is asked to, it reads "JSON with comments" as editors know it: `//` and `/* */`, and a comma after the last
/// value of a list or an object.
///
/// The text is UTF-8. Depth and size are limited, so that no text can exhaust the stack or the memory. Linear in the
/// text's length.
package struct JSONReader {
  /// Lists and objects may lie this deep in each other.
  package static let maximumDepth = 64
  /// Bytes of a text.
  package static let maximumBytes = 16 << 20

  /// Keys that are found twice before reading is given up.
  private static let maximumDuplicates = 1_000

  /// Why the text is not JSON, and where.
  package struct SyntaxError: Error, Hashable, Sendable {
    /// Where reading stopped.
    package var position: SourcePosition
    /// The finding, and the allowed values.
    package var message: String
  }

  /// A key that its object already has.
  package struct DuplicateKey: Hashable, Sendable {
    /// The key.
    package var key: String
    /// Where it stands again.
    package var position: SourcePosition
    /// Where it stands first.
    package var first: SourcePosition
  }

  /// The keys that were found a second time; their object keeps the first value.
  package private(set) var duplicates: [DuplicateKey] = []

  private let bytes: [UInt8]
  private let source: Int32
  private let allowsComments: Bool
  private var offset = 0
  private var depth = 0
  private var line: Int32 = 1
  private var column: Int32 = 1
  /// `line` and `column` are those of this offset; they are advanced only when someone asks.
  private var counted = 0

  /// Creates a reader of a text.
  ///
  /// - Parameter allowsComments: whether comments and a comma after the last value are read over.
  package init(_ bytes: [UInt8], source: Int32 = 0, allowsComments: Bool = false) {
    (self.bytes, self.source, self.allowsComments) = (bytes, source, allowsComments)
  }

  /// Reads the one value that the text holds.
  package mutating func read() throws(SyntaxError) -> JSONNode {
    try checkEncoding()
    try skipSpace()
    let node = try readValue()
    try skipSpace()
    if offset < bytes.count { throw error("found \(found()) after the end of the value; expected nothing more") }
    return node
  }

  private func checkEncoding() throws(SyntaxError) {
    let start = SourcePosition(source: source, line: 1, column: 1)
    func refuse(_ message: String) -> SyntaxError { SyntaxError(position: start, message: message) }
    if bytes.count > Self.maximumBytes {
      throw refuse("the text has \(bytes.count) bytes; at most \(Self.maximumBytes) are read")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw refuse("the text begins with a byte order mark; save it as UTF-8 without one")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      || bytes.prefix(4).contains(0)
    {
      throw refuse("the text looks like UTF-16 or UTF-32; save it as UTF-8")
    }
  }

  private mutating func readValue() throws(SyntaxError) -> JSONNode {
    let position = position()
    guard offset < bytes.count else { throw error("the text ends where a value is expected") }
    let content: JSONNode.Content
    switch bytes[offset] {
    case UInt8(ascii: "{"): content = try readObject()
    case UInt8(ascii: "["): content = try readArray()
    case UInt8(ascii: "\""): content = .string(try readString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): content = .number(try readNumber())
    case UInt8(ascii: "t"): content = try readWord("true", .bool(true))
    case UInt8(ascii: "f"): content = try readWord("false", .bool(false))
    case UInt8(ascii: "n"): content = try readWord("null", .null)
    case UInt8(ascii: "'"): throw error("found '; a string stands in double quotes")
    case UInt8(ascii: "/"), UInt8(ascii: "#"):
      throw error(
        "found \(found()); \(allowsComments ? "a comment stands after // or in /* */" : "JSON has no comments")")
    default: throw error("found \(found()); expected a value")
    }
    return JSONNode(position: position, content: content)
  }

  private mutating func readWord(
    _ word: StaticString, _ content: JSONNode.Content
  ) throws(SyntaxError) -> JSONNode.Content {
    let letters = Array("\(word)".utf8)
    guard bytes[offset...].starts(with: letters) else { throw error("found \(found()); expected a value") }
    offset += letters.count
    if offset < bytes.count, isLetter(bytes[offset]) { throw error("found \(found()) after \(word)") }
    return content
  }

  private mutating func enter() throws(SyntaxError) {
    depth += 1
    if depth > Self.maximumDepth {
      throw error("lists and objects lie more than \(Self.maximumDepth) deep in each other")
    }
    offset += 1
    try skipSpace()
  }

  private mutating func readArray() throws(SyntaxError) -> JSONNode.Content {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONNode] = []
    if take("]") { return .array([]) }
    while true {
      elements.append(try readValue())
      try skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw error("found \(found()) in a list; expected a comma or ]") }
      try skipSpace()
      if allowsComments, take("]") { return .array(elements) }
      if peek("]") { throw error("found ] after a comma; the last value of a list has none after it") }
    }
  }

  private mutating func readObject() throws(SyntaxError) -> JSONNode.Content {
    try enter()
    defer { depth -= 1 }
    var members: [JSONNode.Member] = []
    var places: [String: SourcePosition] = [:]
    if take("}") { return .object([]) }
    while true {
      let keyPosition = position()
      guard peek("\"") else { throw error("found \(found()); expected a key in double quotes") }
      let key = try readString()
      try skipSpace()
      guard take(":") else { throw error("found \(found()) after a key; expected a colon") }
      try skipSpace()
      let value = try readValue()
      if let first = places[key] {
        duplicates.append(DuplicateKey(key: key, position: keyPosition, first: first))
        if duplicates.count > Self.maximumDuplicates {
          throw error("more than \(Self.maximumDuplicates) keys stand twice in their objects")
        }
      } else {
        places[key] = keyPosition
        members.append(JSONNode.Member(key: key, keyPosition: keyPosition, value: value))
      }
      try skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw error("found \(found()) in an object; expected a comma or }") }
      try skipSpace()
      if allowsComments, take("}") { return .object(members) }
      if peek("}") { throw error("found } after a comma; the last member of an object has none after it") }
    }
  }

  private mutating func readNumber() throws(SyntaxError) -> JSONNumber {
    let start = offset
    _ = take("-")
    if take("0") {
      if digit() { throw error("a number does not begin with 0 and another digit") }
    } else {
      try readDigits()
    }
    if take(".") { try readDigits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try readDigits()
    }
    if offset < bytes.count, isLetter(bytes[offset]) { throw error("found \(found()) in a number") }
    return JSONNumber(checked: String(decoding: bytes[start..<offset], as: UTF8.self))
  }

  private mutating func readDigits() throws(SyntaxError) {
    guard digit() else { throw error("found \(found()) in a number; expected a digit") }
    while digit() { offset += 1 }
  }

  private mutating func readString() throws(SyntaxError) -> String {
    offset += 1
    var start = offset
    var text: [UInt8] = []
    while true {
      guard offset < bytes.count else { throw error("the text ends inside a string") }
      switch bytes[offset] {
      case UInt8(ascii: "\""):
        text += bytes[start..<offset]
        guard let string = String(validating: text, as: UTF8.self) else {
          throw error("the string that ends here is not valid UTF-8")
        }
        offset += 1
        return string
      case UInt8(ascii: "\\"):
        text += bytes[start..<offset]
        text += Array(String(try readEscape()).utf8)
        start = offset
      case 0..<0x20:
        throw error("found \(found()) inside a string; write it as an escape such as \\n, or close the string")
      default: offset += 1
      }
    }
  }

  private mutating func readEscape() throws(SyntaxError) -> Character {
    offset += 1
    guard offset < bytes.count else { throw error("the text ends inside a string") }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try readUnicodeEscape())
    default:
      offset -= 1
      throw error("found \\\(found()); the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
    }
  }

  private mutating func readUnicodeEscape() throws(SyntaxError) -> Unicode.Scalar {
    let high = try readFourDigits()
    if let scalar = Unicode.Scalar(high) { return scalar }
    if high < 0xDC00, bytes[offset...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
      offset += 2
      let low = try readFourDigits()
      if 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) {
        return scalar
      }
    }
    throw error("a \\u escape before this place is half of a surrogate pair")
  }

  private mutating func readFourDigits() throws(SyntaxError) -> UInt32 {
    let end = offset + 4
    guard end <= bytes.count, bytes[offset..<end].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(String(decoding: bytes[offset..<end], as: UTF8.self), radix: 16)
    else { throw error("\\u needs four hexadecimal digits") }
    offset = end
    return value
  }

  private mutating func skipSpace() throws(SyntaxError) {
    repeat {
      while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    } while try skipComment()
  }

  /// Skips a comment, if one begins here.
  private mutating func skipComment() throws(SyntaxError) -> Bool {
    guard allowsComments, peek("/"), offset + 1 < bytes.count else { return false }
    let start = offset
    switch bytes[offset + 1] {
    case UInt8(ascii: "/"):
      while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset += 1 }
    case UInt8(ascii: "*"):
      offset += 2
      while !bytes[offset...].starts(with: [UInt8(ascii: "*"), UInt8(ascii: "/")]) {
        guard offset < bytes.count else {
          offset = start
          throw error("the text ends inside the comment that begins here; close it with */")
        }
        offset += 1
      }
      offset += 2
    default: return false
    }
    // The text is kept, and kept texts are UTF-8.
    if String(validating: bytes[start..<offset], as: UTF8.self) == nil {
      throw error("the comment that ends here is not valid UTF-8")
    }
    return true
  }

  private func peek(_ character: Unicode.Scalar) -> Bool {
    offset < bytes.count && bytes[offset] == UInt8(ascii: character)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek(character) else { return false }
    offset += 1
    return true
  }

  private func digit() -> Bool { offset < bytes.count && 0x30...0x39 ~= bytes[offset] }

  private func isLetter(_ byte: UInt8) -> Bool { 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == 0x5F }

  /// The character at the offset as a message shows it.
  private func found() -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let byte = bytes[offset]
    if byte < 0x20 || byte == 0x7F { return "control character 0x\(String(byte, radix: 16, uppercase: true))" }
    if byte < 0x80 { return String(Unicode.Scalar(byte)) }
    for end in offset + 1...offset + 4 where end <= bytes.count {
      if let character = String(validating: bytes[offset..<end], as: UTF8.self) { return quoted(character) }
    }
    return "a byte that is not UTF-8"
  }

  private mutating func error(_ message: String) -> SyntaxError {
    SyntaxError(position: position(), message: message)
  }

  private mutating func position() -> SourcePosition {
    while counted < offset {
      let byte = bytes[counted]
      counted += 1
      if byte == 0x0A {
        (line, column) = (line + 1, 1)
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    return SourcePosition(source: source, line: line, column: column)
  }
}

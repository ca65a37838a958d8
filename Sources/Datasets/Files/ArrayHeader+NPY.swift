extension ArrayHeader {
  private static let npyMagic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  /// NumPy itself reads no header longer than 10,000 bytes (`numpy.lib.format`, `_MAX_HEADER_SIZE`).
  private static let longestNPYHeader = 10_000

  /// Reads a `.npy` header: the magic, the version, the length, and a Python dictionary of type, order and shape.
  static func npy(from source: ByteSource) throws(DatasetError) -> ArrayHeader {
    let magic = try source.read(8)
    guard magic.count == 8, Array(magic.prefix(6)) == npyMagic else {
      throw .wrongFormat(
        path: source.path, found: shown(magic.prefix(6)), expected: "\(shown(npyMagic)), as .npy files do")
    }
    let version = magic[6]
    guard (1...3).contains(version), magic[7] == 0 else {
      throw .badHeader(path: source.path, found: "version \(version).\(magic[7])", expected: "1.0, 2.0 or 3.0")
    }
    let lengthBytes = try source.read(version == 1 ? 2 : 4)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= longestNPYHeader else {
      throw .badHeader(path: source.path, found: "\(length) bytes", expected: "at most \(longestNPYHeader)")
    }
    let text = try source.read(length)
    guard lengthBytes.count == (version == 1 ? 2 : 4), text.count == length else {
      throw .wrongSize(
        path: source.path, found: 8 + lengthBytes.count + text.count, expected: 8 + lengthBytes.count + length,
        because: "the length of its header")
    }
    guard let fields = NPYFields(text) else {
      throw .badHeader(
        path: source.path, found: "\"\(printable(text))\"",
        expected: "a dictionary of 'descr', 'fortran_order' and 'shape'")
    }
    guard let elements = npyElements(fields.type) else {
      throw .badElements(
        path: source.path, found: "\"\(printable(Array(fields.type.utf8)))\"",
        expected: "u1 or f4, f8 for images, any integers for labels")
    }
    return try ArrayHeader(
      path: source.path, length: 8 + lengthBytes.count + length, elements: elements, dimensions: fields.shape,
      firstIndexFastest: fields.firstIndexFastest)
  }

  private static func npyElements(_ type: String) -> ElementType? {
    let letters = Array(type)
    guard letters.count == 3, "<>|=".contains(letters[0]), let size = letters[2].wholeNumberValue else { return nil }
    let kinds: [Character: ElementType.Kind] = ["u": .unsigned, "i": .signed, "f": .float]
    guard let kind = kinds[letters[1]] else { return nil }
    guard kind == .float ? [4, 8].contains(size) : [1, 2, 4, 8].contains(size) else { return nil }
    return ElementType(kind: kind, size: size, bigEndian: letters[0] == ">" && size > 1)
  }

  private static func printable(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.prefix(80).map { (32..<127).contains($0) ? $0 : 63 }, as: UTF8.self)
  }
}

/// The three entries of a `.npy` header's dictionary, such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
private struct NPYFields {
  private(set) var type = ""
  private(set) var firstIndexFastest = false
  private(set) var shape: [Int] = []

  /// Reads the dictionary; `nil` where it is none or lacks an entry.
  init?(_ bytes: [UInt8]) {
    var scanner = Scanner(bytes: bytes)
    var seen: Set<String> = []
    guard scanner.take("{") else { return nil }
    while !scanner.take("}") {
      guard let key = scanner.string(), scanner.take(":"), seen.insert(key).inserted else { return nil }
      switch key {
      case "descr":
        guard let text = scanner.string() else { return nil }
        type = text
      case "fortran_order":
        guard let word = scanner.word(), word == "True" || word == "False" else { return nil }
        firstIndexFastest = word == "True"
      case "shape":
        guard let sizes = scanner.tuple() else { return nil }
        shape = sizes
      default: return nil
      }
      if !scanner.take(",") {
        guard scanner.take("}") else { return nil }
        break
      }
    }
    guard scanner.isAtEnd, seen.count == 3 else { return nil }
  }

  /// Walks over the little of Python's syntax that NumPy writes.
  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    var isAtEnd: Bool {
      mutating get {
        skipSpace()
        return position == bytes.count
      }
    }

    mutating func skipSpace() {
      while position < bytes.count, [32, 10, 9, 13].contains(bytes[position]) { position += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func string() -> String? {
      skipSpace()
      guard position < bytes.count, [34, 39].contains(bytes[position]) else { return nil }
      let quote = bytes[position]
      guard let end = bytes[(position + 1)...].firstIndex(of: quote) else { return nil }
      defer { position = end + 1 }
      return String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    }

    mutating func word() -> String? {
      skipSpace()
      let start = position
      while position < bytes.count, (65...90).contains(bytes[position]) || (97...122).contains(bytes[position]) {
        position += 1
      }
      return position > start ? String(decoding: bytes[start..<position], as: UTF8.self) : nil
    }

    mutating func number() -> Int? {
      skipSpace()
      let start = position
      while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
      return Int(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    mutating func tuple() -> [Int]? {
      guard take("(") else { return nil }
      var sizes: [Int] = []
      while !take(")") {
        guard let size = number() else { return nil }
        sizes.append(size)
        if !take(",") { return take(")") ? sizes : nil }
      }
      return sizes
    }
  }
}

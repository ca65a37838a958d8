extension ArrayHeader {
  /// Reads an IDX header: two zeros, the type, the number of dimensions, then each size as four bytes, big end first.
  static func idx(from source: ByteSource) throws(DatasetError) -> ArrayHeader {
    let magic = try source.read(4)
    guard magic.count == 4, magic[0] == 0, magic[1] == 0, let elements = idxElements(code: magic[2]) else {
      throw .wrongFormat(
        path: source.path, found: shown(magic),
        expected: "an IDX magic number (00 00 08 03 for images, 00 00 08 01 for labels)")
    }
    let rank = Int(magic[3])
    guard (1...4).contains(rank) else {
      throw .badHeader(path: source.path, found: "\(rank) dimensions", expected: "1 to 4")
    }
    let bytes = try source.read(4 * rank)
    guard bytes.count == 4 * rank else {
      throw .wrongSize(
        path: source.path, found: 4 + bytes.count, expected: 4 + 4 * rank, because: "a header of \(rank) dimensions")
    }
    let dimensions = (0..<rank).map { index in
      bytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return try ArrayHeader(path: source.path, length: 4 + 4 * rank, elements: elements, dimensions: dimensions)
  }

  private static func idxElements(code: UInt8) -> ElementType? {
    switch code {
    case 0x08: .byte
    case 0x09: ElementType(kind: .signed, size: 1, bigEndian: true)
    case 0x0b: ElementType(kind: .signed, size: 2, bigEndian: true)
    case 0x0c: ElementType(kind: .signed, size: 4, bigEndian: true)
    case 0x0d: ElementType(kind: .float, size: 4, bigEndian: true)
    case 0x0e: ElementType(kind: .float, size: 8, bigEndian: true)
    default: nil
    }
  }
}

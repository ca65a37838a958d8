import Architectures

/// A file of SVHN's: MATLAB 5.0's format with two packed arrays, the images `X`, 32 × 32 × 3 × N bytes, and their labels `y`,
/// N numbers from 1 to 10, of which 10 is the digit 0. The first index runs fastest.
///
/// Source: MathWorks, "MAT-File Format", versions 5 to 7.
struct MATFile {
  let path: String
  /// How many images there are.
  let count: Int

  /// The shape of one image.
  static let shape = Shape(3, 32, 32)

  /// Looks at the header of the images.
  init(path: String) throws(DatasetError) {
    self.path = path
    let images = try Self.array("X", in: path)
    guard images.dimensions.count == 4, images.dimensions.prefix(3) == [32, 32, 3], images.dimensions[3] > 0,
      images.element == .uint8
    else {
      throw .badDimensions(path: path, found: images.dimensions, expected: "X of 32 × 32 × 3 × count bytes")
    }
    count = images.dimensions[3]
  }

  /// Copies the first images, each in the order `[C, H, W]`, and returns their labels.
  func read(first wanted: Int, pixels: Allocation) throws(DatasetError) -> [UInt8] {
    let images = try Self.array("X", in: path)
    let packed = try Allocation(byteCount: Self.shape.count, for: path)
    let (source, target) = (packed.start(as: UInt8.self), pixels.start(as: UInt8.self))
    for index in 0..<wanted {
      try images.values.fill(packed.bytes)
      let image = target + index * Self.shape.count
      for channel in 0..<3 {
        for row in 0..<32 {
          for column in 0..<32 {
            image[(channel * 32 + row) * 32 + column] = source[(channel * 32 + column) * 32 + row]
          }
        }
      }
    }
    return try labels(first: wanted)
  }

  private func labels(first wanted: Int) throws(DatasetError) -> [UInt8] {
    let array = try Self.array("y", in: path)
    guard array.dimensions == [count, 1] || array.dimensions == [1, count] else {
      throw .badDimensions(path: path, found: array.dimensions, expected: "y of \(count) labels, one for each image")
    }
    let value = try Allocation(byteCount: 8, for: path)
    let room = UnsafeMutableRawBufferPointer(rebasing: value.bytes[..<array.element.size])
    var labels: [UInt8] = []
    for index in 0..<wanted {
      try array.values.fill(room)
      let label = array.element.number(UnsafeRawBufferPointer(room))
      guard (1...10).contains(label), label == label.rounded() else {
        throw .badHeader(path: path, found: "label \(index) as \(label)", expected: "1 to 10")
      }
      labels.append(UInt8(label) % 10)
    }
    return labels
  }

  /// A packed array whose header was read.
  private struct PackedArray {
    let dimensions: [Int]
    let element: Element
    /// Its values, from the first one on.
    let values: InflatedBytes
  }

  /// The types of the values, by their numbers in a file.
  private enum Element: UInt32 {
    case int8 = 1
    case uint8, int16, uint16, int32, uint32, single
    case double = 9

    var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .int32, .uint32, .single: 4
      case .double: 8
      }
    }

    func number(_ bytes: UnsafeRawBufferPointer) -> Double {
      switch self {
      case .int8: Double(bytes.loadUnaligned(as: Int8.self))
      case .uint8: Double(bytes.loadUnaligned(as: UInt8.self))
      case .int16: Double(bytes.loadUnaligned(as: Int16.self))
      case .uint16: Double(bytes.loadUnaligned(as: UInt16.self))
      case .int32: Double(bytes.loadUnaligned(as: Int32.self))
      case .uint32: Double(bytes.loadUnaligned(as: UInt32.self))
      case .single: Double(bytes.loadUnaligned(as: Float.self))
      case .double: bytes.loadUnaligned(as: Double.self)
      }
    }
  }

  private static let headerBytes = 128
  /// The numbers of a packed element and of an array.
  private static let (packed, matrix): (UInt32, UInt32) = (15, 14)

  /// The array of a name; those before it are passed over.
  private static func array(_ name: String, in path: String) throws(DatasetError) -> PackedArray {
    let source = try ByteSource(path: path, unpacks: false)
    let header = try source.read(headerBytes)
    guard header.starts(with: Array("MATLAB 5.0 MAT-file".utf8)), header.count == headerBytes,
      header.suffix(2) == Array("IM".utf8)
    else {
      let start = header.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      throw .wrongFormat(
        path: path, found: start.isEmpty ? "nothing" : start, expected: "MATLAB 5.0 MAT-file, little-endian")
    }
    while true {
      let tag = try source.read(8)
      guard tag.count == 8 else {
        throw .badHeader(path: path, found: "no array \(name)", expected: "the arrays X and y")
      }
      let (type, size) = (word(tag, at: 0), Int(word(tag, at: 4)))
      guard type == packed else {
        throw .badHeader(path: path, found: "an element of type \(type)", expected: "packed arrays (15), as SVHN has")
      }
      let values = try InflatedBytes(source, packedBytes: size)
      let (found, dimensions, element) = try arrayHeader(values, path)
      if found == name { return PackedArray(dimensions: dimensions, element: element, values: values) }
      try values.skipRest()
    }
  }

  /// Reads an array up to its values: its tag, flags, dimensions, name, and the tag of the values.
  private static func arrayHeader(
    _ bytes: InflatedBytes, _ path: String
  ) throws(DatasetError) -> (name: String, dimensions: [Int], element: Element) {
    let tag = try bytes.read(8)
    guard word(tag, at: 0) == matrix else {
      throw .badHeader(path: path, found: "an element of type \(word(tag, at: 0))", expected: "an array (14)")
    }
    _ = try element(bytes, path)
    let sizes = try element(bytes, path)
    let name = try element(bytes, path)
    let values = try bytes.read(4)
    // A short element has its size and its type in one word, and its values in the next.
    let short = word(values, at: 0) >> 16
    if short == 0 { _ = try bytes.read(4) }
    guard let type = Element(rawValue: word(values, at: 0) & 0xffff), sizes.count % 4 == 0 else {
      throw .badHeader(path: path, found: "values of type \(word(values, at: 0))", expected: "numbers")
    }
    let dimensions = stride(from: 0, to: sizes.count, by: 4).map { Int(word(sizes, at: $0)) }
    return (String(decoding: name, as: UTF8.self), dimensions, type)
  }

  /// Reads a small element as a whole, with the bytes that fill it up to a multiple of eight.
  private static func element(_ bytes: InflatedBytes, _ path: String) throws(DatasetError) -> [UInt8] {
    let tag = try bytes.read(8)
    let short = Int(word(tag, at: 0) >> 16)
    if short > 0 { return Array(tag[4..<4 + min(short, 4)]) }
    let size = Int(word(tag, at: 4))
    guard size <= 1_024 else {
      throw .badHeader(path: path, found: "\(size) bytes of a name", expected: "1024 at most")
    }
    return Array(try bytes.read((size + 7) / 8 * 8).prefix(size))
  }

  private static func word(_ bytes: [UInt8], at place: Int) -> UInt32 {
    bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}

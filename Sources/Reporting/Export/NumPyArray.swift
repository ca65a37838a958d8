import Pictures

/// An array as NumPy stores it (`numpy.lib.format`, version 1.0): little-endian, last index fastest.
package struct NumPyArray: Sendable, Hashable {
  /// The type in NumPy's words: `<f8`.
  package let type: String
  /// The dimensions.
  package let shape: [Int]
  let bytes: [UInt8]

  /// An array of 8-byte floats.
  package init(_ values: [Double], shape: [Int]? = nil) {
    self.init("<f8", values.map(\.bitPattern), shape: shape)
  }

  /// An array of 8-byte integers.
  package init(_ values: [Int]) { self.init("<i8", values, shape: nil) }

  /// An array of 8-byte integers without sign.
  package init(_ values: [UInt64]) { self.init("<u8", values, shape: nil) }

  /// An array of texts, each in as many UTF-32 characters as the longest takes.
  package init(_ values: [String]) {
    let width = max(1, values.map(\.unicodeScalars.count).max() ?? 1)
    let scalars = values.flatMap { text in
      text.unicodeScalars.map(\.value) + [UInt32](repeating: 0, count: width - text.unicodeScalars.count)
    }
    self.init("<U\(width)", scalars, shape: [values.count], width: width)
  }

  /// - Parameter width: values in one element.
  private init<Value: FixedWidthInteger>(_ type: String, _ values: [Value], shape: [Int]?, width: Int = 1) {
    (self.type, self.shape) = (type, shape ?? [values.count])
    precondition(
      self.shape.reduce(width, *) == values.count, "\(values.count) values for \(self.shape) of \(width) each")
    bytes = values.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }

  /// The array as a `.npy` file.
  package var file: [UInt8] {
    let dimensions = shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(dimensions)), }"
    // Magic, version and length are 10 bytes; the data begin at a multiple of 64.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8) + bytes
  }
}

/// Named arrays in one `.npz` file: a ZIP archive of `.npy` files that are not packed (PKWARE's APPNOTE 6.3.10).
package struct NumPyArchive: Sendable {
  /// The largest ZIP file without the 64-bit extension.
  package static let maximumBytes = Int(UInt32.max)

  private var output: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// Creates an empty archive.
  package init() {}

  /// Adds an array under a name of ASCII letters, digits and `_`.
  package mutating func add(_ name: String, _ array: NumPyArray) {
    let file = array.file
    let name = Array("\(name).npy".utf8)
    let noTime: [UInt8] = [0, 0, 0x21, 0]  // 1 January 1980: the same arrays give the same bytes
    // Version needed, flags, method 0 (stored), time, checksum, both sizes, lengths of name and extra field.
    let fields =
      [20, 0, 0, 0, 0, 0] + noTime + Self.four(Int(CRC32.of(file))) + Self.four(file.count) + Self.four(file.count)
      + Self.two(name.count) + [0, 0]
    directory += [0x50, 0x4b, 1, 2, 20, 0] + fields + [UInt8](repeating: 0, count: 10) + Self.four(output.count) + name
    output += [0x50, 0x4b, 3, 4] + fields + name + file
    count += 1
  }

  /// The whole file.
  package var file: [UInt8] {
    output + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + Self.two(count) + Self.two(count)
      + Self.four(directory.count) + Self.four(output.count) + [0, 0]
  }

  private static func two(_ value: Int) -> [UInt8] { [0, 8].map { UInt8(truncatingIfNeeded: value >> $0) } }
  private static func four(_ value: Int) -> [UInt8] { [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) } }
}

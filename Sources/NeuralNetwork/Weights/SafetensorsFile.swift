import Presentation

/// Weight files in the safetensors format: the header's length, a JSON header, the values.
///
/// Source: github.com/huggingface/safetensors, "Format".
package enum SafetensorsFile {
  /// Headers that are longer are not read: they would name more than a hundred thousand tensors.
  static let longestHeader = JSONReader.maximumBytes

  /// Reads all tensors, in the header's order; values of other kinds become Float.
  ///
  /// - Throws: ``SafetensorsError``. Nothing is allocated on the word of a header that the file does not bear out.
  package static func read(_ bytes: [UInt8]) throws(SafetensorsError) -> [Tensor] {
    guard bytes.count >= 8 else { throw .noHeaderLength(fileBytes: bytes.count) }
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(bytes.count - 8, longestHeader)) else {
      throw .headerLength(length, fileBytes: bytes.count)
    }
    let dataStart = 8 + Int(length)
    let entries = try SafetensorsHeader.all(in: bytes[8..<dataStart])
    try check(entries, dataBytes: bytes.count - dataStart)
    return bytes.withUnsafeBytes { all in
      entries.map { entry in
        let count = (entry.end - entry.begin) / entry.element.size
        return Tensor(
          name: entry.name, shape: entry.shape, element: entry.element.isInteger ? .int64 : .float32,
          values: (0..<count).map {
            entry.element.value(all, at: dataStart + entry.begin + $0 * entry.element.size)
          })
      }
    }
  }

  /// Writes tensors; the header has them in the order given.
  package static func write(_ tensors: [Tensor]) -> [UInt8] {
    // The values of the largest elements come first, so that all are aligned.
    let order = tensors.indices.sorted { (tensors[$1].element.size, $0) < (tensors[$0].element.size, $1) }
    var data: [UInt8] = []
    var spans = [(begin: Int, end: Int)](repeating: (0, 0), count: tensors.count)
    for index in order {
      let tensor = tensors[index]
      let begin = data.count
      for value in tensor.values {
        switch tensor.element {
        case .float32: withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        case .int64:
          withUnsafeBytes(of: (Int64(exactly: value.rounded()) ?? 0).littleEndian) { data.append(contentsOf: $0) }
        }
      }
      spans[index] = (begin, data.count)
    }
    var entries = [#""__metadata__":{"format":"pt"}"#]
    for (tensor, span) in zip(tensors, spans) {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(JSONValue.string(tensor.name).compactText):{\"dtype\":\"\(tensor.element.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(span.begin),\(span.end)]}")
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    return length + header + data
  }

  private static func check(_ entries: [SafetensorsHeader], dataBytes: Int) throws(SafetensorsError) {
    for entry in entries {
      guard entry.begin <= entry.end, entry.end <= dataBytes else {
        throw .offsets(name: entry.name, begin: entry.begin, end: entry.end, dataBytes: dataBytes)
      }
      var expected = entry.element.size
      for size in entry.shape {
        let (product, overflow) = expected.multipliedReportingOverflow(by: size)
        guard !overflow else { throw .shape(name: entry.name, found: entry.shape) }
        expected = product
      }
      guard entry.end - entry.begin == expected else {
        throw .size(name: entry.name, bytes: entry.end - entry.begin, expected: expected)
      }
    }
    var (reached, last) = (0, "")
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard entry.begin >= reached else { throw .overlap(name: entry.name, other: last) }
      guard entry.begin == reached else { throw .unused(begin: reached, end: entry.begin) }
      (reached, last) = (entry.end, entry.name)
    }
    guard reached == dataBytes else { throw .unused(begin: reached, end: dataBytes) }
  }
}

extension Tensor.Element {
  /// Bytes of one element in a file.
  fileprivate var size: Int { self == .int64 ? 8 : 4 }
}

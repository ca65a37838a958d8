import Architectures

/// A file of CIFAR-10's binary format: records of one label byte and 32 × 32 pixels of red, green and blue.
struct CIFARFile {
  let path: String
  /// How many records there are.
  let count: Int

  /// The shape of one image.
  static let shape = Shape(3, 32, 32)
  private static let recordBytes = 1 + 3072

  /// Looks at the file's size.
  init(path: String) throws(DatasetError) {
    let source = try ByteSource(path: path)
    self.path = path
    guard !source.isCompressed else {
      throw .wrongFormat(path: path, found: "1f 8b (gzip)", expected: "a label; CIFAR-10's files are not gzipped")
    }
    let bytes = source.capacity
    count = bytes / Self.recordBytes
    guard bytes > 0, bytes % Self.recordBytes == 0 else {
      throw .wrongSize(
        path: path, found: bytes, expected: max(1, count + (bytes % Self.recordBytes == 0 ? 0 : 1)) * Self.recordBytes,
        because: "records of \(Self.recordBytes) bytes")
    }
  }

  /// Copies the first records apart: pixels to `pixels`, labels to the end of `labels`.
  func read(
    first wanted: Int, classes: Int, pixels: UnsafeMutableRawBufferPointer, labels: inout [UInt8]
  ) throws(DatasetError) {
    let source = try ByteSource(path: path)
    let record = try Allocation(byteCount: Self.recordBytes, for: path)
    for index in 0..<wanted {
      guard try source.read(into: record.bytes) == Self.recordBytes else {
        throw .unreadable(path: path, reason: "it was changed while it was read")
      }
      let label = record.bytes[0]
      guard label < classes else {
        throw .labelOutOfRange(path: path, index: index, label: Int(label), classes: classes)
      }
      labels.append(label)
      let target = UnsafeMutableRawBufferPointer(rebasing: pixels[index * 3072..<(index + 1) * 3072])
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: record.bytes[1...]))
    }
  }
}

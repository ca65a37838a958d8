import Architectures

/// A file of CIFAR's binary format: records of one label byte or two and 32 × 32 pixels of red, green and blue.
struct CIFARFile {
  let path: String
  /// How many records there are.
  let count: Int
  /// How many labels a record begins with, and which of them is the class.
  private let labelCount: Int
  private let label: Int

  /// The shape of one image.
  static let shape = Shape(3, 32, 32)
  private var recordBytes: Int { labelCount + Self.shape.count }

  /// Looks at the file's size.
  ///
  /// - Parameters:
  ///   - labelCount: how many labels a record begins with.
  ///   - label: which of them is the class.
  init(path: String, labelCount: Int, label: Int) throws(DatasetError) {
    let source = try ByteSource(path: path)
    self.path = path
    (self.labelCount, self.label) = (labelCount, label)
    guard !source.isCompressed else {
      throw .wrongFormat(path: path, found: "1f 8b (gzip)", expected: "a label; CIFAR's files are not gzipped")
    }
    let (bytes, recordBytes) = (source.capacity, labelCount + Self.shape.count)
    count = bytes / recordBytes
    guard bytes > 0, bytes % recordBytes == 0 else {
      throw .wrongSize(
        path: path, found: bytes, expected: max(1, count + (bytes % recordBytes == 0 ? 0 : 1)) * recordBytes,
        because: "records of \(recordBytes) bytes")
    }
  }

  /// Copies the first records apart: pixels to `pixels`, labels to the end of `labels`.
  func read(
    first wanted: Int, classes: Int, pixels: UnsafeMutableRawBufferPointer, labels: inout [UInt8]
  ) throws(DatasetError) {
    let source = try ByteSource(path: path)
    let record = try Allocation(byteCount: recordBytes, for: path)
    for index in 0..<wanted {
      guard try source.read(into: record.bytes) == recordBytes else {
        throw .unreadable(path: path, reason: "it was changed while it was read")
      }
      let label = record.bytes[self.label]
      guard label < classes else {
        throw .labelOutOfRange(path: path, index: index, label: Int(label), classes: classes)
      }
      labels.append(label)
      let size = Self.shape.count
      let target = UnsafeMutableRawBufferPointer(rebasing: pixels[index * size..<(index + 1) * size])
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: record.bytes[labelCount...]))
    }
  }
}

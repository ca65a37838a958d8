import CZlib

/// The next bytes of a file, which zlib packed (RFC 1950), as they are unpacked.
final class InflatedBytes {
  private let source: ByteSource
  /// How many packed bytes were not read yet.
  private var packedBytes: Int
  private let portion: Allocation
  private var stream = z_stream()
  private var isAtEnd = false

  private static let portionBytes = 1 << 16

  /// Begins to unpack.
  ///
  /// - Parameter packedBytes: how many of the source's bytes are packed.
  init(_ source: ByteSource, packedBytes: Int) throws(DatasetError) {
    (self.source, self.packedBytes) = (source, packedBytes)
    portion = try Allocation(byteCount: Self.portionBytes, for: source.path)
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw .unreadable(path: source.path, reason: "there is no memory to unpack it")
    }
  }

  deinit { inflateEnd(&stream) }

  /// Fills a buffer.
  ///
  /// - Throws: ``DatasetError/badCompression(path:reason:)`` where the bytes are damaged or end before.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) {
    stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(buffer.count)
    while stream.avail_out > 0 {
      guard !isAtEnd else { throw .badCompression(path: source.path, reason: "unexpected end of data") }
      if stream.avail_in == 0 { try refill() }
      let status = inflate(&stream, Z_NO_FLUSH)
      isAtEnd = status == Z_STREAM_END
      guard isAtEnd || status == Z_OK else {
        throw .badCompression(path: source.path, reason: stream.msg.map { String(cString: $0) } ?? "data error")
      }
    }
  }

  /// The next bytes.
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    guard count > 0 else { return [] }
    let bytes = try Allocation(byteCount: count, for: source.path)
    try fill(bytes.bytes)
    return Array(bytes.bytes)
  }

  /// Passes over what is left of the packed bytes.
  func skipRest() throws(DatasetError) {
    while packedBytes > 0 { try refill() }
  }

  /// Reads the next portion of packed bytes.
  private func refill() throws(DatasetError) {
    let wanted = min(packedBytes, Self.portionBytes)
    guard wanted > 0, try source.read(into: .init(rebasing: portion.bytes[..<wanted])) == wanted else {
      throw .badCompression(path: source.path, reason: "unexpected end of file")
    }
    packedBytes -= wanted
    stream.next_in = portion.start(as: UInt8.self)
    stream.avail_in = UInt32(wanted)
  }
}

import Experiments
import Files
import Foundation

/// The bytes of a file in order, unpacked on the way where it is gzipped.
///
/// Only regular files are read, so that a named pipe can't make it wait for ever.
final class ByteSource {
  /// Where the file lies.
  let path: String
  /// The most bytes that can follow: the file's size, or what a gzip container of that size can hold at most.
  let capacity: Int
  /// Whether the file is a gzip container.
  let isCompressed: Bool
  private let descriptor: Int32
  private var unpacking: ChildProcess?

  /// Opens a file.
  ///
  /// - Parameter unpacks: whether a gzip container is unpacked or read as it is.
  init(path: String, unpacks: Bool = true) throws(DatasetError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let reason = systemMessage()
      throw .unreadable(path: path, reason: FileKind(path: path)?.complaint ?? reason)
    }
    var status = stat()
    var magic: [UInt8] = [0, 0]
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path, reason: "not a regular file")
    }
    isCompressed = unpacks && pread(descriptor, &magic, 2, 0) == 2 && magic == [0x1f, 0x8b]
    capacity = isCompressed ? Int(status.st_size) * Self.largestRatio : Int(status.st_size)
    guard isCompressed else { return }
    do { unpacking = try ChildProcess(.gzip, ["-dc"], input: descriptor, for: "unpack \(path)") } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Deflate makes at most 258 bytes of 2 bits (RFC 1951, 3.2.5).
  private static let largestRatio = 1032

  /// Fills the buffer as far as the file goes.
  ///
  /// - Returns: the number of bytes read, less than asked only at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    let source = unpacking?.output ?? descriptor
    var filled = 0
    while filled < buffer.count {
      let count = Foundation.read(source, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: systemMessage())
      }
      if count == 0 {
        try checkContainer()
        break
      }
      filled += count
    }
    return filled
  }

  /// The next bytes; fewer than asked only at the end of the file.
  func read(_ count: Int) throws(DatasetError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // An array's closure can't throw a typed error; a result carries it out.
    let filled = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(DatasetError) in try read(into: buffer) }
    }
    return Array(bytes.prefix(try filled.get()))
  }

  /// Reads on to the end and returns how many bytes that were, but no more than `limit`.
  func countRest(limit: Int) throws(DatasetError) -> Int {
    var total = 0
    while total < limit {
      let count = try read(min(limit - total, 1 << 18)).count
      total += count
      if count == 0 { break }
    }
    return total
  }

  /// Sees, at the end of the unpacked bytes, whether the container was whole.
  private func checkContainer() throws(DatasetError) {
    guard let end = unpacking?.finish(), end.status != 0 else { return }
    let reason = end.message.replacing("gzip: stdin: ", with: "")
    throw .badCompression(path: path, reason: reason.isEmpty ? "gzip failed" : reason)
  }
}

/// What the system says of the last call that failed.
func systemMessage() -> String { String(cString: strerror(errno)) }

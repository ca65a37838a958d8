import Foundation

/// Memory that never moves and is freed with its last owner; written while it is filled, read only from then on.
final class Allocation: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  /// Allocates memory that begins at a cache line.
  ///
  /// - Parameter path: the file that it is for, for the message.
  init(byteCount: Int, for path: String) throws(DatasetError) {
    let limit = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    guard byteCount <= limit, let start = Self.reserve(byteCount) else {
      throw .tooLarge(path: path, bytes: byteCount, limit: limit)
    }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  /// Allocates a copy.
  init<Element: BitwiseCopyable>(copying values: [Element]) {
    let count = values.count * MemoryLayout<Element>.stride
    guard let start = Self.reserve(count) else { preconditionFailure("no memory for \(count) bytes") }
    bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
    values.withUnsafeBytes { bytes.copyMemory(from: $0) }
  }

  deinit { free(bytes.baseAddress) }

  /// Where values of a type begin.
  func start<Element: BitwiseCopyable>(as type: Element.Type) -> UnsafeMutablePointer<Element> {
    guard let base = bytes.baseAddress else { preconditionFailure("an allocation is never empty") }
    return base.assumingMemoryBound(to: type)
  }

  private static func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    var start: UnsafeMutableRawPointer?
    return posix_memalign(&start, 64, max(byteCount, 64)) == 0 ? start : nil
  }
}

import Files
import Foundation

/// A file as it was at one moment: another file in its place, or the same one written to, is not equal.
struct FileIdentity: Sendable, Hashable {
  let url: URL
  private let device: UInt64
  private let inode: UInt64
  /// Bytes.
  let size: Int
  private let modified: Int

  /// Looks at a file; `nil` where there is none.
  init?(_ url: URL) {
    var status = stat()
    guard stat(url.path, &status) == 0 else { return nil }
    self.url = url
    (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
    modified = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
  }

  /// Removes the file, unless another has taken its place.
  ///
  /// - Throws: `FileError`.
  func remove() throws(FileError) {
    guard FileIdentity(url) == self else { return }
    guard unlink(url.path) == 0 || errno == ENOENT else { throw FileError(removing: url.relativePath) }
  }
}

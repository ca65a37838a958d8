import Foundation
import Glibc

/// A folder beside its place that is written into, and that then takes the place in one step: who is killed at any moment
/// leaves the old folder or the new one, and a draft that the next one removes.
package struct FolderDraft {
  /// Where to write.
  package let folder: URL
  private let place: URL

  /// Names a draft, which is not made yet, and removes what dead processes left of theirs.
  package init(for place: URL) {
    self.place = place
    folder = Draft(for: place).url
    for old in Draft.leftovers(of: place, suffix: Self.old) {
      // What can't be moved or removed does no harm.
      if FileManager.default.fileExists(atPath: Self.path(place)) {
        try? FileManager.default.removeItem(at: old)
      } else {
        try? WholeFile.move(old, to: place)
      }
    }
    Draft.sweep(of: place)
  }

  /// Removes the draft.
  package func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Moves the draft to its place; what was there before goes, but for what lies in its folder `keeping`.
  package func takePlace(keeping kept: String? = nil) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: Self.path(place)) else { return try WholeFile.move(folder, to: place) }
    if let kept {
      let older = place.appending(path: kept, directoryHint: .isDirectory)
      if files.fileExists(atPath: Self.path(older)) {
        try files.copyItem(at: older, to: folder.appending(path: kept, directoryHint: .isDirectory))
      }
    }
    try WholeFile.synchronizeTree(folder)
    switch Self.exchange(Self.path(folder), Self.path(place)) {
    case 0:
      try WholeFile.synchronize(place.deletingLastPathComponent())
      remove()  // What was there now has the draft's name.
    // A file system that can't exchange, such as NFS: between two moves the place is empty.
    case EINVAL, ENOSYS, ENOTSUP: try takePlaceByTwoMoves()
    case let code: throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
    }
  }

  /// Moves what was there out of the way first. A kill in between leaves it as `.old`, which the next draft moves back.
  func takePlaceByTwoMoves() throws {
    let files = FileManager.default
    let old = folder.deletingLastPathComponent().appending(path: "\(folder.lastPathComponent)\(Self.old)")
    try files.moveItem(at: place, to: old)
    do {
      try WholeFile.move(folder, to: place)
    } catch {
      try files.moveItem(at: old, to: place)
      throw error
    }
    try files.removeItem(at: old)
  }

  /// Exchanges what two paths name, in one step.
  ///
  /// - Returns: 0, or the number of the system's error; `ENOSYS` where the C library has no way to.
  private static func exchange(_ one: String, _ other: String) -> Int32 {
    // Glibc's header shows renameat2 and RENAME_EXCHANGE, which is 2, only to C with _GNU_SOURCE.
    typealias Function = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return ENOSYS }
    let renameat2 = unsafeBitCast(symbol, to: Function.self)
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, 2) == 0 ? 0 : errno
  }

  /// What the name of a folder that was moved away has behind its draft's.
  private static let old = ".old"

  private static func path(_ url: URL) -> String { url.path(percentEncoded: false) }
}

import Experiments
import Foundation

/// A folder beside a report's place that the report is written into, and that then takes the place in one step: who is
/// killed at any moment leaves the old report or the new one, and a draft that the next one removes.
struct ReportDraft {
  /// Where to write.
  let folder: URL
  private let place: URL

  /// Names a draft, which is not made yet, and removes what dead processes left of theirs.
  init(for place: URL) {
    self.place = place
    let (beside, name) = (place.deletingLastPathComponent(), place.lastPathComponent)
    let process = ProcessInfo.processInfo.processIdentifier
    folder = beside.appending(
      path: ".\(name).\(Self.realm)-\(process).\(UUID().uuidString)", directoryHint: .isDirectory)
    sweep(beside, name)
  }

  /// Removes the draft.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Moves the draft to its place; what was there before goes, but for what lies in its folder `keeping`.
  func takePlace(keeping kept: String) throws {
    let files = FileManager.default
    guard files.fileExists(atPath: Self.path(place)) else {
      try files.moveItem(at: folder, to: place)
      return
    }
    let older = place.appending(path: kept, directoryHint: .isDirectory)
    if files.fileExists(atPath: Self.path(older)) {
      try files.copyItem(at: older, to: folder.appending(path: kept, directoryHint: .isDirectory))
    }
    switch Self.exchange(Self.path(folder), Self.path(place)) {
    case 0: remove()  // What was there now has the draft's name.
    // A file system that can't exchange, such as NFS: between two moves there is no report.
    case EINVAL, ENOSYS, ENOTSUP: try takePlaceByTwoMoves()
    case let code: throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO)
    }
  }

  /// Moves what was there out of the way first. A kill in between leaves it as `.old`, which the next draft moves back.
  func takePlaceByTwoMoves() throws {
    let files = FileManager.default
    let old = folder.deletingLastPathComponent().appending(path: "\(folder.lastPathComponent).old")
    try files.moveItem(at: place, to: old)
    do {
      try files.moveItem(at: folder, to: place)
    } catch {
      try files.moveItem(at: old, to: place)
      throw error
    }
    try files.removeItem(at: old)
  }

  /// Removes drafts of the report whose processes are gone, and moves a report back that one of them had moved away.
  private func sweep(_ beside: URL, _ name: String) {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: Self.path(beside))) ?? []
    for leftover in names where leftover.hasPrefix(".\(name).") {
      let parts = leftover.dropFirst(name.count + 2).split(separator: ".")
      guard let first = parts.first, parts.count <= 3, parts.count == 2 || parts.last == "old",
        parts.dropFirst().first.flatMap({ UUID(uuidString: String($0)) }) != nil
      else { continue }
      let owner = first.split(separator: "-")
      guard owner.count == 2, owner[0] == Self.realm, let process = Int32(owner[1]), process > 0,
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      let folder = beside.appending(path: leftover, directoryHint: .isDirectory)
      // A draft that can't be moved or removed does no harm.
      if parts.count == 3, !files.fileExists(atPath: Self.path(place)) {
        try? files.moveItem(at: folder, to: place)
      } else {
        try? files.removeItem(at: folder)
      }
    }
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

  /// The scope of process numbers: this boot of the machine and this container.
  private static let realm: String = {
    let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    let space = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")) ?? ""
    return String(ContentDigest.hex(of: Array((boot + space).utf8)).prefix(8))
  }()

  private static func path(_ url: URL) -> String { url.path(percentEncoded: false) }
}

import Experiments
import Foundation

/// A folder with a file for each trial: checkpoints of those at work, named by the trial's key; weights of those that
/// have ended, named by the SHA-256 of the file.
package struct TrialFolder: Sendable {
  private let folder: URL
  private let suffix: String

  /// Uses a folder, which need not exist yet.
  ///
  /// - Parameter suffix: what the files' names end with, such as `.safetensors`.
  package init(path: String, suffix: String) {
    folder = URL(filePath: path, directoryHint: .isDirectory)
    self.suffix = suffix
  }

  /// Keeps a trial's file in place of an earlier one: written beside it, forced to the disk, then moved, and the move
  /// forced to the disk too.
  package func save(_ data: Data, key: String) throws {
    let place = file(key)
    // Two processes may hold the same trial for a moment, while one of them learns that it lost it; two workers may end
    // with the same weights, all NaN say.
    let process = ProcessInfo.processInfo.processIdentifier
    let draft = folder.appending(path: ".\(key)\(suffix).\(UUID().uuidString).\(process)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: draft)
      let handle = try FileHandle(forWritingTo: draft)
      try handle.synchronize()
      try handle.close()
      guard rename(draft.path, place.path) == 0 else {
        throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
      }
      try synchronizeFolder()
    } catch {
      // The first error is the one to tell; what is left of a draft helps nobody.
      try? FileManager.default.removeItem(at: draft)
      throw TrialFileFault(path: place.path, reason: SystemReason.of(error))
    }
  }

  /// Forces the names in the folder to the disk; a file system that has no way to is taken as it is.
  private func synchronizeFolder() throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0, errno != EINVAL { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
  }

  /// Removes the drafts that killed processes left behind. Young ones stay: their process may be one of another
  /// container, which can't be seen from here. Old ones go even where a process has that number, which is another one by
  /// then: no draft takes a day to write.
  package func sweep(olderThan seconds: Double = 600, whateverRunsAfter oldSeconds: Double = 86_400) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasPrefix(".") && name.contains(suffix + ".") {
      let draft = folder.appending(path: name)
      let attributes = try? FileManager.default.attributesOfItem(atPath: draft.path)
      guard let process = name.split(separator: ".").last.flatMap({ Int32($0) }),
        let date = attributes?[.modificationDate] as? Date
      else { continue }
      let age = Date.now.timeIntervalSince(date)
      let isGone = kill(process, 0) != 0 && errno == ESRCH
      // What can't be removed is in nobody's way.
      if age > (isGone ? seconds : oldSeconds) { try? FileManager.default.removeItem(at: draft) }
    }
  }

  /// A trial's file; `nil` where there is none.
  package func load(key: String) throws -> Data? {
    FileManager.default.fileExists(atPath: file(key).path) ? try Data(contentsOf: file(key)) : nil
  }

  /// Removes a trial's file, if there is one.
  package func remove(key: String) throws {
    guard FileManager.default.fileExists(atPath: file(key).path) else { return }
    try FileManager.default.removeItem(at: file(key))
  }

  /// Where a trial's file lies, or would lie.
  package func path(key: String) -> String { file(key).path }

  private func file(_ key: String) -> URL { folder.appending(path: key + suffix) }
}

/// Why a trial's file could not be kept.
package struct TrialFileFault: Error, CustomStringConvertible {
  /// The file.
  package let path: String
  /// What the system says.
  package let reason: String

  /// Where, what was found, and how to mend it.
  package var description: String {
    "\(path): can't be written: \(reason). Make room, or let the folder be written to."
  }
}

import Foundation

/// A folder with a file for each trial, named by the trial's key: checkpoints of those at work, weights of those that
/// have ended.
public struct TrialFolder: Sendable {
  private let folder: URL
  private let suffix: String

  /// Uses a folder, which need not exist yet.
  ///
  /// - Parameter suffix: what the files' names end with, such as `.safetensors`.
  public init(path: String, suffix: String) {
    folder = URL(filePath: path, directoryHint: .isDirectory)
    self.suffix = suffix
  }

  /// Keeps a trial's file in place of an earlier one: written beside it, forced to the disk, then moved.
  public func save(_ data: Data, key: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let place = file(key)
    // Two processes may hold the same trial for a moment, while one of them learns that it lost it.
    let draft = folder.appending(path: ".\(key)\(suffix).\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try data.write(to: draft)
      let handle = try FileHandle(forWritingTo: draft)
      try handle.synchronize()
      try handle.close()
      guard rename(draft.path, place.path) == 0 else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: place.path])
      }
    } catch {
      // The first error is the one to tell; what is left of a draft helps nobody.
      try? FileManager.default.removeItem(at: draft)
      throw error
    }
  }

  /// A trial's file; `nil` where there is none.
  public func load(key: String) throws -> Data? {
    FileManager.default.fileExists(atPath: file(key).path) ? try Data(contentsOf: file(key)) : nil
  }

  /// Removes a trial's file, if there is one.
  public func remove(key: String) throws {
    guard FileManager.default.fileExists(atPath: file(key).path) else { return }
    try FileManager.default.removeItem(at: file(key))
  }

  private func file(_ key: String) -> URL { folder.appending(path: key + suffix) }
}

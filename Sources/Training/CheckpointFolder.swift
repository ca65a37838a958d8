import Foundation

/// The folder where running trials keep their checkpoints, a file each, named by the trial's key.
public struct CheckpointFolder: Sendable {
  private let folder: URL

  /// Uses a folder, which need not exist yet.
  public init(path: String) { folder = URL(filePath: path, directoryHint: .isDirectory) }

  /// Keeps a checkpoint in place of an earlier one: written beside it, forced to the disk, then moved.
  public func save(_ checkpoint: Checkpoint, key: String) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let place = file(key)
    // Two processes may hold the same trial for a moment, while one of them learns that it lost it.
    let draft = folder.appending(path: ".\(key).\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try checkpoint.encoded().write(to: draft)
      let handle = try FileHandle(forWritingTo: draft)
      try handle.synchronize()
      try handle.close()
      guard rename(draft.path, place.path) == 0 else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: place.path])
      }
    } catch {
      try? FileManager.default.removeItem(at: draft)
      throw error
    }
  }

  /// The checkpoint of a trial; `nil` where there is none.
  ///
  /// - Throws: where the file can't be read or is damaged.
  public func load(key: String) throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: file(key).path) else { return nil }
    return try Checkpoint(decoding: Data(contentsOf: file(key)))
  }

  /// Removes a trial's checkpoint, if there is one.
  public func remove(key: String) throws {
    guard FileManager.default.fileExists(atPath: file(key).path) else { return }
    try FileManager.default.removeItem(at: file(key))
  }

  private func file(_ key: String) -> URL { folder.appending(path: "\(key).checkpoint") }
}

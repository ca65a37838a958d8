import Files
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

  /// Keeps a trial's file in place of an earlier one, whole.
  ///
  /// - Throws: `FileError`.
  package func save(_ data: Data, key: String) throws {
    try WholeFile.makeFolder(folder)
    // A folder of 100,000 files is not to be listed for each of them: see ``sweep()``.
    try WholeFile.write(data, to: file(key), sweeps: false)
  }

  /// Removes the drafts that killed processes left behind.
  package func sweep() { Draft.sweep(folder) }

  /// The drafts that ``sweep()`` removes.
  package var drafts: [URL] { Draft.leftovers(in: folder) }

  /// A trial's file; `nil` where there is none.
  package func load(key: String) throws -> Data? {
    FileManager.default.fileExists(atPath: file(key).path) ? try Data(contentsOf: file(key)) : nil
  }

  /// Keeps what another folder has of a trial; does nothing where it has no file.
  package func copy(_ key: String, from other: TrialFolder) throws {
    if let file = try other.load(key: key) { try save(file, key: key) }
  }

  /// Removes a trial's file, if there is one.
  package func remove(key: String) throws {
    guard FileManager.default.fileExists(atPath: file(key).path) else { return }
    try FileManager.default.removeItem(at: file(key))
  }

  /// The keys of which there is a file, in order.
  package func keys() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.map { String($0.dropLast(suffix.count)) }
      .sorted()
  }

  /// When a trial's file was written; `nil` where there is none.
  package func date(key: String) -> Date? {
    try? FileManager.default.attributesOfItem(atPath: file(key).path)[.modificationDate] as? Date
  }

  /// Where a trial's file lies, or would lie.
  package func path(key: String) -> String { file(key).path }

  private func file(_ key: String) -> URL { folder.appending(path: key + suffix) }
}

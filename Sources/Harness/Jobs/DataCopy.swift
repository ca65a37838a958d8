import Datasets
import Experiments
import Files
import Foundation

/// Copies of the known data sets on a machine's own disk, made once for all shards that train there.
enum DataCopy {
  /// Copies the folders of some data sets, or finds that it was done.
  ///
  /// - Parameters:
  ///   - data: the data sets and their digests, by which the copies are named; a data set that has no folder is left out.
  ///   - root: where the data sets lie.
  ///   - scratch: a folder on the machine's own disk.
  /// - Returns: the folder to take the data sets from.
  /// - Throws: ``OperationalError`` where there is no room, say.
  static func make(of data: [JobManifest.Data], from root: DataRoot, to scratch: String) throws -> DataRoot {
    let digest = ContentDigest.hex(of: Array(data.map(\.digest).sorted().joined().utf8)).prefix(12)
    // A folder of one's own: in a common one another's copies could be neither written nor trusted.
    let place = URL(filePath: scratch, directoryHint: .isDirectory).appending(
      path: "bench-data-\(getuid())-\(digest)", directoryHint: .isDirectory)
    do {
      try WholeFile.makeFolder(place)
      // One process copies while the others of the machine wait.
      let lock = open(place.appending(path: ".lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      guard lock >= 0 else { throw FileError(path: place.path) }
      defer { close(lock) }
      while flock(lock, LOCK_EX) != 0 {
        guard errno == EINTR else { throw FileError(path: place.path) }
      }
      Draft.sweep(place)
      for name in Set(data.flatMap { KnownDataset.named($0.name)?.folders ?? [] }).sorted() {
        let source = URL(filePath: root.appending(name), directoryHint: .isDirectory)
        let copy = place.appending(path: name, directoryHint: .isDirectory)
        guard FileManager.default.fileExists(atPath: source.path), !FileManager.default.fileExists(atPath: copy.path)
        else { continue }
        try self.copy(source, to: copy)
      }
    } catch {
      throw OperationalError(
        "\(place.path): the data can't be copied here: \(SystemReason.of(error)). Name another folder with --scratch, or "
          + "leave out --copy-data.")
    }
    return DataRoot(option: place.path)
  }

  private static func copy(_ source: URL, to place: URL) throws {
    let draft = Draft(for: place)
    do {
      try WholeFile.makeFolder(draft.url)
      for name in try FileManager.default.contentsOfDirectory(atPath: source.path).sorted() {
        let file = source.appending(path: name)
        let target = file.resolvingSymlinksInPath()
        guard try target.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
        try WholeFile.copy(target, to: draft.url.appending(path: name))
      }
      try WholeFile.move(draft.url, to: place)
    } catch {
      draft.remove()
      throw error
    }
  }
}

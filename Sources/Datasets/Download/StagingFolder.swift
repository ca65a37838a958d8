import Experiments
import Files
import Foundation

/// A folder beside the final one, in which a data set becomes whole before it is moved into place.
///
/// It is locked as long as this object lives, so that two processes do not fetch the same files at once.
final class StagingFolder {
  let path: String
  private let destination: String
  private let lock: Int32

  /// Makes the folder, or takes up the one that an earlier fetch left, and locks it.
  init(path: String, for destination: String) throws(DatasetError) {
    (self.path, self.destination) = (path, destination)
    do { try WholeFile.makeFolder(URL(filePath: path)) } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
    lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw .unwritable(path: path, reason: SystemReason.of()) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw .unwritable(path: path, reason: "another process is fetching the same data set")
    }
  }

  deinit { close(lock) }

  func appending(_ name: String) -> String { "\(path)/\(name)" }

  func remove(_ name: String) throws(DatasetError) {
    guard unlink(appending(name)) == 0 else { throw .unwritable(path: appending(name), reason: SystemReason.of()) }
  }

  /// Moves everything to its destination: the folder in one step, or file by file into a folder that exists.
  func moveIntoPlace() throws(DatasetError) {
    let (staged, place) = (URL(filePath: path), URL(filePath: destination))
    guard FileManager.default.fileExists(atPath: destination) else { return try move(staged, to: place) }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw .unreadable(path: path, reason: SystemReason.of(error))
    }
    for name in names.sorted() {
      try move(staged.appending(path: name), to: place.appending(path: name))
    }
    rmdir(path)
  }

  private func move(_ made: URL, to place: URL) throws(DatasetError) {
    do { try WholeFile.move(made, to: place) } catch { throw .unwritable(path: error.path, reason: error.reason) }
  }
}

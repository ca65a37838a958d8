import Experiments
import Files
import Foundation
import Presentation
import Tracking
import Training

/// The place on a machine's own disk where a shard trains: its live store, checkpoints and weights.
///
/// It begins with what the shard's earlier processes have published, and with what a killed one left on this machine.
package struct ShardWorkspace: Sendable {
  /// What was taken over from earlier processes of the shard.
  package struct TakenOver: Sendable {
    /// Copies in the job folder whose contents were taken over, as they were then.
    var published: [FileIdentity] = []
    /// Something that a person should know, one line each.
    package var notices: [String] = []
  }

  /// The live store.
  package let storePath: String
  /// What the process is called in the job folder.
  let process: String
  let folder: URL
  let shard: Shard
  private let parent: URL
  private let stem: String

  /// Makes the folder.
  ///
  /// - Parameter scratch: a folder on the machine's own disk.
  /// - Throws: ``OperationalError`` where it can't be made.
  package init(_ shard: Shard, scratch: String) throws {
    self.shard = shard
    process = String(UUID().uuidString.prefix(8))
    // The same grid may have been cut into other shards elsewhere.
    stem = "bench-\(ContentDigest.hex(of: Array(shard.job.path.utf8)).prefix(12))-\(shard.index)"
    parent = URL(filePath: scratch, directoryHint: .isDirectory)
    folder = parent.appending(path: "\(stem).\(Draft.owner).\(UUID().uuidString)", directoryHint: .isDirectory)
    storePath = folder.appending(path: "bench.db").path
    do { try WholeFile.makeFolder(folder) } catch {
      throw OperationalError(
        "\(folder.path): can't be made for the shard's live store: \(error.reason). Name a folder on this machine's own "
          + "disk with --scratch.")
    }
  }

  /// Brings into the live store what earlier processes of the shard have left.
  ///
  /// - Parameter store: the live store, which knows the shard's trials.
  /// - Throws: `StoreError` where two processes of the shard disagree on a trial's bits.
  func takeOver(into store: Store) throws -> TakenOver {
    var taken = TakenOver()
    let folders = StoreFolders(store: storePath)
    for copy in shard.folder.stores() {
      // Looked at before: what takes the place meanwhile is another file, which stays.
      guard let identity = FileIdentity(copy), try take(copy.path, .unchanging, into: store, &taken) else { continue }
      taken.published.append(identity)
    }
    copyCheckpoints(from: shard.folder.checkpoints, into: folders.checkpoints)
    for leftover in Draft.abandoned(in: parent, stem: stem) {
      let path = leftover.appending(path: "bench.db").path
      guard FileManager.default.fileExists(atPath: path), try take(path, .readOnly, into: store, &taken) else {
        continue
      }
      let left = StoreFolders(store: path)
      copyCheckpoints(from: left.checkpoints, into: folders.checkpoints)
      for digest in left.weights.keys() { try folders.weights.copy(digest, from: left.weights) }
      try? FileManager.default.removeItem(at: leftover)
    }
    try store.endRunning()
    return taken
  }

  /// Removes it, once everything has been published.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  private func take(
    _ path: String, _ access: Store.Access, into store: Store, _ taken: inout TakenOver
  ) throws -> Bool {
    do {
      _ = try store.mergeResults(from: Store(path: path, access: access))
      return true
    } catch let error as StoreError {
      if case .differentBits = error { throw error }
      taken.notices.append("what an earlier process of the shard left can't be used, and is left as it is: \(error)")
      return false
    }
  }

  /// A file that can't be read costs time, not results: its trial begins anew.
  private func copyCheckpoints(from there: TrialFolder, into own: TrialFolder) {
    for key in there.keys() { try? own.copy(key, from: there) }
  }
}

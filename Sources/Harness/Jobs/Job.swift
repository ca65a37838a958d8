import Experiments
import Files
import Foundation
import Presentation
import Tracking

/// A job folder that was prepared: what every shard, on whatever machine, will read.
package struct Job: Sendable {
  /// The folder.
  package let folder: JobFolder
  /// How the study was cut.
  package let manifest: JobManifest
  /// Whether the folder was there before, with the same work in it.
  package let isOld: Bool

  /// Opens the folder of a job.
  package init(opening folder: JobFolder) throws {
    (self.folder, manifest, isOld) = (folder, try folder.readManifest(), true)
  }

  /// Cuts a study and writes the folder; one that holds the same work stays as it is.
  ///
  /// - Throws: ``OperationalError`` where the folder holds other work or can't be written.
  package init(
    _ prepared: PreparedStudy, _ source: GridSource, plan: JobPlan, in folder: JobFolder, commandLine: [String]
  ) throws {
    let grid = Data(prepared.study.gridText.utf8)
    let manifest = JobManifest(
      study: prepared.study.name, createdAt: Date.now.timeIntervalSince1970, program: Provenance.programVersion,
      numerics: NumericsVersion.current, gridDigest: ContentDigest.hex(of: grid), gridFolder: source.absoluteFolder,
      data: prepared.data, keys: prepared.identity.keys, assignment: plan.assignment.shards,
      loads: plan.assignment.loads)
    if folder.exists {
      let old = try folder.readManifest()
      guard old.isSameWork(as: manifest) else {
        throw OperationalError(
          "\(folder.path): holds another job, of the study \(quoted(old.study)) in \(old.shards) shards; name another "
            + "folder with --job, or remove this one")
      }
      (self.folder, self.manifest, isOld) = (folder, old, true)
      return
    }
    do {
      try WholeFile.makeFolder(folder.logs)
      try WholeFile.write(grid, to: folder.grid)
      try Self.register(prepared, in: folder, commandLine: commandLine)
      // Last, so that a folder with a manifest is whole.
      try JobFolder.writeJSON(manifest.json, to: folder.manifest)
    } catch let error as FileError {
      throw OperationalError(
        "\(folder.path): the job folder can't be written: \(error.reason); name another with --job")
    }
    (self.folder, self.manifest, isOld) = (folder, manifest, false)
  }

  /// Writes the store that merging begins with. It is made on a disk of this machine, since a store needs locks that
  /// network file systems don't always have.
  private static func register(_ prepared: PreparedStudy, in folder: JobFolder, commandLine: [String]) throws {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "bench-job-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let path = scratch.appending(path: "bench.db").path
    let store = try StoreFolders.openStore(path)
    _ = try store.register(
      prepared.study, identity: prepared.identity, environment: Provenance.environment(workers: 1), source: nil,
      commandLine: commandLine)
    try store.close()
    try WholeFile.copy(URL(filePath: path), to: folder.study)
  }

  /// Shards that have not ended, in order.
  ///
  /// - Parameter retriesFailed: whether those whose trials failed count too.
  package func missing(retriesFailed: Bool = false) -> [Int] {
    (0..<manifest.shards).filter { index in
      guard let end = folder.shard(index).end else { return true }
      return retriesFailed && end.hasFailures
    }
  }
}

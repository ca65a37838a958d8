import Experiments
import Files
import Foundation
import Presentation
import Training

/// The folder, on a file system that all machines see, through which a job's parts know of each other.
///
///     manifest.json   grid.json   study.db   jobs.json   slurm.sh   logs/
///     shards/0007/    store-1B2F09C4.db   checkpoints/   weights/   heartbeat.json   done.json
///
/// Every file appears whole, by rename. No store is written here in place: a shard's live store lies on its machine's own
/// disk, and whole copies of it come here. Each process of a shard has a copy of its own, so that a shard that is started
/// twice at the same time loses nothing.
package struct JobFolder: Sendable {
  /// The folder's absolute path.
  package let url: URL

  /// Names a folder, which need not exist.
  package init(_ path: String) {
    url = URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL.absoluteURL
  }

  /// The folder's path, without a slash at its end.
  package var path: String { url.path }

  var manifest: URL { url.appending(path: "manifest.json") }
  var grid: URL { url.appending(path: "grid.json") }
  /// The whole study, with no trial begun.
  var study: URL { url.appending(path: "study.db") }
  var submissions: URL { url.appending(path: "jobs.json") }
  var logs: URL { url.appending(path: "logs", directoryHint: .isDirectory) }

  /// Whether a folder has been prepared here.
  package var exists: Bool { FileManager.default.fileExists(atPath: manifest.path) }

  /// The folder of a shard.
  func shard(_ index: Int) -> ShardFolder {
    let digits = "\(index)"
    let name = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return ShardFolder(url: url.appending(path: "shards/\(name)", directoryHint: .isDirectory), index: index)
  }

  /// Now, by the clock of the folder's file system, which its machines may set differently; this machine's where the folder
  /// can't be written.
  var now: Double {
    let draft = url.appending(path: ".clock-\(UUID().uuidString)")
    defer { unlink(draft.path) }
    guard FileManager.default.createFile(atPath: draft.path, contents: nil), let time = Self.modified(draft) else {
      return Date.now.timeIntervalSince1970
    }
    return time
  }

  /// When a file was written, by the clock of its file system; `nil` where there is none.
  static func modified(_ file: URL) -> Double? {
    var status = stat()
    guard stat(file.path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  /// Reads how the study was cut.
  ///
  /// - Throws: ``OperationalError`` where the folder is none of a job, or the manifest is damaged.
  package func readManifest() throws -> JobManifest {
    guard let json = try Self.readJSON(manifest) else {
      throw OperationalError(
        "\(path): there is no manifest.json here, so this is not a job folder; bench submit script GRID --shards N --job "
          + "\(Shell.quoted(path)) makes one")
    }
    do { return try JobManifest(json: json) } catch let error as JobFileError {
      throw OperationalError("\(manifest.path): \(error); submit the study again, into another folder")
    }
  }

  /// A file's JSON; `nil` where there is no file.
  static func readJSON(_ file: URL) throws -> JSONValue? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do {
      var reader = JSONReader([UInt8](try Data(contentsOf: file)))
      return try reader.read().value
    } catch {
      throw OperationalError("\(file.path): can't be read: \(SystemReason.of(error))")
    }
  }

  static func writeJSON(_ json: JSONValue, to file: URL) throws {
    try WholeFile.write(Data((json.prettyText + "\n").utf8), to: file)
  }
}

/// A shard's part of a job folder.
struct ShardFolder: Sendable {
  let url: URL
  /// From 0.
  let index: Int

  var heartbeat: URL { url.appending(path: "heartbeat.json") }
  var done: URL { url.appending(path: "done.json") }
  /// The checkpoints of trials at work, as ``StoreFolders/checkpoints`` has those of a store.
  var checkpoints: TrialFolder {
    TrialFolder(path: url.appending(path: "checkpoints").path, suffix: StoreFolders.checkpointSuffix)
  }
  /// The weights of trials that have ended, as ``StoreFolders/weights`` has those of a store.
  var weights: TrialFolder {
    TrialFolder(path: url.appending(path: "weights").path, suffix: StoreFolders.weightsSuffix)
  }

  /// How the shard has ended; `nil` where it has not, or where the copy that it speaks of is gone.
  var end: (store: URL, hasFailures: Bool)? {
    guard let json = (try? JobFolder.readJSON(done)).flatMap({ $0 }), let name = json["store"]?.string else {
      return nil
    }
    let store = url.appending(path: name)
    return FileManager.default.fileExists(atPath: store.path) ? (store, json["has_failures"] == .bool(true)) : nil
  }

  /// The copies of stores that the shard's processes have left here, by name.
  func stores() -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasPrefix("store-") && $0.hasSuffix(".db") }.sorted().map { url.appending(path: $0) }
  }

  /// The place of a process's own copy.
  func store(of process: String) -> URL { url.appending(path: "store-\(process).db") }
}

import Experiments
import Files
import Foundation
import Tracking
import Training

/// The folders beside a store. Stores in one folder have folders of their own, named as the stores are.
package struct StoreFolders: Sendable {
  /// The checkpoints of trials at work, by the trials' keys.
  let checkpoints: TrialFolder
  /// Where trials that ended keep their weights, each file named by its own SHA-256.
  let weights: TrialFolder
  /// Where earlier programs kept weights, for all stores of a folder, by the trials' keys.
  private let olderWeights: TrialFolder

  static let checkpointSuffix = ".checkpoint"
  static let weightsSuffix = ".safetensors"

  /// The folders of the store at this path.
  package init(store path: String) {
    let store = URL(filePath: path)
    let folder = store.deletingLastPathComponent()
    func place(_ kind: String, _ suffix: String) -> TrialFolder {
      TrialFolder(path: folder.appending(path: kind).appending(path: store.lastPathComponent).path, suffix: suffix)
    }
    checkpoints = place("checkpoints", Self.checkpointSuffix)
    weights = place("weights", Self.weightsSuffix)
    olderWeights = TrialFolder(path: folder.appending(path: "weights").path, suffix: Self.weightsSuffix)
  }

  /// Opens a store for writing; makes its folder where there is none.
  ///
  /// - Throws: ``OperationalError`` where the folder can't be made, and `StoreError`.
  package static func openStore(_ path: String) throws -> Store {
    let folder = URL(filePath: path).deletingLastPathComponent()
    do {
      try WholeFile.makeFolder(folder)
    } catch {
      throw OperationalError(
        "\(folder.path): can't be made for the store: \(error.reason). Name another place with --db.")
    }
    let store = try Store(path: path, access: .readWrite)
    if folder.lastPathComponent == ".bench" { try keepOutOfGit(folder) }
    return store
  }

  /// Hides the program's own folder from git, so that it makes no working tree dirty.
  private static func keepOutOfGit(_ folder: URL) throws {
    let file = folder.appending(path: ".gitignore")
    guard !FileManager.default.fileExists(atPath: file.path) else { return }
    try WholeFile.write(Data("*\n".utf8), to: file)
  }

  /// Removes what killed processes left behind: half-written files, and checkpoints of trials that ran to their end.
  ///
  /// - Parameter finished: the keys of such trials.
  func sweep(finished: [String]) {
    checkpoints.sweep()
    weights.sweep()
    // What can't be removed is in nobody's way.
    for key in finished { try? checkpoints.remove(key: key) }
  }

  /// Keeps a trained network's weights.
  ///
  /// - Returns: the file's digest, by which the store's row is to name it.
  func keepWeights(_ file: Data) throws -> String {
    let digest = ContentDigest.hex(of: file)
    try weights.save(file, key: digest)
    return digest
  }

  /// The file with a trial's weights, checked against the digest that the store has of it.
  ///
  /// - Parameter warn: hears of a file that can't be checked, because an older program kept no digest of it.
  /// - Throws: ``OperationalError`` where it is not there or not the file that was kept.
  package func weights(of trial: TrialRecord, warn: (String) -> Void) throws -> Data {
    let name = "trial \(trial.key.prefix(12))"
    guard let digest = trial.result?.weightsDigest else {
      guard let file = try olderWeights.load(key: trial.key) else {
        throw OperationalError("\(name): its weights were not kept; train it again with bench run GRID --rerun")
      }
      warn(
        "warning: \(name): an older program kept its weights, and no digest of them, so nobody can tell whether "
          + "\(olderWeights.path(key: trial.key)) is still what it wrote")
      return file
    }
    let path = weights.path(key: digest)
    guard let file = try weights.load(key: digest) else {
      throw OperationalError(
        "\(path): the weights of \(name) are not there any more; copy the file back, or train it again with "
          + "bench run GRID --rerun")
    }
    let found = ContentDigest.hex(of: file)
    guard found == digest else {
      throw OperationalError(
        "\(path): is not the file that \(name) wrote: its SHA-256 is \(found), the store has \(digest); restore a copy, "
          + "or train the trial again with bench run GRID --rerun")
    }
    return file
  }

  /// Whether there is a file that may be a trial's weights.
  func mayHaveWeights(of trial: TrialRecord) -> Bool {
    let path =
      trial.result?.weightsDigest.map { weights.path(key: $0) } ?? olderWeights.path(key: trial.key)
    return FileManager.default.fileExists(atPath: path)
  }
}

import Experiments
import Foundation
import Training

/// The folders beside a store. Stores in one folder have folders of their own, named as the stores are.
struct StoreFolders {
  /// Where trials at work keep what they need to go on, by the trials' keys.
  let checkpoints: TrialFolder
  /// Where trials that ended keep their weights, each file named by its own SHA-256.
  let weights: TrialFolder
  /// Where earlier programs kept weights, for all stores of a folder, by the trials' keys.
  private let olderWeights: TrialFolder

  /// The folders of the store at this path.
  init(store path: String) {
    let store = URL(filePath: path)
    let folder = store.deletingLastPathComponent()
    func place(_ kind: String, _ suffix: String) -> TrialFolder {
      TrialFolder(path: folder.appending(path: kind).appending(path: store.lastPathComponent).path, suffix: suffix)
    }
    checkpoints = place("checkpoints", ".checkpoint")
    weights = place("weights", ".safetensors")
    olderWeights = TrialFolder(path: folder.appending(path: "weights").path, suffix: ".safetensors")
  }

  /// Removes what killed processes left half written.
  func sweep() {
    checkpoints.sweep()
    weights.sweep()
  }

  /// Keeps a trained network's weights.
  ///
  /// - Returns: the file's digest, by which the store's row is to name it.
  func keepWeights(_ file: Data) throws -> String {
    let digest = ContentDigest.hex(of: file)
    try weights.save(file, key: digest)
    return digest
  }

  /// The file with a trial's weights, held against the digest that the store has of it.
  ///
  /// - Throws: ``OperationalError`` where it is not there or not the file that was kept.
  func weights(of trial: TrialRecord) throws -> Data {
    let name = "trial \(trial.key.prefix(12))"
    guard let digest = trial.result?.weightsDigest else {
      guard let file = try olderWeights.load(key: trial.key) else {
        throw OperationalError("\(name): its weights were not kept; train it again with bench run GRID --rerun")
      }
      Terminal.say(
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

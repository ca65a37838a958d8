import Foundation
import Training

/// The folders beside a store.
struct StoreFolders {
  /// Where trials at work keep what they need to go on.
  let checkpoints: TrialFolder
  /// Where trials that ended keep their weights.
  let weights: TrialFolder

  /// The folders of the store at this path.
  init(store path: String) {
    let folder = URL(filePath: path).deletingLastPathComponent()
    checkpoints = TrialFolder(path: folder.appending(path: "checkpoints").path, suffix: ".checkpoint")
    weights = TrialFolder(path: folder.appending(path: "weights").path, suffix: ".safetensors")
  }

  /// Removes what killed processes left half written.
  func sweep() {
    checkpoints.sweep()
    weights.sweep()
  }
}

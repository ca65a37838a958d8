import Architectures
import Experiments
import Foundation
import NeuralNetwork
import Presentation

/// The weight files that a study's configurations start from.
struct StudyWeights: Sendable {
  /// The tensors by the path of their file.
  let tensors: [String: [Tensor]]
  /// What is taken of files that need not fit a network as a whole; one line each.
  let notes: [String]

  /// Reads the files, and enters their digests into the study.
  ///
  /// - Parameter folder: where relative paths begin: the folder of the grid file.
  /// - Throws: ``UsageError`` where a file does not fit a network, or holds NaN or infinity.
  init(_ study: inout Study, relativeTo folder: URL) throws {
    var files: [String: WeightFile] = [:]
    var checked: Set<Use> = []
    var notes: [(text: String, label: String)] = []
    for index in study.configurations.indices {
      let named = study.configurations[index]
      guard let weights = named.resolved.initialWeights else { continue }
      let seeds = weights.isPerSeed ? study.seeds : study.seeds.prefix(1).map { $0 }
      var shares: [(path: String, share: WeightFile.Share)] = []
      for seed in seeds {
        let one = weights.file(ofSeed: seed)
        let file = try files[one.path] ?? WeightFile(URL(filePath: one.path, relativeTo: folder))
        files[one.path] = file
        let use = Use(path: one.path, isStrict: one.isStrict, architecture: named.resolved.architecture)
        if checked.insert(use).inserted {
          let network = try Network(of: named.resolved, dataset: named.dataset)
          try file.load(into: network, strict: one.isStrict)
          try file.checkNumbers()
          if !one.isStrict { shares.append((one.path, try file.share(in: network))) }
        }
        if weights.isPerSeed {
          study.configurations[index].resolved.initialWeights?.digests[seed] = file.digest
        } else {
          study.configurations[index].resolved.initialWeights?.digest = file.digest
        }
      }
      // Files of several seeds that are alike are told of once, by the path that stands for all.
      let areAlike = Set(shares.map(\.share)).count == 1
      for (path, share) in areAlike ? [(weights.path, shares[0].share)] : shares {
        notes.append(("\(PlainText.oneLine(path)): \(share.text)", PlainText.oneLine(named.label)))
      }
    }
    tensors = files.mapValues(\.tensors)
    let isOneNetwork = notes.count < 2 || Set(study.configurations.map(\.resolved.architecture)).count == 1
    self.notes = notes.map { isOneNetwork ? $0.text : "\($0.text) (\($0.label))" }
  }

  /// A file and a network that it must fit.
  private struct Use: Hashable {
    let path: String
    let isStrict: Bool
    let architecture: Architecture
  }
}

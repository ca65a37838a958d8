import Architectures
import Dispatch

extension Study {
  /// The ``Configuration/hash`` of every configuration, in order.
  ///
  /// - Complexity: the text of a network is written once for all configurations that share it, and many configurations
  ///   are hashed on all cores, so this is several times as fast as asking each.
  package func configurationHashes() -> [String] {
    var cache = NetworkCache { (architecture: Architecture) in architecture.canonicalBytes }
    let texts = configurations.map { cache[$0.resolved.architecture] }
    let portion = 500
    return [String](unsafeUninitializedCapacity: configurations.count) { hashes, count in
      nonisolated(unsafe) let hashes = hashes
      DispatchQueue.concurrentPerform(iterations: (texts.count + portion - 1) / portion) { part in
        for index in part * portion..<min(texts.count, (part + 1) * portion) {
          hashes.initializeElement(at: index, to: configurations[index].resolved.hash(networkText: texts[index]))
        }
      }
      count = texts.count
    }
  }
}

extension Configuration {
  /// The keys of the trials of some seeds.
  ///
  /// Where each seed starts from a file of its own, a trial's key is that of a configuration in which all seeds start from
  /// this file: a seed that is added leaves the keys of the others.
  ///
  /// - Parameters:
  ///   - hash: the configuration's.
  ///   - dataDigest: SHA-256 of the data that it trains and is judged on, in hexadecimal.
  package func trialKeys(of seeds: [UInt64], hash: String, dataDigest: String) -> [String] {
    seeds.map { seed in
      var own = hash
      if let initialWeights, initialWeights.isPerSeed {
        var one = self
        one.initialWeights = initialWeights.file(ofSeed: seed)
        own = one.hash
      }
      return Trial.key(configurationHash: own, seed: seed, dataDigest: dataDigest)
    }
  }
}

extension Trial {
  /// What tells a trial from every other: SHA-256, in hexadecimal, over configuration, seed, data and
  /// ``NumericsVersion``.
  ///
  /// - Parameters:
  ///   - configurationHash: hashing the configuration again for each seed would be waste.
  ///   - dataDigest: SHA-256 of the data that it trains and is judged on, in hexadecimal.
  package static func key(configurationHash: String, seed: UInt64, dataDigest: String) -> String {
    let text =
      "{\"configuration\":\"\(configurationHash)\",\"data\":\"\(dataDigest)\",\"numerics\":\(NumericsVersion.current),"
      + "\"seed\":\(seed)}"
    return ContentDigest.hex(of: Array(text.utf8))
  }
}

import Architectures

extension Study {
  /// The ``Configuration/hash`` of every configuration, in order.
  ///
  /// - Complexity: the text of a network is written once for all configurations that share it, so this is several
  ///   times as fast as asking each.
  package func configurationHashes() -> [String] {
    var texts = NetworkCache { (architecture: Architecture) in architecture.canonicalBytes }
    return configurations.map { $0.resolved.hash(networkText: texts[$0.resolved.architecture]) }
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

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

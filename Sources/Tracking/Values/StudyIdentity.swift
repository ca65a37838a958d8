import Experiments

/// The identities of a study's parts, beside the study itself.
package struct StudyIdentity: Sendable, Hashable {
  /// A configuration's identity and its trials'.
  package struct Configuration: Sendable, Hashable {
    /// The configuration's hash.
    package var hash: String
    /// The digest of the data that it learns from.
    package var dataDigest: String
    /// The trials' keys, one per seed.
    package var keys: [String]

    /// Creates an identity.
    package init(hash: String, dataDigest: String, keys: [String]) {
      (self.hash, self.dataDigest, self.keys) = (hash, dataDigest, keys)
    }
  }

  /// One per configuration of the study.
  package var configurations: [Configuration]

  /// Creates an identity.
  package init(configurations: [Configuration]) { self.configurations = configurations }

  /// Computes a study's identity.
  ///
  /// - Parameter dataDigest: The digest of the data that a configuration learns from; asked once per configuration.
  package init(of study: Study, dataDigest: (StudyConfiguration) throws -> String) rethrows {
    configurations = try study.configurations.map { configuration in
      let hash = configuration.resolved.hash
      let digest = try dataDigest(configuration)
      let keys = configuration.resolved.trialKeys(of: study.seeds, hash: hash, dataDigest: digest)
      return Configuration(hash: hash, dataDigest: digest, keys: keys)
    }
  }

  /// Every trial's key, in the order of `Study.trials`.
  package var keys: [String] { configurations.flatMap(\.keys) }
}

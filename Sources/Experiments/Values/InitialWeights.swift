import Architectures

/// A weight file to start from, or one for each seed.
package struct InitialWeights: Hashable, Sendable {
  /// Where the file lies, as the user wrote it: with ``seedPlace`` in it, a file for each seed. Not part of the
  /// configuration's identity.
  package var path: String
  /// Whether file and network must have the same tensors; else those are taken whose names both have. No part of the
  /// identity either: where a strict training is possible, it has the same numbers.
  package var isStrict: Bool
  /// SHA-256 of the file's bytes in hexadecimal, once it was read. It stands for the file in the identity. `nil` where
  /// each seed has a file of its own.
  package var digest: String?
  /// The same of each seed's file, once they were read, where each has one.
  package var digests: [UInt64: String]

  /// What stands in a path for the seed.
  package static let seedPlace = "{seed}"

  /// Creates a reference to a weight file, or to a file for each seed.
  package init(path: String, isStrict: Bool = true, digest: String? = nil, digests: [UInt64: String] = [:]) {
    (self.path, self.isStrict, self.digest, self.digests) = (path, isStrict, digest, digests)
  }

  /// Whether each seed has a file of its own.
  package var isPerSeed: Bool { path.contains(Self.seedPlace) }

  /// The file that a seed's trial starts from.
  package func file(ofSeed seed: UInt64) -> InitialWeights {
    guard isPerSeed else { return self }
    return InitialWeights(
      path: path.replacing(Self.seedPlace, with: "\(seed)"), isStrict: isStrict, digest: digests[seed])
  }

  /// What stands for the file, or the files, in the configuration's identity.
  var identity: OptionValue {
    guard isPerSeed else { return digest.map { .text($0) } ?? .null }
    return .object(Options(Dictionary(uniqueKeysWithValues: digests.map { ("\($0.key)", .text($0.value)) })))
  }
}

extension InitialWeights {
  /// The options of `initial_weights`, where it is an object.
  package static let table = OptionTable(
    "initial_weights", "The weights that a training starts from, after all were drawn as without them.",
    [
      .option(
        "file", .text(4_096),
        "The safetensors file, from the folder of the grid. {seed} in it stands for the seed: a file for each."),
      .option(
        "strict", .boolean, default: .boolean(true),
        "Whether the file must have the network's tensors and no others; false takes those whose names both have, in the same "
          + "shape (load_state_dict)."),
    ])

  /// Makes a reference of the table's checked options.
  init(_ options: Options) { self.init(path: options.text("file"), isStrict: options.boolean("strict")) }
}

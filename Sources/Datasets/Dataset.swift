import Architectures
import Experiments

/// A data set in memory, once for all workers.
package final class Dataset: Sendable {
  /// What it is.
  package let description: DatasetDescription
  /// SHA-256 in hexadecimal over the shape, and over values and labels of the three parts, before normalisation.
  ///
  /// It is that of what is learnt from, before any transform: it does not change with the container of the files or the
  /// classes' names.
  package let digest: String
  /// The examples to train on; floats that are changed in each batch are not normalised yet.
  package let train: ExampleSet
  /// The examples to choose by, which were the last of the training examples; may be empty.
  package let validation: ExampleSet
  /// The examples to be judged by.
  package let test: ExampleSet
  /// The network's input for each byte: 256 values per channel, one channel after the other.
  ///
  /// `(byte / 255 − mean) / std` in single precision, each step rounded, as torchvision's `ToTensor` and `Normalize` do.
  package let byteValues: [Float]
  /// What is done to a training example each time it is used, before normalisation; ``AugmentedBatch`` does it.
  package let augment: [Transform]
  /// How the examples of a training batch are then mixed; ``AugmentedBatch`` does it.
  package let mix: BatchMix?
  /// The normalisation of each channel.
  let normalization: [ChannelNormalization]

  /// Creates a data set from its parts.
  ///
  /// - Parameters:
  ///   - classes: names of the classes, of which the labels are indices.
  ///   - transform: applied to all examples here and now.
  ///   - augment: what is done to training examples when they are used.
  ///   - mix: how the examples of a batch are mixed then.
  ///   - normalization: applied to the floats here and now, to bytes by way of ``byteValues``.
  package init(
    name: String, classes: [String], train: ExampleSet, validation: ExampleSet? = nil, test: ExampleSet,
    transform: [Transform] = [], augment: [Transform] = [], mix: BatchMix? = nil,
    normalization: Normalization? = nil
  ) {
    let sources = [train, validation ?? train[train.count..<train.count], test]
    precondition(sources.allSatisfy { $0.shape == train.shape }, "parts of one shape")
    let parts = sources.map { $0.transformed(by: transform) }
    let (train, validation, test) = (parts[0], parts[1], parts[2])
    description = DatasetDescription(
      name: name, shape: train.shape, classes: classes, trainCount: train.count, validationCount: validation.count,
      testCount: test.count)
    digest = Self.digest(of: sources)
    let channels = (0..<train.channels).map { ChannelNormalization(normalization, channel: $0) }
    (self.augment, self.mix) = (augment, mix)
    self.normalization = channels
    self.train = augment.isEmpty && mix == nil ? train.normalized(by: normalization == nil ? [] : channels) : train
    self.validation = validation.normalized(by: normalization == nil ? [] : channels)
    self.test = test.normalized(by: normalization == nil ? [] : channels)
    byteValues = channels.flatMap { channel in (0..<256).map { channel.applied(to: Float($0) / 255) } }
  }

  private static func digest(of parts: [ExampleSet]) -> String {
    var hash = ContentDigest()
    for part in parts {
      let kind = if case .bytes = part.pixels { "u1" } else { "f4" }
      hash.update(Array("\(kind) \(([part.count] + part.shape.dimensions))\n".utf8))
      hash.update(part.pixelBytes)
      hash.update(part.labelBytes)
    }
    return hash.hex()
  }
}

/// `(x − mean) / std` of one channel; without a normalisation, `x`.
struct ChannelNormalization {
  private let mean: Float
  private let std: Float

  init(_ normalization: Normalization?, channel: Int) {
    func value(_ values: [Double]?, _ none: Float) -> Float {
      guard let values else { return none }
      return Float(values.count == 1 ? values[0] : values[channel])
    }
    mean = value(normalization?.mean, 0)
    std = value(normalization?.std, 1)
  }

  func applied(to value: Float) -> Float { (value - mean) / std }

  /// Normalises so many values.
  func apply(to values: UnsafePointer<Float>, count: Int, into result: UnsafeMutablePointer<Float>) {
    let (mean, std) = (mean, std)
    for index in 0..<count { result[index] = (values[index] - mean) / std }
  }
}

extension ExampleSet {
  /// The set with its floats normalised, in memory of its own; the set itself where it holds bytes.
  fileprivate func normalized(by channels: [ChannelNormalization]) -> ExampleSet {
    guard case .floats(let start) = pixels, !channels.isEmpty else { return self }
    let plane = shape.count / channels.count
    var values: [Float] = []
    values.reserveCapacity(count * shape.count)
    for index in 0..<count * shape.count {
      values.append(channels[index / plane % channels.count].applied(to: start[index]))
    }
    return ExampleSet(shape: shape, floats: values, labels: Array(labelBytes))
  }
}

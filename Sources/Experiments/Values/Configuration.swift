import Architectures

/// All settings of a trial but its seed, with every default resolved and every family and preset lowered to layers.
public struct Configuration: Hashable, Sendable {
  /// What is learnt from.
  public var dataset: DatasetSelection
  /// The network.
  public var architecture: Architecture
  /// What its output is held against.
  public var loss: Loss
  /// How it follows the gradient.
  public var optimizer: Optimizer
  /// How long, in which portions, and when it is evaluated.
  public var training: TrainingSettings
  /// Where the first weights come from; `nil` draws them.
  public var initialWeights: InitialWeights?

  /// Creates a configuration.
  public init(
    dataset: DatasetSelection, architecture: Architecture, loss: Loss = .crossEntropy, optimizer: Optimizer,
    training: TrainingSettings, initialWeights: InitialWeights? = nil
  ) {
    (self.dataset, self.architecture, self.loss) = (dataset, architecture, loss)
    (self.optimizer, self.training, self.initialWeights) = (optimizer, training, initialWeights)
  }
}

/// How long a network trains, in which portions, and when it is evaluated.
public struct TrainingSettings: Hashable, Sendable {
  /// Examples a training step.
  public var batchSize: Int
  /// How long.
  public var length: TrainingLength
  /// Iterations from one evaluation to the next; `nil` is once an epoch. The end is always evaluated.
  public var evaluateEvery: Int?
  /// Which random numbers an evaluation draws.
  public var evaluationDraws: EvaluationDraws

  /// Creates training settings.
  public init(
    batchSize: Int, length: TrainingLength, evaluateEvery: Int? = nil, evaluationDraws: EvaluationDraws = .none
  ) {
    (self.batchSize, self.length) = (batchSize, length)
    (self.evaluateEvery, self.evaluationDraws) = (evaluateEvery, evaluationDraws)
  }

  /// Training steps in one epoch over `examples`; the last, smaller batch counts.
  public func iterationsPerEpoch(examples: Int) -> Int { (examples + batchSize - 1) / batchSize }

  /// Examples in the smallest batch that is trained on.
  public func smallestBatch(examples: Int) -> Int {
    let last = examples % batchSize
    return last > 0 && iterations(examples: examples) >= iterationsPerEpoch(examples: examples) ? last : batchSize
  }

  /// Training steps in all.
  public func iterations(examples: Int) -> Int {
    switch length {
    case .iterations(let count): count
    case .epochs(let count): count * iterationsPerEpoch(examples: examples)
    }
  }
}

/// The length of a training.
public enum TrainingLength: Hashable, Sendable {
  /// So many steps, over as many epochs as that takes.
  case iterations(Int)
  /// So many times through the training set.
  case epochs(Int)
}

/// What an evaluation draws from the trial's random numbers, so that scripts which iterate a test `DataLoader` in the
/// middle of an epoch can be followed number by number.
public enum EvaluationDraws: String, Hashable, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// What iterating a `DataLoader` draws: a base seed.
  case loader
  /// What iterating a `DataLoader(shuffle=True)` draws: a base seed and the sampler's seed.
  case shuffledLoader = "shuffled_loader"
}

/// A weight file to start from.
public struct InitialWeights: Hashable, Sendable {
  /// Where the file lies, as the user wrote it. Not part of the configuration's identity.
  public var path: String
  /// SHA-256 of the file's bytes in hexadecimal, once it was read. It stands for the file in the identity.
  public var digest: String?

  /// Creates a reference to a weight file.
  public init(path: String, digest: String? = nil) { (self.path, self.digest) = (path, digest) }
}

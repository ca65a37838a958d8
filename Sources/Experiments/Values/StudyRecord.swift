import Architectures

/// A study as the store has it: what reports and comparisons are made from.
public struct StudyRecord: Sendable, Hashable {
  /// The study's name.
  public var name: String
  /// Its one line; may be empty.
  public var title: String
  /// Which revision of the study this is, from 1.
  public var revision: Int
  /// When the revision was first run, in seconds since 1970.
  public var createdAt: Double
  /// What varies, in file order.
  public var axes: [Axis]
  /// The points of the grid in file order.
  public var configurations: [ConfigurationRecord]
  /// Where the latest of its trials ran.
  public var environment: Environment?
  /// The code that trained it.
  public var source: Source?

  /// Creates a record.
  public init(
    name: String, title: String, revision: Int, createdAt: Double, axes: [Axis],
    configurations: [ConfigurationRecord], environment: Environment?, source: Source?
  ) {
    (self.name, self.title, self.revision, self.createdAt) = (name, title, revision, createdAt)
    (self.axes, self.configurations) = (axes, configurations)
    (self.environment, self.source) = (environment, source)
  }
}

/// A configuration with its trials.
public struct ConfigurationRecord: Sendable, Hashable {
  /// Name, settings, network and data.
  public var configuration: StudyConfiguration
  /// The first digits of the configuration's hash, or all of them.
  public var hash: String
  /// Learnt values in the network.
  public var parameters: Int
  /// One record per seed, in seed order as the grid has it.
  public var trials: [TrialRecord]

  /// Creates a record.
  public init(configuration: StudyConfiguration, hash: String, parameters: Int, trials: [TrialRecord]) {
    (self.configuration, self.hash) = (configuration, hash)
    (self.parameters, self.trials) = (parameters, trials)
  }
}

/// A trial as the store has it.
public struct TrialRecord: Sendable, Hashable {
  /// The trial's key.
  public var key: String
  /// The seed.
  public var seed: UInt64
  /// Where it stands.
  public var state: TrialState
  /// Why it failed, or at which iteration it diverged.
  public var error: String?
  /// Its evaluations, in order.
  public var evaluations: [Evaluation]
  /// The training loss, batch by batch or thinned: means over runs of iterations, in order; empty where not asked for.
  public var lossCurve: [LossPoint]
  /// What came of it, once it has ended by itself.
  public var result: TrialResult?

  /// Creates a record.
  public init(
    key: String, seed: UInt64, state: TrialState, error: String?, evaluations: [Evaluation],
    lossCurve: [LossPoint], result: TrialResult?
  ) {
    (self.key, self.seed, self.state, self.error) = (key, seed, state, error)
    (self.evaluations, self.lossCurve, self.result) = (evaluations, lossCurve, result)
  }
}

/// The mean training loss over a run of iterations.
public struct LossPoint: Sendable, Hashable {
  /// The last iteration of the run.
  public var iteration: Int
  /// Mean of the batch losses of the run; not finite where one of them was not.
  public var loss: Double

  /// Creates a point.
  public init(iteration: Int, loss: Double) { (self.iteration, self.loss) = (iteration, loss) }
}

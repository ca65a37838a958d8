import Architectures

/// A study as the store has it: what reports and comparisons are made from.
package struct StudyRecord: Sendable, Hashable {
  /// The study's name.
  package var name: String
  /// Its one line; may be empty.
  package var title: String
  /// Which revision of the study this is, from 1.
  package var revision: Int
  /// When the revision was first run, in seconds since 1970.
  package var createdAt: Double
  /// What varies, in file order.
  package var axes: [Axis]
  /// The points of the grid in file order.
  package var configurations: [ConfigurationRecord]
  /// Where the latest of its trials ran.
  package var environment: Environment?
  /// The code that trained it.
  package var source: Source?
  /// Which matrix libraries the trials that have ended ran with.
  package var libraries = MatrixLibraries()
  /// Its grid's tags and notes, and those that were given to it later.
  package var annotations = Annotations()
  /// The tags and notes of its trials, by the trials' keys.
  package var annotatedTrials: [String: Annotations] = [:]
  /// The grid file as it was read, with what `--set` said; empty where nobody asked.
  package var gridText = ""

  /// What its trials are scored by beside loss and accuracy, in the grid's order.
  package var metrics: [ClassificationScore] {
    configurations.lazy.compactMap { $0.configuration.resolved?.metrics }.first { !$0.isEmpty } ?? []
  }

  /// The file that the study was imported from; `nil` where it was trained here.
  package var importedFile: ImportedFile? { ImportedFile(gridText: gridText) }

  /// Creates a record.
  package init(
    name: String, title: String, revision: Int, createdAt: Double, axes: [Axis],
    configurations: [ConfigurationRecord], environment: Environment?, source: Source?
  ) {
    (self.name, self.title, self.revision, self.createdAt) = (name, title, revision, createdAt)
    (self.axes, self.configurations) = (axes, configurations)
    (self.environment, self.source) = (environment, source)
  }
}

/// The matrix libraries that trials ran with, whose rounding the last bits of some networks follow.
package struct MatrixLibraries: Sendable, Hashable {
  /// Version and kind of core of each, in alphabetical order.
  package var names: [String] = []
  /// Trials that went on under one library from where another had brought them: older programs allowed it.
  package var mixedTrials = 0

  /// Nothing is known.
  package init() {}
}

/// A configuration with its trials.
package struct ConfigurationRecord: Sendable, Hashable {
  /// Name and settings, network and data.
  package var configuration: RecordedConfiguration
  /// The first digits of the configuration's hash, or all of them.
  package var hash: String
  /// Learnt values in the network; `nil` where another program trained it.
  package var parameters: Int?
  /// One record per seed, in seed order as the grid has it.
  package var trials: [TrialRecord]

  /// Creates a record.
  package init(configuration: RecordedConfiguration, hash: String, parameters: Int?, trials: [TrialRecord]) {
    (self.configuration, self.hash) = (configuration, hash)
    (self.parameters, self.trials) = (parameters, trials)
  }
}

/// A trial as the store has it.
package struct TrialRecord: Sendable, Hashable {
  /// The trial's key.
  package var key: String
  /// The seed.
  package var seed: UInt64
  /// Where it stands.
  package var state: TrialState
  /// Why it failed, or at which iteration it diverged.
  package var error: String?
  /// Its evaluations, in order.
  package var evaluations: [Evaluation]
  /// The training loss, batch by batch or thinned: means over runs of iterations, in order; empty where not asked for.
  package var lossCurve: [LossPoint]
  /// The learning rates that are stored, in order; empty where not asked for, and without a scheduler.
  package var rateCurve: [RatePoint] = []
  /// What came of it, once it has ended by itself.
  package var result: TrialResult?
  /// Where it ran; `nil` before that, and where nobody asked.
  package var machine: Machine?

  /// Creates a record.
  package init(
    key: String, seed: UInt64, state: TrialState, error: String?, evaluations: [Evaluation],
    lossCurve: [LossPoint], result: TrialResult?
  ) {
    (self.key, self.seed, self.state, self.error) = (key, seed, state, error)
    (self.evaluations, self.lossCurve, self.result) = (evaluations, lossCurve, result)
  }
}

/// The learning rate of a training step.
package struct RatePoint: Sendable, Hashable {
  /// The step, from 1.
  package var iteration: Int
  /// Its learning rate.
  package var rate: Double

  /// Creates a point.
  package init(iteration: Int, rate: Double) { (self.iteration, self.rate) = (iteration, rate) }
}

/// The mean training loss over a run of iterations.
package struct LossPoint: Sendable, Hashable {
  /// The last iteration of the run.
  package var iteration: Int
  /// Mean of the batch losses of the run; not finite where one of them was not.
  package var loss: Double

  /// Creates a point.
  package init(iteration: Int, loss: Double) { (self.iteration, self.loss) = (iteration, loss) }
}

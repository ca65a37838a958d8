import Experiments

/// A study at a glance.
public struct StudySummary: Sendable, Hashable {
  /// The study's name.
  public var name: String
  /// Its one line; may be empty.
  public var title: String
  /// The latest revision, from 1.
  public var revision: Int
  /// Points of the latest revision's grid.
  public var configurations: Int
  /// How many of the latest revision's trials stand where.
  public var counts: [TrialState: Int]
  /// When a command last entered it or one of its trials last gave a sign of life, in seconds since 1970.
  public var lastActivity: Double

  /// Trials of the latest revision.
  public var trials: Int { counts.values.reduce(0, +) }
}

/// A trial that is at work.
public struct RunningTrial: Sendable, Hashable {
  /// The trial's key.
  public var key: String
  /// The study whose command trains it.
  public var study: String
  /// The configuration's label there.
  public var label: String
  /// The seed.
  public var seed: UInt64
  /// All up to this iteration is stored.
  public var iteration: Int
  /// Iterations in all.
  public var iterations: Int
  /// The latest evaluation's accuracy: on the validation examples where there are any, otherwise on the test examples.
  public var accuracy: Double?
  /// The process that trains it.
  public var owner: Owner
  /// When it was taken up, in seconds since 1970.
  public var claimedAt: Double
  /// Its last sign of life, in seconds since 1970.
  public var heartbeatAt: Double
  /// `running`, or `stale` where its process is gone or its lease is over.
  public var state: TrialState
}

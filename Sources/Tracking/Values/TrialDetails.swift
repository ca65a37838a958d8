import Experiments

/// All that the store knows of a trial but its curves.
public struct TrialDetails: Sendable, Hashable {
  /// State, evaluations and result; no loss curve.
  public var record: TrialRecord
  /// Network, data and settings, under the name that the latest study gives them.
  public var configuration: StudyConfiguration
  /// The configuration's hash.
  public var configurationHash: String
  /// Learnt values in the network.
  public var parameters: Int
  /// The digest of the data.
  public var dataDigest: String
  /// Where the trial occurs in the studies' latest revisions.
  public var studies: [Occurrence]
  /// Every execution, first to last.
  public var attempts: [AttemptRecord]

  /// A study that has the trial.
  public struct Occurrence: Sendable, Hashable {
    /// The study's name.
    public var study: String
    /// The configuration's label there.
    public var label: String
  }
}

/// One execution of a trial as the store has it.
public struct AttemptRecord: Sendable, Hashable {
  /// Which execution it is, from 1.
  public var number: Int
  /// Where it stands.
  public var state: TrialState
  /// The process.
  public var owner: Owner
  /// When it was taken up, in seconds since 1970.
  public var claimedAt: Double
  /// Its last sign of life, in seconds since 1970.
  public var heartbeatAt: Double
  /// When it ended, in seconds since 1970.
  public var endedAt: Double?
  /// The iteration that it went on after; 0 where it began anew.
  public var resumedFrom: Int
  /// All up to this iteration was stored.
  public var recorded: Int
  /// The last iteration that it left a checkpoint of.
  public var checkpoint: Int?
  /// Why it failed, or where it diverged.
  public var error: String?
  /// The end of a failed trial's log.
  public var logTail: String?
  /// What came of it, where it ended by itself.
  public var result: TrialResult?
  /// The command's arguments.
  public var commandLine: [String]
  /// Where it ran.
  public var environment: Environment
  /// The code that it ran.
  public var source: Source?
}

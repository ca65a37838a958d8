import Experiments

/// All that the store knows of a trial but its curves.
package struct TrialDetails: Sendable, Hashable {
  /// State, evaluations and result; no loss curve.
  package var record: TrialRecord
  /// Network, data and settings, under the name that the latest study gives them.
  package var configuration: RecordedConfiguration
  /// The configuration's hash.
  package var configurationHash: String
  /// Learnt values in the network; `nil` where another program trained it.
  package var parameters: Int?
  /// The digest of the data.
  package var dataDigest: String
  /// The trial's own tags and notes.
  package var annotations = Annotations()
  /// Where the trial occurs in the studies' latest revisions.
  package var studies: [Occurrence]
  /// Every execution, first to last.
  package var attempts: [AttemptRecord]

  /// A study that has the trial.
  package struct Occurrence: Sendable, Hashable {
    /// The study's name.
    package var study: String
    /// The configuration's label there.
    package var label: String
    /// The tags and notes of the study: its grid's, and those that were given to it later.
    package var annotations = Annotations()
    /// The file that the study was imported from; `nil` where it was trained here.
    package var importedFile: ImportedFile?
  }
}

/// One execution of a trial as the store has it.
package struct AttemptRecord: Sendable, Hashable {
  /// Which execution it is, from 1.
  package var number: Int
  /// Where it stands.
  package var state: TrialState
  /// The process.
  package var owner: Owner
  /// When it was taken up, in seconds since 1970.
  package var claimedAt: Double
  /// Its last sign of life, in seconds since 1970.
  package var heartbeatAt: Double
  /// When it ended, in seconds since 1970.
  package var endedAt: Double?
  /// The iteration that it went on after; 0 where it began anew.
  package var resumedFrom: Int
  /// All up to this iteration was stored.
  package var recorded: Int
  /// The last iteration that it left a checkpoint of.
  package var checkpoint: Int?
  /// Why it failed, or where it diverged.
  package var error: String?
  /// The end of a failed trial's log.
  package var logTail: String?
  /// What came of it, where it ended by itself.
  package var result: TrialResult?
  /// The command's arguments.
  package var commandLine: [String]
  /// Where it ran.
  package var environment: Environment
  /// The code that it ran.
  package var source: Source?
}

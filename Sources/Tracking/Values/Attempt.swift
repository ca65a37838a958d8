import GRDB

/// A command that trains a study's trials, as the store knows it.
package struct Run: Hashable, Sendable {
  /// The study's name.
  package let study: String
  /// The revision that the command trains, from 1.
  package let revision: Int
  /// Whether the command made the revision, because the study was new or its trials or labels had changed.
  package let isNewRevision: Bool
  let id: Int64
}

/// One execution of a trial, held by the process that claimed it.
package struct Attempt: Hashable, Sendable {
  /// The trial's key.
  package let trial: String
  /// Which execution of the trial this is, from 1.
  package let number: Int
  /// The iteration to go on after; 0 begins anew. It may be less than was asked for: the store never lets a trial go on
  /// after an iteration whose measurements it lacks.
  package let resumedFrom: Int
  /// Whether the trial has a result, which stands until this execution ends with another one. Its measurements are kept
  /// back until then, so it has no checkpoint to go on from.
  package let replacesResult: Bool
  /// For how long the claim holds after each sign of life, in seconds.
  package let leaseSeconds: Double
  /// Of the trial's batch losses, every so many-th is stored; 1 stores all. A trial that goes on keeps the interval that
  /// it began with, so that its curve is of one density.
  package let lossInterval: Int
  let id: Int64
  let trialID: Int64
  /// When the trial was taken up, in seconds since 1970. SQLite gives a row number again once its row is gone, so that
  /// the number alone does not say whose the claim is.
  let claimedAt: Double

  /// What a claim's row is known by, as SQL, with ``claim``: the same row, of the same trial, taken up at the same moment,
  /// and still at work.
  static let isClaimed = "id = ? AND trial_id = ? AND number = ? AND claimed_at = ? AND state = 'running'"

  /// The arguments of ``isClaimed``.
  var claim: StatementArguments { [id, trialID, number, claimedAt] }
}

/// A command that trains a study's trials, as the store knows it.
public struct Run: Hashable, Sendable {
  /// The study's name.
  public let study: String
  /// The revision that the command trains, from 1.
  public let revision: Int
  /// Whether the command made the revision, because the study was new or its trials or labels had changed.
  public let isNewRevision: Bool
  let id: Int64
}

/// One execution of a trial, held by the process that claimed it.
public struct Attempt: Hashable, Sendable {
  /// The trial's key.
  public let trial: String
  /// Which execution of the trial this is, from 1.
  public let number: Int
  /// The iteration to go on after; 0 begins anew. It may be less than was asked for: the store never lets a trial go on
  /// after an iteration whose measurements it lacks.
  public let resumedFrom: Int
  /// Whether the trial has a result, which stands until this execution ends with another one. What it measures is kept
  /// back until then, so it has no checkpoint to go on from.
  public let replacesResult: Bool
  /// For how long the claim holds after each sign of life, in seconds.
  public let leaseSeconds: Double
  let id: Int64
  let trialID: Int64
}

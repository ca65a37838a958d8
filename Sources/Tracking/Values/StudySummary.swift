import Experiments

/// A study at a glance.
package struct StudySummary: Sendable, Hashable {
  /// The study's name.
  package var name: String
  /// Its one line; may be empty.
  package var title: String
  /// Its grid's tags and notes, and those that were given to it later.
  package var annotations = Annotations()
  /// The latest revision, from 1.
  package var revision: Int
  /// Points of the latest revision's grid.
  package var configurations: Int
  /// How many of the latest revision's trials stand where.
  package var counts: [TrialState: Int]
  /// When a command last entered it or one of its trials last gave a sign of life, in seconds since 1970.
  package var lastActivity: Double

  /// Trials of the latest revision.
  package var trials: Int { counts.values.reduce(0, +) }
}

/// A trial that is at work.
package struct RunningTrial: Sendable, Hashable {
  /// The trial's key.
  package var key: String
  /// The study whose command trains it.
  package var study: String
  /// The configuration's label there.
  package var label: String
  /// The seed.
  package var seed: UInt64
  /// All up to this iteration is stored.
  package var iteration: Int
  /// Iterations in all.
  package var iterations: Int
  /// The latest evaluation's accuracy: on the validation examples where there are any, otherwise on the test examples.
  package var accuracy: Double?
  /// The process that trains it.
  package var owner: Owner
  /// When it was taken up, in seconds since 1970.
  package var claimedAt: Double
  /// Its last sign of life, in seconds since 1970.
  package var heartbeatAt: Double
  /// `running`, or `stale` where its process is gone or its lease is over.
  package var state: TrialState

  /// Whether nothing may be removed under it: its process may go on, even where it has not been heard of for longer than
  /// its lease. A process that is suspended lives; one that can't be seen from here counts as gone after a day.
  package func mayGoOn(now: Double, seenBy viewer: Owner = .current) -> Bool {
    if state == .running { return true }
    if viewer.knowsGone(owner) { return false }
    return viewer.sees(owner) || now - heartbeatAt < 86_400
  }
}

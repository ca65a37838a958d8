/// The rows and files that go when something is taken out of a store, and what stands against it.
package struct RemovalPlan: Sendable, Hashable {
  /// A revision of a study, or the results of a trial.
  package struct Part: Sendable, Hashable {
    /// The study; of a trial, the one that has it in its latest revision.
    package var study: String
    /// The revision; `nil` for a trial's results.
    package var revision: Int?
    /// The configuration's label, for a trial's results.
    package var label: String?
    /// The seed, for a trial's results.
    package var seed: UInt64?
    /// The trials whose results go.
    package var trials: [String] = []
    /// Trials that stay because other revisions or studies have them too.
    package var sharedTrials = 0
    /// Losses, scores and learning rates.
    package var curveValues = 0
    /// Those of the trials that another program trained.
    package var importedTrials = 0
    /// The trials that go and have tags or a note, and the study where it goes whole and has some.
    package var annotations = 0
    /// The digests of the weight files that no other trial names.
    package var weights: [String] = []
  }

  /// A baseline that was saved of a revision.
  package struct NamedBy: Sendable, Hashable {
    /// The baseline's name.
    package var baseline: String
    /// The study that was saved.
    package var study: String
    /// Its revision.
    package var revision: Int
  }

  /// In the order in which they were asked for.
  package var parts: [Part] = []
  /// The trials among them that processes are at work on.
  package var running: [RunningTrial] = []
  /// The baselines that were saved of revisions among them.
  package var baselines: [NamedBy] = []
}

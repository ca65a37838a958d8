/// What a study came to on one night, when it was compared with a baseline and kept: a point of its history.
package struct Night: Sendable, Hashable {
  /// A number of one configuration, over the seeds that came to their end.
  package struct Value: Sendable, Hashable {
    /// The number's name: `test_accuracy`, `images_per_second` …
    package var metric: String
    /// The mean over seeds.
    package var mean: Double
    /// The standard deviation over seeds; `nil` for one seed.
    package var standardDeviation: Double?
    /// How many seeds.
    package var count: Int

    /// Creates a value.
    package init(metric: String, mean: Double, standardDeviation: Double?, count: Int) {
      (self.metric, self.mean, self.standardDeviation, self.count) = (metric, mean, standardDeviation, count)
    }
  }

  /// A configuration with its numbers.
  package struct Configuration: Sendable, Hashable {
    /// The configuration's hash, by which it is the same one on other nights.
    package var hash: String
    /// Its label on that night.
    package var label: String
    /// One for each metric that any of its seeds has.
    package var values: [Value]

    /// Creates a configuration.
    package init(hash: String, label: String, values: [Value]) {
      (self.hash, self.label, self.values) = (hash, label, values)
    }
  }

  /// When it was recorded, in seconds since 1970.
  package var recordedAt: Double
  /// The study's name.
  package var study: String
  /// Its revision.
  package var revision: Int
  /// The commit of the code that ran, with `+` where something had not been committed; `nil` where it is not known.
  package var commit: String?
  /// Where all of its trials ran; `nil` where it is not known, or where they ran in several places.
  package var machine: Machine?
  /// The version of the engine's numbers; `nil` where it is not known.
  package var numerics: Int?
  /// What it was compared with.
  package var baseline: String
  /// The outcome of the comparison in a word.
  package var verdict: String
  /// In the study's order.
  package var configurations: [Configuration]

  /// Creates a night.
  package init(
    recordedAt: Double, study: String, revision: Int, commit: String?, machine: Machine?, numerics: Int?,
    baseline: String, verdict: String, configurations: [Configuration]
  ) {
    (self.recordedAt, self.study, self.revision, self.commit) = (recordedAt, study, revision, commit)
    (self.machine, self.numerics, self.baseline, self.verdict) = (machine, numerics, baseline, verdict)
    self.configurations = configurations
  }
}

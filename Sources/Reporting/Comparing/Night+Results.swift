import Experiments
import Statistics

extension Night {
  /// A study's results as a night of its history: mean and spread over the seeds that are done, for every metric.
  ///
  /// - Parameters:
  ///   - results: What the study came to.
  ///   - recordedAt: Now, in seconds since 1970.
  ///   - numerics: The version of the engine's numbers; `nil` where it is not known.
  ///   - baseline: What the results were compared with.
  ///   - verdict: The outcome of the comparison in a word.
  public init(results: StudyResults, recordedAt: Double, numerics: Int?, baseline: String, verdict: String) {
    self.init(
      recordedAt: recordedAt, study: results.study, revision: results.revision, commit: results.commit,
      machine: results.machine,
      numerics: numerics, baseline: baseline, verdict: verdict,
      configurations: results.configurations.map { configuration in
        let done = configuration.trials.filter { $0.state == .done }
        return Configuration(
          hash: configuration.hash, label: configuration.label,
          values: ComparedMetric.allCases.compactMap { metric in
            Summary(done.compactMap { $0.values[metric] }).map {
              Value(
                metric: metric.rawValue, mean: $0.mean, standardDeviation: $0.standardDeviation, count: $0.count)
            }
          })
      })
  }
}

import Experiments
import Statistics

/// A study's results, trial by trial: the input of a comparison and the content of a baseline.
package struct StudyResults: Sendable, Hashable {
  /// A configuration with its trials.
  package struct Configuration: Sendable, Hashable {
    /// The label in the study.
    package var label: String
    /// The configuration's hash, by which it is known elsewhere.
    package var hash: String
    /// The digest of the data that it learns from; empty where it is not known.
    package var dataDigest: String
    /// Test examples, of which one is the smallest difference that an accuracy can show; `nil` where it is not known.
    package var testExamples: Int?
    /// Whether another program trained it, so that its hash says nothing of what was trained.
    package var isImported = false
    /// One for each seed.
    package var trials: [Trial]

    /// Creates a configuration.
    package init(label: String, hash: String, dataDigest: String, testExamples: Int? = nil, trials: [Trial]) {
      (self.label, self.hash, self.dataDigest) = (label, hash, dataDigest)
      (self.testExamples, self.trials) = (testExamples, trials)
    }
  }

  /// A trial's numbers.
  package struct Trial: Sendable, Hashable {
    /// The seed.
    package var seed: UInt64
    /// The trial's key: equal keys are equal configurations, seeds, data and versions of the engine's numbers.
    package var key: String?
    /// Where it stands.
    package var state: TrialState
    /// Why it failed.
    package var error: String?
    /// The digest of all its losses and scores, once it has ended.
    package var traceDigest: String?
    /// Where it ran.
    package var machine: Machine?
    /// The matrix library that it ran with, and the kind of core that the library chose its kernels for.
    package var blas: String?
    /// The measurements; only finite numbers of trials that ran to their end.
    package var values: [ComparedMetric: Double]

    /// Creates a trial.
    package init(
      seed: UInt64, key: String? = nil, state: TrialState, error: String? = nil, traceDigest: String? = nil,
      machine: Machine? = nil, blas: String? = nil,
      values: [ComparedMetric: Double]
    ) {
      (self.seed, self.key, self.state, self.error, self.traceDigest) = (seed, key, state, error, traceDigest)
      (self.machine, self.blas, self.values) = (machine, blas, values)
    }

    /// Whether both are one execution: two runs never take the same time to the nanosecond. What another program trained has
    /// no times, and a key that is made of its curves.
    func isSameRun(as other: Trial) -> Bool {
      guard !values.isEmpty, values == other.values, traceDigest == other.traceDigest, state == other.state else {
        return false
      }
      return values[.wallSeconds] != nil || key != nil && key == other.key
    }

    /// Whether it has come to an end that another run can be compared with.
    var hasEnded: Bool { state == .done || state == .diverged }
  }

  /// The study's name.
  package var study: String
  /// Its revision.
  package var revision: Int
  /// The commit of the code that ran, with `+` where something had not been committed; `nil` where it is not known.
  package var commit: String?
  /// In file order.
  package var configurations: [Configuration]
  /// The configurations' short names by hash, as the study's report has them; a baseline's file has none.
  package var names: [String: String] = [:]

  /// Creates results.
  package init(study: String, revision: Int, commit: String?, configurations: [Configuration]) {
    (self.study, self.revision, self.commit, self.configurations) = (study, revision, commit, configurations)
  }

  /// Takes the numbers out of a study's record.
  ///
  /// - Parameters:
  ///   - record: The study.
  ///   - origins: The data and the machine of each trial by its key; where one is missing, so is what depends on it.
  package init(_ record: StudyRecord, origins: [String: (dataDigest: String, environment: Environment?)]) {
    let metric = Metric(record)
    self.init(
      study: record.name, revision: record.revision,
      commit: record.source.map { $0.commit + ($0.isDirty ? "+" : "") },
      configurations: record.configurations.map { row in
        var configuration = Configuration(
          label: row.configuration.label, hash: row.hash,
          dataDigest: row.trials.lazy.compactMap { origins[$0.key]?.dataDigest }.first ?? "",
          testExamples: row.configuration.dataset?.testCount,
          trials: row.trials.map { trial in
            Trial(
              seed: trial.seed, key: trial.key, state: trial.state, error: trial.error,
              traceDigest: trial.result?.traceDigest,
              machine: origins[trial.key]?.environment.map { Machine($0) },
              blas: origins[trial.key]?.environment?.blas,
              values: Self.values(trial, of: row.configuration, metric: metric))
          })
        configuration.isImported = row.configuration.isImported
        return configuration
      })
  }

  /// Whether another program trained it.
  package var isImported: Bool { configurations.contains(where: \.isImported) }

  /// Where all of the done trials ran; `nil` where it is not known, or where they ran in several places.
  package var machine: Machine? {
    let machines = Set(configurations.flatMap(\.trials).filter { $0.state == .done }.map(\.machine))
    return machines.count == 1 ? machines.first ?? nil : nil
  }

  /// Trials that are done or diverged: what another run can be compared with.
  package var endedTrials: Int { configurations.reduce(0) { sum, row in sum + row.trials.count(where: \.hasEnded) } }
  /// Trials that are done, and so have scores.
  package var doneTrials: Int { configurations.reduce(0) { sum, row in sum + row.trials.count { $0.state == .done } } }
  /// What any trial has a value of, in the order in which metrics are listed everywhere.
  var metrics: [ComparedMetric] {
    ComparedMetric.ordered(configurations.lazy.flatMap(\.trials).flatMap(\.values.keys))
  }
  /// All trials.
  package var trialCount: Int { configurations.reduce(0) { $0 + $1.trials.count } }

  private static func values(
    _ record: TrialRecord, of configuration: RecordedConfiguration, metric: Metric
  ) -> [ComparedMetric: Double] {
    guard record.state == .done, let last = record.evaluations.last else { return [:] }
    let best = metric.best(of: record.evaluations)
    let values: [(ComparedMetric, Double?)] = [
      (.trainLoss, last.trainLoss), (.validationLoss, last.validation?.loss),
      (.validationAccuracy, last.validation?.accuracy), (.testLoss, last.test?.loss),
      (.testAccuracy, last.test?.accuracy), (.bestTestAccuracy, best?.test?.accuracy),
      (.wallSeconds, record.result?.wallSeconds), (.cpuSeconds, record.result?.cpuSeconds),
      (.peakBytes, record.result.flatMap { configuration.isImported ? nil : Double($0.peakBytes) }),
      (.imagesPerSecond, record.result?.imagesPerSecond),
    ]
    let scores = ScoredSplit.allCases.flatMap { split in
      (last[split]?.metrics ?? [:]).map { (ComparedMetric.score(split, $0.key), Optional($0.value)) }
    }
    return Dictionary(
      uniqueKeysWithValues: (values + scores).compactMap { metric, value in
        value.flatMap { $0.isFinite ? (metric, $0) : nil }
      })
  }
}

extension Night {
  /// A study's results as a night of its history: mean and spread over the seeds that are done, for every metric.
  ///
  /// - Parameters:
  ///   - results: What the study came to.
  ///   - recordedAt: Now, in seconds since 1970.
  ///   - numerics: The version of the engine's numbers; `nil` where it is not known.
  ///   - baseline: What the results were compared with.
  ///   - verdict: The outcome of the comparison in a word.
  package init(results: StudyResults, recordedAt: Double, numerics: Int?, baseline: String, verdict: String) {
    self.init(
      recordedAt: recordedAt, study: results.study, revision: results.revision, commit: results.commit,
      machine: results.machine,
      numerics: numerics, baseline: baseline, verdict: verdict,
      configurations: results.configurations.map { configuration in
        let done = configuration.trials.filter { $0.state == .done }
        return Configuration(
          hash: configuration.hash, label: configuration.label,
          values: results.metrics.compactMap { metric in
            Summary(done.compactMap { $0.values[metric] }).map {
              Value(
                metric: metric.rawValue, mean: $0.mean, standardDeviation: $0.standardDeviation, count: $0.count)
            }
          })
      })
  }
}

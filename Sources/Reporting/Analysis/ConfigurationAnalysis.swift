import Comparing
import Experiments
import Statistics

/// A configuration with what its seeds say together.
struct ConfigurationAnalysis: Sendable {
  /// The place in the grid file's order.
  let index: Int
  let record: ConfigurationRecord
  /// The name in everything that people see of the report: see `ShortNames`.
  let label: String
  let trials: [TrialAnalysis]
  /// The score of each seed that has one; of seeds whose trials are equal to the last bit, the first alone.
  let scores: [UInt64: Double]
  /// Seeds whose trials are equal to the last bit to an earlier one's, and so are no replicates.
  let repeatedSeeds: [UInt64]
  let score: Summary?
  /// Of the mean, by itself.
  let interval: Interval?
  /// The smallest difference that a score can show: one example.
  let resolution: Double
  /// Other measurements of the replicates.
  let testLoss, trainLoss, validationAccuracy, bestAccuracy, wallSeconds, imagesPerSecond: Summary?
  /// Training steps of the replicates, where training may end early; `nil` where all make the same.
  let iterations: Summary?
  /// What was scored beside loss and accuracy, over the replicates.
  let metrics: [ComparedMetric: Measurement]
  /// The comparison with the best; `nil` for the best itself, and where nothing is compared.
  var comparison: Comparison?

  /// A score's mean and spread over the seeds, and the interval of its mean; the latter is `nil` where there is one seed.
  struct Measurement: Sendable {
    var summary: Summary
    var interval: Interval?
  }

  /// A configuration compared with the one that has the best mean.
  struct Comparison: Sendable {
    /// This one's mean minus the best one's.
    var difference: Double
    /// Holds for all pairs of the study at once; `nil` with too few seeds.
    var interval: Interval?
    /// Corrected for all comparisons and for the best having been picked; `nil` with too few seeds.
    var p: Double?
  }

  init(index: Int, record: ConfigurationRecord, label: String, metric: Metric, options: ReportOptions) {
    (self.index, self.record, self.label) = (index, record, label)
    trials = record.trials.map { TrialAnalysis($0, metric: metric, options: options) }
    let scored = trials.filter { $0.score != nil }
    var digests: Set<String> = []
    let replicates = scored.filter { trial in
      let digest = trial.record.result?.traceDigest ?? ""
      return digest.isEmpty || digests.insert(digest).inserted
    }
    scores = Dictionary(replicates.map { ($0.record.seed, $0.score ?? .nan) }) { first, _ in first }
    let kept = Set(replicates.map(\.record.seed))
    repeatedSeeds = scored.map(\.record.seed).filter { !kept.contains($0) }
    let values = replicates.compactMap(\.score)
    score = Summary(values)
    resolution = metric.resolution(of: record.configuration.dataset)
    interval = Interval.studentT(values, confidence: options.confidence, resolution: resolution)?.cut(to: metric.range)
    func summary(_ value: (TrialAnalysis) -> Double?) -> Summary? { Summary(replicates.compactMap(value)) }
    testLoss = summary { $0.chosen?.test?.loss }
    trainLoss = summary { $0.chosen?.trainLoss.ifMeasured }
    validationAccuracy = summary { $0.chosen?.validation?.accuracy }
    bestAccuracy = summary { $0.best?.test?.accuracy }
    wallSeconds = summary { $0.record.result?.wallSeconds.ifMeasured }
    imagesPerSecond = summary { $0.record.result?.imagesPerSecond.ifMeasured }
    let stopsEarly = record.configuration.resolved?.training.earlyStopping != nil
    iterations = stopsEarly ? summary { $0.record.result.map { Double($0.iterations) } } : nil
    var metrics: [ComparedMetric: Measurement] = [:]
    for score in record.configuration.resolved?.metrics ?? [] {
      for split in ScoredSplit.allCases {
        let values = replicates.compactMap { $0.chosen?[split]?.metrics[score] }.filter(\.isFinite)
        metrics[.score(split, score)] = Summary(values).map {
          Measurement(
            summary: $0,
            interval: Interval.studentT(values, confidence: options.confidence, resolution: 0)?.cut(to: 0...1))
        }
      }
    }
    self.metrics = metrics
  }

  /// The scores in the order of the seeds' trials.
  var orderedScores: [Double] { trials.compactMap { scores[$0.record.seed] } }

  /// Seeds that ended far from the others, where most agree: the mean is then that of no run.
  var farSeeds: [UInt64] {
    guard let score, let deviation = score.standardDeviation, score.count > 3 else { return [] }
    // The median absolute deviation, in standard deviations of a normal distribution.
    let spread = max(1.4826 * quantile(0.5, of: scores.values.map { abs($0 - score.median) }), resolution)
    guard spread > 0, deviation > 5 * spread else { return [] }
    return trials.map(\.record.seed).filter { seed in
      scores[seed].map { abs($0 - score.median) > 10 * spread } ?? false
    }
  }

  /// Trials that ran to their end with a score.
  var finished: Int { trials.count { $0.score != nil } }

  /// Trials that came to an end without a score: they diverged, failed, or their process is gone.
  var lost: Int { trials.count { [.diverged, .failed, .stale].contains($0.record.state) } }

  /// `4 of 6`
  var finishedText: String { "\(finished) of \(trials.count)" }

  /// The value that a path has here; `nil` where it does not vary here.
  func value(of path: String) -> String? {
    record.configuration.settings.first { $0.path == path }?.value
  }
}

extension Metric {
  /// The range of a difference of two mean accuracies: neither mean lies outside of [0, 1], and each about where it was
  /// measured, by Student's intervals for all of so many configurations at once.
  func possible(
    _ first: ConfigurationAnalysis, minus second: ConfigurationAnalysis, among count: Int
  ) -> ClosedRange<Double> {
    guard kind == .accuracy else { return differenceRange }
    func bounds(_ row: ConfigurationAnalysis) -> Interval {
      Interval.studentT(row.orderedScores, ofAll: count, resolution: row.resolution)?.cut(to: range)
        ?? Interval(lower: 0, upper: 1, confidence: 0.95)
    }
    let (a, b) = (bounds(first), bounds(second))
    return max(a.lower - 1, -b.upper)...min(a.upper, 1 - b.lower)
  }
}

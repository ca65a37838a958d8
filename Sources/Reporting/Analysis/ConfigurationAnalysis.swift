import Experiments
import Statistics

/// A configuration with what its seeds say together.
struct ConfigurationAnalysis: Sendable {
  /// The place in the grid file's order.
  let index: Int
  let record: ConfigurationRecord
  /// The label as tables show it: one line, not too long, unlike any other.
  let label: String
  let trials: [TrialAnalysis]
  /// The score of each seed that has one.
  let scores: [UInt64: Double]
  let score: Summary?
  let interval: Interval?
  /// What the trials that have a score measured besides.
  let testLoss, trainLoss, validationAccuracy, bestAccuracy, wallSeconds, imagesPerSecond: Summary?
  /// How this one stands to the best; `nil` where it was not compared.
  var comparison: Comparison?

  /// A configuration held against the one with the best mean.
  struct Comparison: Sendable {
    /// This one's score minus the best one's, over the common seeds.
    var difference: Double
    var interval: Interval?
    /// Corrected over all configurations; 1 for the best itself.
    var p: Double
  }

  init(index: Int, record: ConfigurationRecord, label: String, metric: Metric, options: ReportOptions) {
    (self.index, self.record, self.label) = (index, record, label)
    trials = record.trials.map { TrialAnalysis($0, metric: metric, options: options) }
    let scored = trials.filter { $0.score != nil }
    let values = scored.compactMap(\.score)
    scores = Dictionary(scored.map { ($0.record.seed, $0.score ?? .nan) }) { first, _ in first }
    score = Summary(values)
    interval = Interval.studentT(values, confidence: options.confidence)
    func summary(_ value: (TrialAnalysis) -> Double?) -> Summary? { Summary(scored.compactMap(value)) }
    testLoss = summary { $0.chosen?.test?.loss }
    trainLoss = summary { $0.chosen?.trainLoss }
    validationAccuracy = summary { $0.chosen?.validation?.accuracy }
    bestAccuracy = summary { $0.best?.test?.accuracy }
    wallSeconds = summary { $0.record.result?.wallSeconds }
    imagesPerSecond = summary { $0.record.result?.imagesPerSecond }
  }

  /// `4`, or `4 of 5` where some trials have no score.
  var countText: String {
    scores.count == trials.count ? "\(scores.count)" : "\(scores.count) of \(trials.count)"
  }

  /// The value that a path has here; `nil` where it does not vary here.
  func value(of path: String) -> String? {
    record.configuration.settings.first { $0.path == path }?.value
  }
}

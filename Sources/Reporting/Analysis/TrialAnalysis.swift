import Comparing
import Experiments

/// A trial with the numbers that are shown of it.
struct TrialAnalysis: Sendable {
  let record: TrialRecord
  /// The evaluation that its score is taken from.
  let chosen: Evaluation?
  /// The metric there; only of trials that ran to their end.
  let score: Double?
  /// The evaluation with the best score.
  let best: Evaluation?
  /// The first evaluation at or above the target.
  let target: Evaluation?

  init(_ record: TrialRecord, metric: Metric, options: ReportOptions) {
    self.record = record
    best = metric.best(of: record.evaluations)
    switch options.at {
    case .last: chosen = record.evaluations.last
    case .best: chosen = best
    case .iteration(let iteration): chosen = record.evaluations.first { $0.iteration == iteration }
    }
    let value = chosen.flatMap(metric.value)
    score = record.state == .done && value?.isFinite == true ? value : nil
    target = options.target.flatMap { target in
      record.evaluations.first { ($0.test?.accuracy ?? $0.validation?.accuracy ?? -1) >= target }
    }
  }

  /// A score beside loss and accuracy at the chosen evaluation.
  func value(of metric: ComparedMetric) -> Double? {
    guard case .score(let split, let score) = metric else { return nil }
    return chosen?[split]?.metrics[score]
  }

  /// Seconds until the target: the same share of the trial's time as of its iterations.
  var secondsToTarget: Double? {
    guard let target, let result = record.result, result.iterations > 0, let seconds = result.wallSeconds.ifMeasured
    else { return nil }
    return seconds * Double(target.iteration) / Double(result.iterations)
  }
}

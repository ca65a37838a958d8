import Experiments
import Statistics

/// By how much the means of times and speeds move from one recorded night of a program to the next.
package struct NightSpreads: Sendable {
  /// Nights with a value that are needed before they say anything.
  package static let fewestNights = 6

  private var means: [String: [ComparedMetric: [Double]]] = [:]

  /// Without nights.
  package init() {}

  /// Takes the nights that ran where `results` ran: the same host, processor, `-j` and program; `results` themselves
  /// aside, where they are recorded already.
  ///
  /// - Parameter nights: oldest first.
  package init(_ nights: [Night], comparableWith results: StudyResults) {
    guard let machine = results.machine else { return }
    let own = Night(results: results, recordedAt: 0, numerics: nil, baseline: "", verdict: "").configurations
    for night in nights where night.machine == machine && night.configurations != own {
      for configuration in night.configurations {
        for value in configuration.values {
          if let metric = ComparedMetric(rawValue: value.metric) { add(value.mean, of: configuration.hash, metric) }
        }
      }
    }
  }

  /// Adds the mean of the next night.
  mutating func add(_ mean: Double, of hash: String, _ metric: ComparedMetric) {
    means[hash, default: [:]][metric, default: []].append(mean)
  }

  /// The distance between two nights' means that one of a hundred pairs of equal nights exceeds; `nil` with too few
  /// nights.
  ///
  /// From the median of the steps from night to night, so that a lasting change, which is one step, does not widen what
  /// it is judged by.
  func spread(of hash: String, _ metric: ComparedMetric) -> Double? {
    guard let values = means[hash]?[metric], values.count >= Self.fewestNights else { return nil }
    let steps = zip(values, values.dropFirst()).map { abs($1 - $0) }
    // 1.4826 median absolute steps are the standard deviation of a step, and so of a difference of two nights.
    return StudentT.quantile(0.995, degreesOfFreedom: Double(steps.count - 1)) * 1.4826 * quantile(0.5, of: steps)
  }
}

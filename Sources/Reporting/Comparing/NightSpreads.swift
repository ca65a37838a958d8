import Experiments
import Statistics

/// By how much the means of times and speeds have moved between recorded nights of the same program.
public struct NightSpreads: Sendable {
  /// Nights with a value that are needed before they say anything.
  public static let fewestNights = 5

  private var means: [String: [ComparedMetric: [Double]]] = [:]

  /// Without nights.
  public init() {}

  /// Takes the nights that ran where `results` ran: the same host, processor, `-j` and program.
  public init(_ nights: [Night], comparableWith results: StudyResults) {
    let machine = Night(results: results, recordedAt: 0, numerics: nil, baseline: "", verdict: "").machine
    for night in nights where machine != nil && night.machine == machine {
      for configuration in night.configurations {
        for value in configuration.values {
          if let metric = ComparedMetric(rawValue: value.metric) { add(value.mean, of: configuration.hash, metric) }
        }
      }
    }
  }

  /// Adds a night's mean.
  mutating func add(_ mean: Double, of hash: String, _ metric: ComparedMetric) {
    means[hash, default: [:]][metric, default: []].append(mean)
  }

  /// The distance between two nights' means that one of a hundred pairs of equal nights exceeds; `nil` with too few
  /// nights.
  func spread(of hash: String, _ metric: ComparedMetric) -> Double? {
    guard let values = means[hash]?[metric], values.count >= Self.fewestNights,
      let deviation = standardDeviation(values)
    else { return nil }
    return StudentT.quantile(0.995, degreesOfFreedom: Double(values.count - 1)) * deviation * 2.0.squareRoot()
  }
}

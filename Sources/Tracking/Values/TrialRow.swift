import Experiments

/// A trial at a glance: a row of the view `trials`, with what a table of trials can be filtered by.
package struct TrialRow: Sendable, Hashable {
  /// The study's name.
  package var study: String
  /// The trial's key.
  package var key: String
  /// The configuration's label.
  package var label: String
  /// The configuration's hash.
  package var configuration: String
  /// The seed.
  package var seed: UInt64
  /// Where it stands.
  package var state: TrialState
  /// Learnt values in the network; `nil` where another program trained it.
  package var parameters: Int?
  /// Iterations that are stored.
  package var iterations: Int
  /// Iterations in all.
  package var plannedIterations: Int
  /// Mean of the batch losses before the last evaluation.
  package var trainLoss: Double?
  /// On the validation examples, at the last evaluation.
  package var validation: Score?
  /// On the test examples, at the last evaluation.
  package var test: Score?
  /// On the test examples, at the best evaluation.
  package var bestTestAccuracy: Double?
  /// The iteration of the best evaluation.
  package var bestIteration: Int?
  /// Seconds that it took.
  package var wallSeconds: Double?
  /// Seconds of processor time that it took.
  package var cpuSeconds: Double?
  /// Training examples per second.
  package var imagesPerSecond: Double?
  /// Why it failed, or where it diverged.
  package var error: String?

  /// Whether another program trained it.
  package var isImported: Bool { parameters == nil }
}

extension TrialRow {
  /// The names that ``value(of:)`` knows, those of the view `trials`.
  static let columns = [
    "study", "trial", "label", "configuration", "seed", "state", "parameters", "iterations", "train_loss",
    "validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "best_test_accuracy", "best_iteration",
    "wall_seconds", "cpu_seconds", "images_per_second", "error",
  ]

  /// A column as text; `nil` where it is empty or there is none of that name.
  func value(of column: String) -> String? {
    switch column {
    case "study": study
    case "trial": key
    case "label": label
    case "configuration": configuration
    case "seed": "\(seed)"
    case "state": state.rawValue
    case "parameters": parameters.map { "\($0)" }
    case "iterations": "\(iterations)"
    case "train_loss": trainLoss.map { "\($0)" }
    case "validation_loss": validation.map { "\($0.loss)" }
    case "validation_accuracy": validation?.accuracy.map { "\($0)" }
    case "test_loss": test.map { "\($0.loss)" }
    case "test_accuracy": test?.accuracy.map { "\($0)" }
    case "best_test_accuracy": bestTestAccuracy.map { "\($0)" }
    case "best_iteration": bestIteration.map { "\($0)" }
    case "wall_seconds": wallSeconds.map { "\($0)" }
    case "cpu_seconds": cpuSeconds.map { "\($0)" }
    case "images_per_second": imagesPerSecond.map { "\($0)" }
    case "error": error
    default: nil
    }
  }
}

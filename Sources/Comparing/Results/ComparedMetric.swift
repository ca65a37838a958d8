import Architectures
import Experiments
import Presentation
import Statistics

/// A number of a trial that a comparison can look at, under the name that the store's view `trials` has for it, or for a
/// score that a grid asks for, that of split and score: `test_f1_macro`.
package enum ComparedMetric: Sendable, Hashable {
  /// Mean batch loss since the evaluation before the last.
  case trainLoss
  /// Loss on the validation examples at the last evaluation.
  case validationLoss
  /// Accuracy on the validation examples at the last evaluation, in [0, 1].
  case validationAccuracy
  /// Loss on the test examples at the last evaluation.
  case testLoss
  /// Accuracy on the test examples at the last evaluation, in [0, 1].
  case testAccuracy
  /// Test accuracy at the best evaluation, in [0, 1].
  case bestTestAccuracy
  /// Time from first to last step, in seconds.
  case wallSeconds
  /// Processor time of the same, in seconds.
  case cpuSeconds
  /// Memory at its highest, in bytes.
  case peakBytes
  /// Training examples per second.
  case imagesPerSecond
  /// What a grid asks for beside loss and accuracy, at the last evaluation, in [0, 1].
  case score(ScoredSplit, ClassificationScore)

  /// Whether a larger value is the better one.
  package var higherIsBetter: Bool {
    switch self {
    case .validationAccuracy, .testAccuracy, .bestTestAccuracy, .imagesPerSecond: true
    case .trainLoss, .validationLoss, .testLoss, .wallSeconds, .cpuSeconds, .peakBytes: false
    case .score(_, let score): score.higherIsBetter
    }
  }

  /// Whether it is a time, a speed or memory: these say something of the machine too, so that they are only compared on
  /// the same one, and the seeds of one run share its state, so that no test over seeds means anything.
  package var isCost: Bool {
    switch self {
    case .wallSeconds, .cpuSeconds, .peakBytes, .imagesPerSecond: true
    default: false
    }
  }

  /// Whether the value is worse where other work kept the processor busy.
  var dependsOnLoad: Bool { self == .wallSeconds || self == .imagesPerSecond }

  /// Whether it moves in steps of about one of the test examples.
  var isOfTestImages: Bool {
    switch self {
    case .testAccuracy, .bestTestAccuracy: true
    case .score(.test, let score): score != .expectedCalibrationError
    default: false
    }
  }

  /// Whether it lies in [0, 1] and is shown in percent: an accuracy, or a score beside it.
  package var isShare: Bool {
    switch self {
    case .validationAccuracy, .testAccuracy, .bestTestAccuracy, .score: true
    default: false
    }
  }

  /// `test accuracy`
  package var name: String {
    switch self {
    case .wallSeconds: "wall time"
    case .cpuSeconds: "processor time"
    case .peakBytes: "memory"
    case .imagesPerSecond: "images/s"
    case .score(let split, let score): "\(split.rawValue) \(score.title)"
    default: rawValue.replacing("_", with: " ")
    }
  }

  /// `test accuracy (%)`
  package var title: String {
    switch self {
    case .wallSeconds, .cpuSeconds: "\(name) (s)"
    case .peakBytes: "\(name) (MB)"
    default: isShare ? "\(name) (%)" : name
    }
  }

  /// The unit behind a difference: ` points`
  package var differenceUnit: String {
    switch self {
    case .wallSeconds, .cpuSeconds: " s"
    case .peakBytes: " MB"
    default: isShare ? " points" : ""
    }
  }

  /// The factor from a stored value to the shown one: accuracies are shown in percent, memory in megabytes.
  private var scale: Double { isShare ? 100 : self == .peakBytes ? 1e-6 : 1 }

  /// A value as it is shown, without its unit.
  package func text(_ value: Double) -> String {
    isShare ? NumberText.fixed(value * scale, 2) : NumberText.significant(value * scale)
  }

  /// `96.93 ± 0.12`, or the mean alone where the spread is not known.
  package func text(_ summary: Summary) -> String {
    guard let deviation = summary.standardDeviation else { return text(summary.mean) }
    return isShare
      ? "\(text(summary.mean)) ± \(NumberText.fixed(deviation * scale, 2))"
      : NumberText.spread(summary.mean * scale, deviation * scale)
  }

  /// `[96.74, 97.12]`
  package func text(_ interval: Interval) -> String { "[\(text(interval.lower)), \(text(interval.upper))]" }

  /// A difference as it is shown.
  package func difference(_ value: Double) -> String {
    isShare
      ? NumberText.signed(value * scale, 2) : (value > 0 ? "+" : "") + NumberText.significant(value * scale, 3)
  }
}

extension ComparedMetric: RawRepresentable, CaseIterable {
  /// What every trial may have; the scores that a grid asks for are not among them.
  package static let allCases: [ComparedMetric] = [
    .trainLoss, .validationLoss, .validationAccuracy, .testLoss, .testAccuracy, .bestTestAccuracy, .wallSeconds,
    .cpuSeconds, .peakBytes, .imagesPerSecond,
  ]

  /// The metrics of these that have a value, in the order in which they are listed everywhere.
  package static func ordered(_ metrics: some Sequence<ComparedMetric>) -> [ComparedMetric] {
    let known = Set(metrics)
    return allCases.filter(known.contains)
      + known.subtracting(allCases).sorted { $0.rawValue < $1.rawValue }
  }

  package init?(rawValue name: String) {
    if let metric = Self.allCases.first(where: { $0.rawValue == name }) {
      self = metric
      return
    }
    guard let (split, score) = ScoredSplit.score(named: name) else { return nil }
    self = .score(split, score)
  }

  package var rawValue: String {
    switch self {
    case .trainLoss: "train_loss"
    case .validationLoss: "validation_loss"
    case .validationAccuracy: "validation_accuracy"
    case .testLoss: "test_loss"
    case .testAccuracy: "test_accuracy"
    case .bestTestAccuracy: "best_test_accuracy"
    case .wallSeconds: "wall_seconds"
    case .cpuSeconds: "cpu_seconds"
    case .peakBytes: "peak_bytes"
    case .imagesPerSecond: "images_per_second"
    case .score(let split, let score): split.name(of: score)
    }
  }
}

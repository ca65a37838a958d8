import Experiments
import Presentation

/// A number of a trial that a comparison can look at, under the name that the store's view `trials` has for it.
package enum ComparedMetric: String, Sendable, Hashable, CaseIterable {
  /// Mean batch loss since the evaluation before the last.
  case trainLoss = "train_loss"
  /// Loss on the validation examples at the last evaluation.
  case validationLoss = "validation_loss"
  /// Accuracy on the validation examples at the last evaluation, in [0, 1].
  case validationAccuracy = "validation_accuracy"
  /// Loss on the test examples at the last evaluation.
  case testLoss = "test_loss"
  /// Accuracy on the test examples at the last evaluation, in [0, 1].
  case testAccuracy = "test_accuracy"
  /// Test accuracy at the best evaluation, in [0, 1].
  case bestTestAccuracy = "best_test_accuracy"
  /// Time from first to last step, in seconds.
  case wallSeconds = "wall_seconds"
  /// Processor time of the same, in seconds.
  case cpuSeconds = "cpu_seconds"
  /// Memory at its highest, in bytes.
  case peakBytes = "peak_bytes"
  /// Training examples per second.
  case imagesPerSecond = "images_per_second"

  /// Whether a larger value is the better one.
  package var higherIsBetter: Bool {
    switch self {
    case .validationAccuracy, .testAccuracy, .bestTestAccuracy, .imagesPerSecond: true
    case .trainLoss, .validationLoss, .testLoss, .wallSeconds, .cpuSeconds, .peakBytes: false
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

  /// Whether it is a share of the test examples.
  var isOfTestImages: Bool { self == .testAccuracy || self == .bestTestAccuracy }

  package var isAccuracy: Bool { self == .validationAccuracy || self == .testAccuracy || self == .bestTestAccuracy }

  /// `test accuracy`
  package var name: String {
    switch self {
    case .wallSeconds: "wall time"
    case .cpuSeconds: "processor time"
    case .peakBytes: "memory"
    case .imagesPerSecond: "images/s"
    default: rawValue.replacing("_", with: " ")
    }
  }

  /// `test accuracy (%)`
  package var title: String {
    switch self {
    case .wallSeconds, .cpuSeconds: "\(name) (s)"
    case .peakBytes: "\(name) (MB)"
    default: isAccuracy ? "\(name) (%)" : name
    }
  }

  /// The unit behind a difference: ` points`
  package var differenceUnit: String {
    switch self {
    case .wallSeconds, .cpuSeconds: " s"
    case .peakBytes: " MB"
    default: isAccuracy ? " points" : ""
    }
  }

  /// The factor from a stored value to the shown one: accuracies are shown in percent, memory in megabytes.
  private var scale: Double { isAccuracy ? 100 : self == .peakBytes ? 1e-6 : 1 }

  /// A value as it is shown, without its unit.
  package func text(_ value: Double) -> String {
    isAccuracy ? NumberText.fixed(value * scale, 2) : NumberText.significant(value * scale)
  }

  /// A difference as it is shown.
  package func difference(_ value: Double) -> String {
    isAccuracy
      ? NumberText.signed(value * scale, 2) : (value > 0 ? "+" : "") + NumberText.significant(value * scale, 3)
  }
}

/// A score on the validation examples that decides over a training while it runs.
package enum MonitoredScore: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
  /// The loss; a lower one is better.
  case validationLoss = "validation_loss"
  /// The share of right answers; a higher one is better.
  case validationAccuracy = "validation_accuracy"

  /// The score of an evaluation; `nil` for the accuracy of a reconstruction.
  package func value(loss: Double, accuracy: Double?) -> Double? {
    switch self {
    case .validationLoss: loss
    case .validationAccuracy: accuracy
    }
  }
}

import Experiments

/// What an evaluation measures: the rows of the table `series`.
enum Series: Int, CaseIterable {
  case trainLoss = 0
  case validationLoss, validationAccuracy, testLoss, testAccuracy

  /// The value, or `nil` where it was not measured.
  func value(in evaluation: Evaluation) -> Double? {
    switch self {
    case .trainLoss: evaluation.trainLoss
    case .validationLoss: evaluation.validation?.loss
    case .validationAccuracy: evaluation.validation?.accuracy
    case .testLoss: evaluation.test?.loss
    case .testAccuracy: evaluation.test?.accuracy
    }
  }
}

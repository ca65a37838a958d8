import Experiments

/// What an evaluation measures: the rows of the table `series`.
enum Series: Int, CaseIterable {
  case trainLoss = 0
  case validationLoss, validationAccuracy, testLoss, testAccuracy

  /// The row of the table for the learning rate of each training step, which is no evaluation's: only trials with a
  /// scheduler have one.
  static let learningRateID = 5

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

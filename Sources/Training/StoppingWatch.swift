import Experiments

/// What early stopping remembers of the scores. All of it follows from them, so that no checkpoint holds it.
struct StoppingWatch {
  private let rule: EarlyStopping
  private var best: Double?
  private var evaluationsWithoutGain = 0

  init(_ rule: EarlyStopping) { self.rule = rule }

  /// Whether training ends here.
  var isOver: Bool { evaluationsWithoutGain >= rule.patience }

  /// Takes in the score of an evaluation on the validation examples.
  ///
  /// - Returns: whether it is the best so far.
  mutating func take(_ score: Score) -> Bool {
    guard let value = rule.monitor.value(loss: score.loss, accuracy: score.accuracy), isBetter(value) else {
      evaluationsWithoutGain += 1
      return false
    }
    (best, evaluationsWithoutGain) = (value, 0)
    return true
  }

  private func isBetter(_ value: Double) -> Bool {
    guard let best else { return !value.isNaN }
    return switch rule.monitor {
    case .validationLoss: value < best - rule.smallestGain
    case .validationAccuracy: value > best + rule.smallestGain
    }
  }
}

import Architectures
import Presentation

/// When a training ends before its length: where a score on the validation examples has not got better for some
/// evaluations.
package struct EarlyStopping: Hashable, Sendable {
  /// The score that is watched.
  package var monitor: MonitoredScore
  /// After how many evaluations in a row without a better score training ends.
  package var patience: Int
  /// By how much a score must be better to count.
  package var smallestGain: Double
  /// Whether training ends with the weights of the best score, however it ends.
  package var restoresBest: Bool

  /// Creates a rule.
  package init(
    monitor: MonitoredScore = .validationLoss, patience: Int = 3, smallestGain: Double = 0, restoresBest: Bool = true
  ) {
    (self.monitor, self.patience) = (monitor, patience)
    (self.smallestGain, self.restoresBest) = (smallestGain, restoresBest)
  }

  /// The options of `training.early_stopping`, named as in Lightning and Keras.
  static let table = OptionTable(
    "early_stopping", "Ends a training whose score on the validation examples gets no better.",
    [
      .option(
        "monitor", .choice(MonitoredScore.allCases.map(\.rawValue)), default: .text("validation_loss"),
        "The score that is watched at each evaluation."),
      .option(
        "patience", .integer(1...1_000_000), default: .integer(3),
        "After how many evaluations in a row without a better score training ends."),
      .option(
        "min_delta", .number(NumberRange(0...1_000_000)), default: .number(0),
        "By how much a score must be better to count."),
      .option(
        "restore_best_weights", .boolean, default: .boolean(true),
        "Whether the trial ends with the weights of its best score, which the last evaluation is of then."),
    ])

  /// Makes a rule of checked options.
  init(_ options: Options) {
    self.init(
      monitor: MonitoredScore(rawValue: options.text("monitor")) ?? .validationLoss,
      patience: options.integer("patience"), smallestGain: options.number("min_delta"),
      restoresBest: options.boolean("restore_best_weights"))
  }

  /// All options in the table's order.
  var asOptions: Options {
    Options([
      "monitor": .text(monitor.rawValue), "patience": .integer(patience), "min_delta": .number(smallestGain),
      "restore_best_weights": .boolean(restoresBest),
    ])
  }

  /// The rule in words.
  package var text: String {
    let gain = smallestGain > 0 ? " by more than \(NumberText.exact(smallestGain))" : ""
    let evaluations = patience == 1 ? "one evaluation" : "\(NumberText.count(patience)) evaluations"
    return "after \(evaluations) without a better \(monitor.rawValue.replacing("_", with: " "))\(gain)"
      + (restoresBest ? "; the best weights are kept" : "")
  }
}

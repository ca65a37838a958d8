import Experiments
import Presentation
import Statistics

/// The number that a study's configurations are ranked by.
package struct Metric: Sendable, Hashable {
  /// The examples that it was measured on.
  package enum Split: String, Sendable { case test, validation, training }

  /// The measured quantity.
  package enum Kind: String, Sendable { case accuracy, loss }

  package var split: Split
  package var kind: Kind
  /// The unit of the loss: nats, or nothing for squared errors.
  package var lossUnit: String

  /// Test accuracy where there is one, otherwise the nearest thing that the trials have.
  package init(_ record: StudyRecord) {
    let evaluations = record.configurations.lazy.flatMap(\.trials).compactMap(\.evaluations.last)
    let sample = evaluations.first { $0.test != nil } ?? evaluations.first { $0.validation != nil }
    let score = sample?.test ?? sample?.validation
    split = sample == nil ? .test : sample?.test != nil ? .test : .validation
    if let first = evaluations.first, sample == nil, first.test == nil { split = .training }
    kind = split != .training && (sample == nil || score?.accuracy != nil) ? .accuracy : .loss
    // Nobody knows the loss of another program's trial.
    lossUnit = record.configurations.allSatisfy { $0.configuration.resolved?.loss.isInNats ?? false } ? "nats" : ""
  }

  /// A metric of one's own choice.
  package init(split: Split, kind: Kind, lossUnit: String) {
    (self.split, self.kind, self.lossUnit) = (split, kind, lossUnit)
  }

  package var higherIsBetter: Bool { kind == .accuracy }

  /// `test accuracy`
  package var name: String { "\(split.rawValue) \(kind.rawValue)" }

  /// `test accuracy (%)`
  package var title: String {
    switch kind {
    case .accuracy: "\(name) (%)"
    case .loss: lossUnit.isEmpty ? name : "\(name) (\(lossUnit))"
    }
  }

  /// The unit of a difference.
  package var differenceUnit: String { kind == .accuracy ? "points" : lossUnit }

  /// The factor from a stored value to the shown one: accuracies are stored in [0, 1] and shown in percent.
  package var scale: Double { kind == .accuracy ? 100 : 1 }

  /// The range of possible values.
  package var range: ClosedRange<Double> { kind == .accuracy ? 0...1 : 0 ... .infinity }

  /// The range of possible differences of two values.
  package var differenceRange: ClosedRange<Double> { kind == .accuracy ? -1...1 : -.infinity ... .infinity }

  /// The smallest difference that a value can show: one example of those that it was measured on.
  ///
  /// - Parameter data: the data; `nil` where nobody knows it, and no smallest difference.
  package func resolution(of data: DatasetDescription?) -> Double {
    guard let data else { return 0 }
    let examples = split == .test ? data.testCount : split == .validation ? data.validationCount : 0
    return kind == .accuracy && examples > 0 ? 1 / Double(examples) : 0
  }

  /// The metric's value at an evaluation.
  package func value(_ evaluation: Evaluation) -> Double? {
    switch (split, kind) {
    case (.test, .accuracy): evaluation.test?.accuracy
    case (.test, .loss): evaluation.test?.loss
    case (.validation, .accuracy): evaluation.validation?.accuracy
    case (.validation, .loss): evaluation.validation?.loss
    case (.training, _): evaluation.trainLoss
    }
  }

  /// A stored value as it is shown, without its unit.
  package func text(_ value: Double) -> String {
    kind == .accuracy ? NumberText.fixed(value * 100, 2) : NumberText.significant(value)
  }

  /// A difference of stored values as it is shown.
  package func difference(_ value: Double) -> String {
    kind == .accuracy
      ? NumberText.signed(value * 100, 2) : (value > 0 ? "+" : "") + NumberText.significant(value, 3)
  }

  /// `96.93 ± 0.12`, or the mean alone where the spread is not known.
  package func text(_ summary: Summary) -> String {
    guard let deviation = summary.standardDeviation else { return text(summary.mean) }
    switch kind {
    case .accuracy: return "\(text(summary.mean)) ± \(NumberText.fixed(deviation * 100, 2))"
    case .loss: return NumberText.spread(summary.mean, deviation)
    }
  }

  /// `[−0.35, +0.10]`, for a difference; `[−0.35, < 0]` where the steps of the test decided a sign that the bounds by
  /// themselves leave open.
  package func differenceText(_ interval: Interval) -> String {
    "[\(interval.lower == 0 ? "> 0" : difference(interval.lower)), "
      + "\(interval.upper == 0 ? "< 0" : difference(interval.upper))]"
  }

  /// `[96.74, 97.12]`
  package func text(_ interval: Interval) -> String { "[\(text(interval.lower)), \(text(interval.upper))]" }

  /// The first of the evaluations with the best validation score, or test score where there is no validation.
  package func best(of evaluations: [Evaluation]) -> Evaluation? {
    func score(_ evaluation: Evaluation) -> Double? {
      let score = evaluation.validation ?? evaluation.test
      let value = kind == .accuracy ? score?.accuracy : -(score?.loss ?? evaluation.trainLoss)
      return value?.isNaN == true ? nil : value
    }
    var best: (evaluation: Evaluation, score: Double)?
    for evaluation in evaluations {
      guard let value = score(evaluation) else { continue }
      if best.map({ value > $0.score }) ?? true { best = (evaluation, value) }
    }
    return best?.evaluation
  }
}

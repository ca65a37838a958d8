/// A study with the way to the curves of its trials, which are long: they are read one trial at a time.
package struct StudyCurves: Sendable {
  /// The study.
  package let record: StudyRecord
  private let losses: @Sendable (String) throws -> [LossPoint]
  private let rates: @Sendable (String) throws -> [RatePoint]
  private let spans: @Sendable (String) throws -> [TrialSpan]

  /// Creates the curves of a study.
  ///
  /// - Parameters:
  ///   - record: The study.
  ///   - rates: Gives the learning rates of a trial with a scheduler, and none of another.
  ///   - spans: Gives the executions of a trial by its key: when which iterations were trained.
  ///   - losses: Gives a trial's batch losses by its key.
  package init(
    of record: StudyRecord, rates: @escaping @Sendable (String) throws -> [RatePoint] = { _ in [] },
    spans: @escaping @Sendable (String) throws -> [TrialSpan] = { _ in [] },
    losses: @escaping @Sendable (String) throws -> [LossPoint]
  ) {
    (self.record, self.losses, self.rates, self.spans) = (record, losses, rates, spans)
  }

  /// A trial's curve.
  package struct Curve: Sendable {
    /// `train`, `validation` or `test`.
    package var split: String
    /// `loss`, `accuracy`, `lr` or the name of a score.
    package var metric: String
    /// Iterations with values, in order.
    package var points: [(iteration: Int, value: Double)]
  }

  /// When which iterations of a trial were trained; none where it was never begun.
  package func spans(of trial: TrialRecord) throws -> [TrialSpan] { try spans(trial.key) }

  /// The curves of a trial: its batch losses, then what its evaluations measured, then the learning rates.
  package func of(_ trial: TrialRecord) throws -> [Curve] {
    func curve(_ split: String, _ metric: String, _ value: (Evaluation) -> Double?) -> Curve {
      Curve(
        split: split, metric: metric,
        points: trial.evaluations.compactMap { item in value(item).map { (item.iteration, $0) } })
    }
    let losses = try losses(trial.key).map { (iteration: $0.iteration, value: $0.loss) }
    var curves = [
      Curve(split: "train", metric: "loss", points: losses),
      curve("validation", "loss") { $0.validation?.loss }, curve("validation", "accuracy") { $0.validation?.accuracy },
      curve("test", "loss") { $0.test?.loss }, curve("test", "accuracy") { $0.test?.accuracy },
    ]
    for split in ScoredSplit.allCases {
      let scores = Set(trial.evaluations.flatMap { ($0[split]?.metrics ?? [:]).keys })
      curves += scores.sorted().map { score in curve(split.rawValue, score.name) { $0[split]?.metrics[score] } }
    }
    curves.append(Curve(split: "train", metric: "lr", points: try rates(trial.key).map { ($0.iteration, $0.rate) }))
    return curves.filter { !$0.points.isEmpty }
  }
}

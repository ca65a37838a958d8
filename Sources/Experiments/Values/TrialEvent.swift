import Architectures

/// What a running trial says of itself, in order.
package enum TrialEvent: Sendable, Hashable {
  /// The losses of the batches from iteration `first` (counted from 1) on, one each.
  case batchLosses(first: Int, losses: [Float])
  /// The learning rates of the training steps from iteration `first` on, one each, of a trial with a scheduler; they come
  /// before the losses of the same steps.
  case learningRates(first: Int, rates: [Double])
  /// An evaluation.
  case evaluation(Evaluation)
}

/// What was measured at one iteration.
package struct Evaluation: Sendable, Hashable, Codable {
  /// Training steps done.
  package var iteration: Int
  /// Times through the training set, fractions included.
  package var epoch: Double
  /// Mean of the batch losses since the evaluation before, in nats (or squared units for `mse`); not finite where
  /// the trial diverged.
  package var trainLoss: Double
  /// On the validation examples, where there are any.
  package var validation: Score?
  /// On the test examples.
  package var test: Score?

  /// Creates an evaluation.
  package init(iteration: Int, epoch: Double, trainLoss: Double, validation: Score?, test: Score?) {
    (self.iteration, self.epoch, self.trainLoss) = (iteration, epoch, trainLoss)
    (self.validation, self.test) = (validation, test)
  }
}

/// Loss, accuracy and further scores on one set of examples.
package struct Score: Sendable, Hashable, Codable {
  /// Mean over the examples, in nats for `cross_entropy` and `nll`.
  package var loss: Double
  /// The share of examples whose largest output is their class, in [0, 1]; `nil` for reconstruction.
  package var accuracy: Double?
  /// What the grid asks for beside them, in [0, 1].
  package var metrics: [ClassificationScore: Double]

  /// Creates a score.
  package init(loss: Double, accuracy: Double?, metrics: [ClassificationScore: Double] = [:]) {
    (self.loss, self.accuracy, self.metrics) = (loss, accuracy, metrics)
  }

  /// Reads a score; those of older programs have no metrics.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    loss = try container.decode(Double.self, forKey: .loss)
    accuracy = try container.decodeIfPresent(Double.self, forKey: .accuracy)
    metrics = try container.decodeIfPresent([ClassificationScore: Double].self, forKey: .metrics) ?? [:]
  }
}

extension Evaluation {
  /// The score on the test examples or the validation examples.
  package subscript(split: ScoredSplit) -> Score? {
    get { split == .test ? test : validation }
    set { if split == .test { test = newValue } else { validation = newValue } }
  }
}

/// Examples that an evaluation scores, by their name in stores and files.
package enum ScoredSplit: String, Sendable, Hashable, CaseIterable {
  /// What one chooses by.
  case validation
  /// The test examples.
  case test

  /// The name of a score on these examples: `test_f1_macro`.
  package func name(of score: ClassificationScore) -> String { "\(rawValue)_\(score.name)" }

  /// The examples and the score of such a name; `nil` where it is none.
  package static func score(named name: String) -> (split: ScoredSplit, score: ClassificationScore)? {
    for split in allCases where name.hasPrefix("\(split.rawValue)_") {
      if let score = ClassificationScore(String(name.dropFirst(split.rawValue.count + 1))) { return (split, score) }
    }
    return nil
  }
}

extension TrialEvent {
  /// The last iteration that the event tells of.
  package var lastIteration: Int {
    switch self {
    case .batchLosses(let first, let losses): first + losses.count - 1
    case .learningRates(let first, _): first - 1
    case .evaluation(let evaluation): evaluation.iteration
    }
  }
}

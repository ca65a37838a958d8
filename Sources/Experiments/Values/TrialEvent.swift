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

/// Loss and accuracy on one set of examples.
package struct Score: Sendable, Hashable, Codable {
  /// Mean over the examples, in nats for `cross_entropy` and `nll`.
  package var loss: Double
  /// The share of examples whose largest output is their class, in [0, 1]; `nil` for reconstruction.
  package var accuracy: Double?

  /// Creates a score.
  package init(loss: Double, accuracy: Double?) { (self.loss, self.accuracy) = (loss, accuracy) }
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

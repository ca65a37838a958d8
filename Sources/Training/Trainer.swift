import Datasets
import Experiments
import NeuralNetwork

/// Turns one trial into one result: the same bits each time on one kind of processor.
package struct Trainer: Sendable {
  /// The data, shared by all trials that use it.
  package let dataset: Dataset
  /// Threads inside the trial; they change its speed, never its numbers.
  package let threads: Int

  /// Creates a trainer.
  package init(dataset: Dataset, threads: Int = 1) { (self.dataset, self.threads) = (dataset, threads) }

  /// How a training ended.
  package enum End: Sendable {
    /// It ran to its end; the network's tensors are in PyTorch's layout and order.
    case finished(TrialResult, weights: [Tensor])
    /// It was asked to stop, after this iteration.
    case stopped(iteration: Int)
  }

  /// Trains from the trial's seed, or goes on from a checkpoint, until the end or until it is asked to stop.
  ///
  /// - Parameters:
  ///   - trial: what to train.
  ///   - initialWeights: tensors to start from instead of drawn ones; the draws are made all the same, as PyTorch's
  ///     constructors make them before a `load_state_dict`.
  ///   - checkpoint: where an earlier attempt had come to.
  ///   - hooks: what is told, and asked, on the way.
  /// - Throws: what makes the trial impossible: a network that does not fit, a checkpoint that can't be written.
  package func train(
    _ trial: Trial, initialWeights: [Tensor]? = nil, from checkpoint: Checkpoint? = nil, hooks: TrainingHooks
  ) throws -> End {
    let run = try TrainingRun(
      trial, dataset: dataset, threads: threads, initialWeights: initialWeights, checkpoint: checkpoint)
    return try run.toEnd(hooks)
  }
}

/// What a training tells and asks while it runs. None of it changes a number.
package struct TrainingHooks {
  /// Hears losses and evaluations, in order.
  package var emit: (TrialEvent) -> Void
  /// Whether to stop; asked before every iteration.
  package var shouldStop: () -> Bool
  /// Keeps a checkpoint; `nil` where none is wanted.
  package var save: ((Checkpoint) throws -> Void)?
  /// When a checkpoint is due.
  package var checkpointInterval: CheckpointInterval

  /// Creates hooks.
  package init(
    emit: @escaping (TrialEvent) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false },
    save: ((Checkpoint) throws -> Void)? = nil, checkpointInterval: CheckpointInterval = .seconds(60)
  ) {
    (self.emit, self.shouldStop) = (emit, shouldStop)
    (self.save, self.checkpointInterval) = (save, checkpointInterval)
  }
}

/// When a checkpoint is due.
package enum CheckpointInterval: Sendable, Hashable {
  /// After so many seconds of training.
  case seconds(Double)
  /// After so many iterations.
  case iterations(Int)
}

import Experiments
import Foundation
import NeuralNetwork

/// All that a training needs to go on as if it had not been interrupted, to the same bits.
package struct Checkpoint: Sendable, Equatable {
  /// Iterations done.
  package internal(set) var iteration: Int
  /// Parameters, running statistics, the optimizer's moments and its step count.
  var network: Data
  /// The weights of the best score so far, in the network's own order; empty where training does not end with them.
  var best: [Float] = []
  /// The random number generator.
  var generator: Generator.State
  /// The epoch's order of examples.
  var order: [Int32]
  /// How many examples of the order are used up.
  var position: Int
  /// The loss of every batch so far.
  var losses: [Float]
  /// The evaluations so far.
  var evaluations: [Evaluation]
  /// The times so far.
  var clock: TrialClock
}

extension Checkpoint {
  /// Whose a checkpoint is, and what the bits depend on that it would be gone on with.
  package struct Owner: Sendable, Hashable, Codable {
    /// The trial's key.
    package var trial: String
    /// The version of the engine's numbers.
    package var numerics: Int

    /// The trial's checkpoint as this program would make it.
    package init(trial: String, numerics: Int = NumericsVersion.current) {
      (self.trial, self.numerics) = (trial, numerics)
    }
  }
}

/// Why a checkpoint file can't be used.
package enum CheckpointError: Error, CustomStringConvertible {
  /// The file begins with something else.
  case notACheckpoint
  /// The file is not what was written.
  case damaged
  /// The file belongs to another network or data set.
  case otherTrial(String)

  /// Going on would mix the numbers of two engines.
  case otherNumbers(found: Checkpoint.Owner, expected: Checkpoint.Owner)

  /// What was found and what follows.
  package var description: String {
    switch self {
    case .notACheckpoint: "not a checkpoint file of this program"
    case .damaged: "the checkpoint's digest does not fit its contents"
    case .otherTrial(let what): "the checkpoint is of another trial: \(what)"
    case .otherNumbers(let found, let expected):
      "the checkpoint is of version \(found.numerics) of the engine's numbers; this program has version "
        + "\(expected.numerics)"
    }
  }
}

import Experiments
import Foundation
import NeuralNetwork

/// All that a training needs to go on as if it had not been interrupted, to the same bits.
public struct Checkpoint: Sendable, Equatable {
  /// Iterations done.
  public internal(set) var iteration: Int
  /// Parameters, running statistics, the optimizer's moments and its step count.
  var network: Data
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

/// Why a checkpoint file can't be used.
public enum CheckpointFault: Error, CustomStringConvertible {
  /// The file begins with something else.
  case notACheckpoint
  /// The file is not what was written.
  case damaged
  /// The file belongs to another network or data set.
  case otherTrial(String)

  /// What was found and what follows.
  public var description: String {
    switch self {
    case .notACheckpoint: "not a checkpoint file of this program"
    case .damaged: "the checkpoint's digest does not fit its contents"
    case .otherTrial(let what): "the checkpoint is of another trial: \(what)"
    }
  }
}

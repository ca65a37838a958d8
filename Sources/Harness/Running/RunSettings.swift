import Experiments
import Foundation
import Training

/// How a study is run. Nothing here changes a trial's numbers.
package struct RunSettings: Sendable {
  /// Trials at the same time (default: the processors that the process may use).
  package var workers = MachineProcessors.available()
  /// Threads inside a trial; `nil`: workers without a trial help the others.
  package var threadsPerTrial: Int?
  /// How often a trial at work writes a checkpoint.
  package var checkpointInterval = CheckpointInterval.seconds(60)
  /// The loss of every n-th batch is stored.
  package var lossInterval = 1
  /// Whether the weights of the trained networks are kept.
  package var keepsWeights = true
  /// Seconds after which a trial ends as failed.
  package var timeout: Double?
  /// How many trials are begun at most.
  package var limit: Int?
  /// Whether failed trials are tried again.
  package var retriesFailed = false
  /// Whether all trials are trained again, done ones too.
  package var rerunsAll = false
  /// After how many failed trials no further one is begun.
  package var maximumFailures: Int?
  /// The folder whose event files for TensorBoard are appended to while the trials train.
  package var tensorBoard: URL?
  /// The memory that the trials have to share.
  package var memory = MachineMemory()
  /// The command that the store remembers, the program's name first.
  package var commandLine = CommandLine.arguments

  /// Creates the settings of a plain run.
  package init() {}

  /// The number of threads of each trial, where so many are to be trained.
  package func threads(for trials: Int) -> Int { threadsPerTrial ?? max(1, workers / max(1, trials)) }

  /// The states from which a trial is taken up.
  var statesToTakeUp: Set<TrialState> {
    var states: Set<TrialState> = [.planned, .stale, .cancelled]
    if retriesFailed || rerunsAll { states.insert(.failed) }
    if rerunsAll { states.formUnion([.done, .diverged]) }
    return states
  }
}

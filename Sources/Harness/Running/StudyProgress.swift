import Experiments
import Presentation
import Runner

/// Where a study stands, for a display; it is fed with the pool's events.
package struct StudyProgress: Sendable {
  /// One trial at work.
  package struct Running: Sendable {
    let label: String
    let seed: UInt64
    /// The iterations of the whole trial.
    package let iterations: Int
    let batchSize: Int
    let startedAt: Double
    /// The last iteration that was heard of.
    package fileprivate(set) var iteration = 0
    /// The iteration after which this attempt began: 0, or that of a checkpoint.
    fileprivate var firstIteration: Int?
    /// Mean of the losses in the last event.
    package fileprivate(set) var loss: Double?
    /// The learning rate of the last step that was heard of, where a scheduler changes it.
    package fileprivate(set) var learningRate: Double?
    /// Of the last evaluation: on the validation examples where there are any, otherwise on the test examples.
    package fileprivate(set) var accuracy: Double?

    /// Label and seed.
    package var name: String { "\(label) · seed \(seed)" }

    /// The name in exactly so many columns; where it is too long the label is cut, since several trials share it.
    package func name(columns: Int) -> String {
      let end = " · seed \(seed)"
      return name.terminalColumns <= columns || columns < end.terminalColumns + 4
        ? TerminalText.fitted(name, columns) : TerminalText.fitted(label, columns - end.terminalColumns) + end
    }

    /// Training examples per second in this attempt.
    package func imagesPerSecond(at now: Double) -> Double {
      now > startedAt ? Double((iteration - (firstIteration ?? 0)) * batchSize) / (now - startedAt) : 0
    }

    /// Seconds until the trial ends; `nil` before its first iteration.
    package func secondsLeft(at now: Double) -> Double? {
      let made = iteration - (firstIteration ?? 0)
      return made > 0 ? (now - startedAt) / Double(made) * Double(iterations - iteration) : nil
    }
  }

  private let trials: [Trial]
  /// Multiply-adds of each trial, from which its time is estimated.
  private let work: [Double]
  private let startedAt: Double
  /// The trials at work, by their places in the list.
  package private(set) var running: [Int: Running] = [:]
  /// How many trials ended, however they did.
  package private(set) var ended = 0
  private var workDone = 0.0

  /// Begins the clock.
  ///
  /// - Parameters:
  ///   - trials: the trials in the order of the pool's list.
  ///   - now: seconds of a clock that goes on steadily.
  package init(trials: [Trial], now: Double) {
    (self.trials, startedAt) = (trials, now)
    work = trials.map { trial in
      let layers = (try? trial.configuration.resolved.architecture.resolved()) ?? []
      let perExample = Double(layers.reduce(0) { $0 + $1.multiplyAdds } + 1)
      return Double(trial.iterations * trial.configuration.resolved.training.batchSize) * perExample
    }
  }

  /// How many trials there are.
  package var total: Int { trials.count }

  /// Label and seed of a trial.
  package func name(of index: Int) -> String {
    "\(PlainText.oneLine(trials[index].configuration.label)) · seed \(trials[index].seed)"
  }

  /// Takes an event in.
  package mutating func take(_ event: RunnerEvent, now: Double) {
    switch event {
    case .started(let index):
      let trial = trials[index]
      running[index] = Running(
        label: PlainText.oneLine(trial.configuration.label), seed: trial.seed, iterations: trial.iterations,
        batchSize: trial.configuration.resolved.training.batchSize, startedAt: now)
    case .trial(let index, .batchLosses(let first, let losses)):
      if running[index]?.firstIteration == nil { running[index]?.firstIteration = first - 1 }
      running[index]?.iteration = first + losses.count - 1
      running[index]?.loss = losses.reduce(0) { $0 + Double($1) } / Double(max(losses.count, 1))
    case .trial(let index, .learningRates(_, let rates)): running[index]?.learningRate = rates.last
    case .trial(let index, .evaluation(let evaluation)):
      running[index]?.iteration = evaluation.iteration
      running[index]?.accuracy = (evaluation.validation ?? evaluation.test)?.accuracy
    case .ended(let index, _):
      running[index] = nil
      ended += 1
      workDone += work[index]
    }
  }

  /// Seconds since the beginning.
  package func elapsed(at now: Double) -> Double { now - startedAt }

  /// The share of all work that is done, that of unfinished trials included, in [0, 1].
  package var share: Double {
    let unfinished = running.reduce(0.0) { sum, entry in
      sum + work[entry.key] * Double(entry.value.iteration) / Double(max(entry.value.iterations, 1))
    }
    let all = work.reduce(0, +)
    return all > 0 ? min((workDone + unfinished) / all, 1) : 0
  }

  /// Seconds until all trials end; `nil` while too little is done to tell.
  package func secondsLeft(at now: Double) -> Double? {
    share > 0.005 ? elapsed(at: now) / share * (1 - share) : nil
  }
}

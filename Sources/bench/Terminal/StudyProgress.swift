import Experiments
import Presentation
import Runner

/// Where a study stands, as a value: what a display shows, fed with the pool's events.
struct StudyProgress {
  /// One trial at work.
  struct Running {
    let label: String
    let seed: UInt64
    let iterations: Int
    let batchSize: Int
    let startedAt: Double
    var iteration = 0
    /// Where this attempt began: 0, or past a checkpoint.
    var firstIteration: Int?
    /// Mean of the losses in the last event.
    var loss: Double?
    /// Of the last evaluation: on the validation examples where there are any, otherwise on the test examples.
    var accuracy: Double?

    var name: String { "\(label) · seed \(seed)" }

    /// The name in exactly so many columns; where it is too long the label is cut, since several trials share it.
    func name(columns: Int) -> String {
      let end = " · seed \(seed)"
      return name.terminalColumns <= columns || columns < end.terminalColumns + 4
        ? TerminalText.fitted(name, columns) : TerminalText.fitted(label, columns - end.terminalColumns) + end
    }

    func imagesPerSecond(at now: Double) -> Double {
      now > startedAt ? Double((iteration - (firstIteration ?? 0)) * batchSize) / (now - startedAt) : 0
    }

    func secondsLeft(at now: Double) -> Double? {
      let made = iteration - (firstIteration ?? 0)
      return made > 0 ? (now - startedAt) / Double(made) * Double(iterations - iteration) : nil
    }
  }

  let title: String
  private let trials: [Trial]
  /// Multiply-adds of each trial: what its time is guessed from.
  private let work: [Double]
  private let startedAt: Double
  private(set) var running: [Int: Running] = [:]
  private(set) var ended = 0
  private(set) var failed = 0
  private var workDone = 0.0

  init(title: String, trials: [Trial], now: Double) {
    (self.title, self.trials, startedAt) = (title, trials, now)
    work = trials.map { trial in
      let layers = (try? trial.configuration.configuration.architecture.resolved()) ?? []
      let perExample = Double(layers.reduce(0) { $0 + $1.multiplyAdds } + 1)
      return Double(trial.iterations * trial.configuration.configuration.training.batchSize) * perExample
    }
  }

  var total: Int { trials.count }

  func name(of index: Int) -> String {
    "\(PlainText.oneLine(trials[index].configuration.label)) · seed \(trials[index].seed)"
  }

  mutating func take(_ event: RunnerEvent, now: Double) {
    switch event {
    case .started(let index):
      let trial = trials[index]
      running[index] = Running(
        label: PlainText.oneLine(trial.configuration.label), seed: trial.seed, iterations: trial.iterations,
        batchSize: trial.configuration.configuration.training.batchSize, startedAt: now)
    case .trial(let index, .batchLosses(let first, let losses)):
      if running[index]?.firstIteration == nil { running[index]?.firstIteration = first - 1 }
      running[index]?.iteration = first + losses.count - 1
      running[index]?.loss = losses.reduce(0) { $0 + Double($1) } / Double(max(losses.count, 1))
    case .trial(let index, .evaluation(let evaluation)):
      running[index]?.iteration = evaluation.iteration
      running[index]?.accuracy = (evaluation.validation ?? evaluation.test)?.accuracy
    case .ended(let index, let end):
      running[index] = nil
      ended += 1
      workDone += work[index]
      if case .failed = end { failed += 1 }
    }
  }

  func elapsed(at now: Double) -> Double { now - startedAt }

  /// The share of all work that is done, that of unfinished trials included, in [0, 1].
  var share: Double {
    let unfinished = running.reduce(0.0) { sum, entry in
      sum + work[entry.key] * Double(entry.value.iteration) / Double(max(entry.value.iterations, 1))
    }
    let all = work.reduce(0, +)
    return all > 0 ? min((workDone + unfinished) / all, 1) : 0
  }

  func secondsLeft(at now: Double) -> Double? {
    share > 0.005 ? elapsed(at: now) / share * (1 - share) : nil
  }
}

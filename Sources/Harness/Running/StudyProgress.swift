import Experiments
import Presentation
import Runner

/// Where a study stands, for a display; it is fed with the pool's events.
package struct StudyProgress: Sendable {
  /// One trial at work.
  package struct Running: Sendable {
    /// The configuration's name.
    let configuration: String
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

    /// Configuration and seed.
    package var name: String { "\(configuration) · seed \(seed)" }

    /// The name in exactly so many columns; where it is too long the seed is shortened, and then the configuration is
    /// cut, since several trials share it.
    package func name(columns: Int) -> String {
      let end = " · seed \(seed)"
      if name.terminalColumns <= columns { return TerminalText.fitted(name, columns) }
      let short = "\(configuration) s\(seed)"
      return short.terminalColumns <= columns || columns < end.terminalColumns + 4
        ? TerminalText.fitted(short, columns)
        : TerminalText.fitted(configuration, columns - end.terminalColumns) + end
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

  /// What the seeds of a configuration that have ended came to.
  package struct Mean: Sendable {
    /// The configuration's name.
    package let name: String
    /// Of the accuracies at the end, in [0, 1].
    package let accuracy: Double
    /// Trials that have ended, and all of its trials in this run.
    package let ended, trials: Int
  }

  /// A configuration's trials in this run.
  private struct Tally {
    let name: String
    var trials = 0
    /// The last accuracy of each trial that ended by itself, by its place in the list.
    var accuracies: [Int: Double] = [:]
  }

  /// Whether the accuracies are those on the validation examples, which some trial has.
  package let showsValidation: Bool

  private let trials: [Trial]
  /// What is known of each configuration, in the order of their first trials.
  private var tallies: [Tally] = []
  /// The place of each trial's configuration in ``tallies``.
  private let tallyOfTrial: [Int]
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
  ///   - names: the configurations' short names by their labels; the labels stand where there are none.
  ///   - now: seconds of a clock that goes on steadily.
  package init(trials: [Trial], names: [String: String] = [:], now: Double) {
    (self.trials, startedAt) = (trials, now)
    showsValidation = trials.contains { $0.configuration.dataset.validationCount > 0 }
    var places: [String: Int] = [:]
    var tallies: [Tally] = []
    tallyOfTrial = trials.map { trial in
      let label = trial.configuration.label
      let name = names[label] ?? PlainText.oneLine(label)
      let place = places[name] ?? tallies.count
      if place == tallies.count {
        places[name] = place
        tallies.append(Tally(name: name))
      }
      tallies[place].trials += 1
      return place
    }
    self.tallies = tallies
    work = trials.map { trial in
      let layers = (try? trial.configuration.resolved.architecture.resolved()) ?? []
      let perExample = Double(layers.reduce(0) { $0 + $1.multiplyAdds } + 1)
      return Double(trial.iterations * trial.configuration.resolved.training.batchSize) * perExample
    }
  }

  /// How many trials there are.
  package var total: Int { trials.count }

  /// Configuration and seed of a trial.
  package func name(of index: Int) -> String { "\(configuration(of: index)) · seed \(trials[index].seed)" }

  private func configuration(of index: Int) -> String { tallies[tallyOfTrial[index]].name }

  /// The mean accuracy of each configuration of which a trial has ended, the best first.
  package var means: [Mean] {
    let ended = tallies.filter { !$0.accuracies.isEmpty }.map { tally in
      // In the order of the list, whoever ended first.
      let places = tally.accuracies.keys.sorted()
      let sum = places.reduce(0) { $0 + (tally.accuracies[$1] ?? 0) }
      let mean = Mean(
        name: tally.name, accuracy: sum / Double(places.count), ended: places.count, trials: tally.trials)
      return (mean: mean, first: places[0])
    }
    return ended.sorted { a, b in
      a.mean.accuracy == b.mean.accuracy ? a.first < b.first : a.mean.accuracy > b.mean.accuracy
    }.map(\.mean)
  }

  /// Takes an event in.
  package mutating func take(_ event: RunnerEvent, now: Double) {
    switch event {
    case .started(let index):
      let trial = trials[index]
      running[index] = Running(
        configuration: configuration(of: index), seed: trial.seed, iterations: trial.iterations,
        batchSize: trial.configuration.resolved.training.batchSize, startedAt: now)
    case .trial(let index, .batchLosses(let first, let losses)):
      if running[index]?.firstIteration == nil { running[index]?.firstIteration = first - 1 }
      running[index]?.iteration = first + losses.count - 1
      running[index]?.loss = losses.reduce(0) { $0 + Double($1) } / Double(max(losses.count, 1))
    case .trial(let index, .learningRates(_, let rates)): running[index]?.learningRate = rates.last
    case .trial(let index, .evaluation(let evaluation)):
      running[index]?.iteration = evaluation.iteration
      running[index]?.accuracy = (evaluation.validation ?? evaluation.test)?.accuracy
    case .ended(let index, let end):
      if case .finished(let result) = end, result.outcome == .done, let accuracy = running[index]?.accuracy {
        tallies[tallyOfTrial[index]].accuracies[index] = accuracy
      }
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

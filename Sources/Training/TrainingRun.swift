import Architectures
import Datasets
import Experiments
import Foundation
import NeuralNetwork

/// One training at work. The order of random draws is that of a PyTorch script: the model's parameters, then at the
/// start of each epoch what a `DataLoader` draws, with what a batch is augmented by, Dropout's masks and the evaluations'
/// draws where they fall.
struct TrainingRun {
  private let dataset: Dataset
  private let input: NetworkInput
  private let configuration: Configuration
  private let iterations: Int
  private let network: Network
  private let generator: Generator
  private let sampling: ExampleSampling
  private var order: [Int32] = []
  private var position = 0
  /// The scheduler at work on each of ``Network/learningRates``, as on the parameter groups of `torch.optim`; none where
  /// the rates stay.
  private var schedules: [Schedule]
  /// The rates and the momenta that the network has been given.
  private var followed: [RateGroup?]
  /// What may end the training early.
  private var stopping: StoppingWatch?
  /// What the network was evaluated with at its best score, where training ends with that.
  private var best: [Float] = []
  private var losses: [Float] = []
  /// The learning rate of every step, where there is a scheduler.
  private var rates: [Double] = []
  private var evaluations: [Evaluation] = []
  private var answers: Answers?
  private var clock = TrialClock()
  /// How many of ``losses`` the hooks have heard, and when they heard them.
  private var emitted = 0
  private var emittedAt = 0.0

  init(
    _ trial: Trial, dataset: Dataset, threads: Int, initialWeights: [Tensor]?, checkpoint: Checkpoint?
  ) throws {
    self.dataset = dataset
    configuration = trial.configuration.resolved
    let batchSize = configuration.training.largestBatch(examples: dataset.train.count)
    input = NetworkInput(dataset, batchSize: batchSize)
    sampling = try ExampleSampling(configuration.dataset, of: dataset)
    iterations = configuration.training.iterations(examples: dataset.train.count)
    network = try Network(of: configuration, on: dataset, threads: threads)
    let iterationsPerEpoch = configuration.training.iterationsPerEpoch(examples: dataset.train.count)
    schedules = network.learningRates.compactMap { [optimizer = configuration.optimizer, iterations] rate in
      Schedule(
        optimizer.with(learningRate: rate, weightDecay: nil), iterations: iterations,
        iterationsPerEpoch: iterationsPerEpoch)
    }
    followed = schedules.map { _ in nil }
    stopping = configuration.training.earlyStopping.map { StoppingWatch($0) }
    if configuration.training.smallestBatch(examples: dataset.train.count) < network.minimumBatch {
      throw TrainingError.batchOfOne(
        examples: dataset.train.count, batchSize: configuration.training.batchSize)
    }
    generator = Generator(seed: trial.seed)
    losses.reserveCapacity(iterations)
    if let checkpoint {
      try restore(checkpoint)
    } else {
      network.initialize(with: generator)
      if let initialWeights {
        try network.load(initialWeights, strict: configuration.initialWeights?.isStrict ?? true)
      }
    }
  }

  /// Trains to the end, or until it is asked to stop.
  consuming func toEnd(_ hooks: TrainingHooks) throws -> Trainer.End {
    var nextEvaluation = iterationOfNextEvaluation()
    var lastSave = (seconds: TrialClock.monotonicSeconds, iteration: losses.count)
    clock.start()
    while !isOver {
      if hooks.shouldStop() {
        lap(training: true)
        emitLosses(hooks)
        try hooks.save?(checkpoint())
        return .stopped(iteration: losses.count)
      }
      followSchedules()
      let loss = step()
      losses.append(loss)
      changeSchedules { $0.trained() }
      let diverged = !loss.isFinite
      if losses.count == nextEvaluation || diverged {
        lap(training: true)
        evaluate(diverged: diverged)
        lap(training: false)
        nextEvaluation = iterationOfNextEvaluation()
        emitLosses(hooks)
        if let evaluation = evaluations.last { hooks.emit(.evaluation(evaluation)) }
        if diverged { return finished(.diverged(iteration: losses.count)) }
      } else if (losses.count - emitted) % Self.lossesPerEvent == 0,
        TrialClock.monotonicSeconds - emittedAt >= Self.secondsPerEvent
      {
        emitLosses(hooks)
      }
      if let save = hooks.save, isDue(hooks.checkpointInterval, since: lastSave), !isOver {
        lap(training: true)
        emitLosses(hooks)
        try save(checkpoint())
        lap(training: false)
        lastSave = (TrialClock.monotonicSeconds, losses.count)
      }
    }
    // A last step can blow up the weights after its loss was taken.
    return finished(hasFiniteScore ? .done : .diverged(iteration: losses.count))
  }

  /// Whether all steps were made, or nothing is gained by more.
  private var isOver: Bool { losses.count >= iterations || stopping?.isOver == true }

  /// How many losses travel together, or a multiple of it where a step takes microseconds: few enough for a live
  /// display, many enough to cost nothing.
  private static let lossesPerEvent = 20
  private static let secondsPerEvent = 0.05

  private mutating func lap(training: Bool) { clock.lap(training: training, helpSeconds: network.helpSeconds) }

  private mutating func step() -> Float {
    if order.isEmpty || position >= configuration.training.examplesPerEpoch(of: dataset.train.count) {
      order = sampling.epochOrder(generator)
      position = 0
    }
    let batch = position..<min(position + configuration.training.batchSize, order.count)
    position = batch.upperBound
    return order.withUnsafeBufferPointer { order in
      input.step(network, on: .init(rebasing: order[batch]), generator: generator)
    }
  }

  /// Gives the network the learning rates of the next step, and notes the optimizer's.
  private mutating func followSchedules() {
    for (index, schedule) in schedules.enumerated() where schedule.group != followed[index] {
      network.follow(schedule.group, rateIndex: index)
      followed[index] = schedule.group
    }
    if let rate = schedules.first?.group.rate { rates.append(rate) }
  }

  private mutating func changeSchedules(_ body: (inout Schedule) -> Void) {
    for index in schedules.indices { body(&schedules[index]) }
  }

  /// Makes the steps of the schedules, and of what ends training early, anew up to where a checkpoint stands.
  private mutating func repeatDecisions(_ checkpoint: Checkpoint) {
    for evaluation in checkpoint.evaluations {
      if let validation = evaluation.validation { _ = stopping?.take(validation) }
    }
    guard !schedules.isEmpty else { return }
    var evaluations = checkpoint.evaluations[...]
    for done in 0..<checkpoint.iteration {
      rates.append(schedules[0].group.rate)
      changeSchedules { $0.trained() }
      guard let evaluation = evaluations.first, evaluation.iteration == done + 1 else { continue }
      evaluations.removeFirst()
      if let validation = evaluation.validation {
        changeSchedules { $0.evaluated(loss: validation.loss, accuracy: validation.accuracy) }
      }
    }
  }

  private func iterationOfNextEvaluation() -> Int {
    let interval =
      configuration.training.evaluateEvery
      ?? configuration.training.iterationsPerEpoch(examples: dataset.train.count)
    return min((losses.count / interval + 1) * interval, iterations)
  }

  /// Evaluates, and follows what the scores decide; where training ends here with the weights of an earlier evaluation,
  /// evaluates those instead.
  private mutating func evaluate(diverged: Bool) {
    var evaluation = evaluation()
    if let validation = evaluation.validation {
      changeSchedules { $0.evaluated(loss: validation.loss, accuracy: validation.accuracy) }
      let isBest = stopping?.take(validation) ?? false
      if configuration.training.earlyStopping?.restoresBest == true {
        if isBest {
          best = network.scoredState
        } else if isOver, !diverged, !best.isEmpty {
          network.restore(scored: best)
          evaluation = self.evaluation()
        }
      }
    }
    evaluations.append(evaluation)
  }

  private mutating func evaluation() -> Evaluation {
    let since = evaluations.last?.iteration ?? 0
    let trainLoss = losses[since...].reduce(0.0) { $0 + Double($1) } / Double(losses.count - since)
    let validation = dataset.validation.count > 0 ? score(input.validation) : nil
    answers = isReconstruction ? nil : Answers(classes: dataset.description.classes.count)
    let test = score(input.test, answers: &answers)
    let epoch =
      Double(losses.count) / Double(configuration.training.iterationsPerEpoch(examples: dataset.train.count))
    return Evaluation(
      iteration: losses.count, epoch: epoch, trainLoss: trainLoss, validation: validation, test: test)
  }

  private func score(_ examples: Examples) -> Score {
    var unused: Answers?
    return score(examples, answers: &unused)
  }

  /// Evaluates, and adds to `answers` where there are some.
  private func score(_ examples: Examples, answers: inout Answers?) -> Score {
    switch configuration.training.evaluationDraws {
    case .none: break
    case .loader: generator.drawLoader(shuffle: false)
    case .shuffledLoader: generator.drawLoader(shuffle: true)
    }
    return network.score(examples, of: configuration, classes: dataset.description.classes.count, answers: &answers)
  }

  private var hasFiniteScore: Bool {
    guard let last = evaluations.last else { return true }
    return [last.validation, last.test].allSatisfy { $0?.loss.isFinite ?? true }
  }

  private var isReconstruction: Bool { configuration.target(in: dataset.description) == .input }

  private mutating func emitLosses(_ hooks: TrainingHooks) {
    guard emitted < losses.count else { return }
    if !schedules.isEmpty {
      hooks.emit(.learningRates(first: emitted + 1, rates: Array(rates[emitted..<losses.count])))
    }
    hooks.emit(.batchLosses(first: emitted + 1, losses: Array(losses[emitted...])))
    emitted = losses.count
    emittedAt = TrialClock.monotonicSeconds
  }

  private func finished(_ outcome: TrialOutcome) -> Trainer.End {
    .finished(result(outcome), weights: network.tensors)
  }

  private func result(_ outcome: TrialOutcome) -> TrialResult {
    let examples = Double(examplesTrainedOn)
    return TrialResult(
      outcome: outcome, iterations: losses.count, wallSeconds: clock.wallSeconds, cpuSeconds: clock.cpuSeconds,
      peakBytes: peakBytes(), imagesPerSecond: clock.stepSeconds > 0 ? examples / clock.stepSeconds : 0,
      confusion: answers?.confusionMatrix, hits: answers.flatMap { HitMask(count: $0.count, bytes: $0.hits) },
      traceDigest: TraceDigest.of(losses: losses, evaluations: evaluations, rates: rates),
      scoresDigest: ResultDigest.scores(evaluations))
  }

  private var examplesTrainedOn: Int {
    let epochs = losses.count / configuration.training.iterationsPerEpoch(examples: dataset.train.count)
    let rest = losses.count % configuration.training.iterationsPerEpoch(examples: dataset.train.count)
    return epochs * configuration.training.examplesPerEpoch(of: dataset.train.count) + rest
      * configuration.training.batchSize
  }

  private func isDue(_ interval: CheckpointInterval, since last: (seconds: Double, iteration: Int)) -> Bool {
    switch interval {
    case .iterations(let count): losses.count - last.iteration >= count
    case .seconds(let seconds): TrialClock.monotonicSeconds - last.seconds >= seconds
    }
  }

  private func checkpoint() -> Checkpoint {
    Checkpoint(
      iteration: losses.count, network: Data(network.snapshot()), best: best, generator: generator.state,
      order: order, position: position, losses: losses, evaluations: evaluations, clock: clock)
  }

  private mutating func restore(_ checkpoint: Checkpoint) throws {
    let evaluated = [0] + checkpoint.evaluations.map(\.iteration)
    let drawn = configuration.training.examplesDrawn(of: dataset.train.count)
    guard checkpoint.iteration == checkpoint.losses.count, checkpoint.iteration <= iterations,
      zip(evaluated, evaluated.dropFirst()).allSatisfy({ $0 < $1 }), checkpoint.iteration >= evaluated.last ?? 0,
      [0, drawn].contains(checkpoint.order.count), checkpoint.order.allSatisfy({ $0 >= 0 && $0 < dataset.train.count }),
      checkpoint.best.isEmpty || checkpoint.best.count == network.scoredCount,
      (0...checkpoint.order.count).contains(checkpoint.position),
      let state = Generator.State(
        words: checkpoint.generator.words, position: checkpoint.generator.position,
        nextNormal: checkpoint.generator.nextNormal)
    else { throw CheckpointError.otherTrial("its order or its length does not fit") }
    try network.restore([UInt8](checkpoint.network))
    generator.restore(state)
    (order, position, best) = (checkpoint.order, checkpoint.position, checkpoint.best)
    (losses, evaluations, clock) = (checkpoint.losses, checkpoint.evaluations, checkpoint.clock)
    emitted = losses.count
    repeatDecisions(checkpoint)
  }
}

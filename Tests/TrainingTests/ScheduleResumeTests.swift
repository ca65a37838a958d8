import Architectures
import Datasets
import Experiments
import Testing
import Training

/// Schedules and clipping through whole trainings, and through interruptions of them.
@Suite struct ScheduleResumeTests {
  private static let watched = Dataset(
    name: "corners", classes: corners.description.classes, train: corners.train, validation: corners.test,
    test: corners.test)

  /// Five iterations an epoch.
  private func trial(_ scheduler: Scheduler?, momentum: Double = 0.5, clipping: GradientClipping? = nil) -> Trial {
    var trial = cornersTrial(iterations: 23, evaluateEvery: 3, dropout: true)
    trial.configuration.resolved.optimizer = .sgd(
      .init(learningRate: 0.5, momentum: momentum, scheduler: scheduler))
    trial.configuration.resolved.training.clipping = clipping
    return trial
  }

  /// The trial with learning rates of the linear layers' own.
  private func with(_ rates: [Double?], _ trial: Trial) -> Trial {
    var (trial, rates) = (trial, rates[...])
    for index in trial.configuration.resolved.architecture.layers.indices
    where trial.configuration.resolved.architecture.layers[index].kind is Linear {
      trial.configuration.resolved.architecture.layers[index].own.learningRate = rates.removeFirst()
    }
    return trial
  }

  private static let schedulers: [Scheduler] = [
    Scheduler(StepLR(stepSize: 2, gamma: 0.7)), Scheduler(CosineAnnealingLR(halfPeriod: 7), interval: .iteration),
    Scheduler(CosineAnnealingWarmRestarts(firstPeriod: 2, growth: 2), interval: .iteration),
    Scheduler(OneCycleLR(highestRate: 0.8)), Scheduler(CyclicLR(baseRate: 0.1, highestRate: 0.6, stepsUp: 4)),
    Scheduler(ReduceLROnPlateau(factor: 0.9, patience: 0, threshold: 0.3, cooldown: 1)),
    Scheduler(SequentialLR([LinearLR(), ExponentialLR(gamma: 0.9)], milestones: [5]), interval: .iteration),
  ]

  @Test(arguments: schedulers, [1, 9, 15, 22])
  func anInterruptionChangesNoBit(scheduler: Scheduler, stop: Int) throws {
    let trial = trial(scheduler, clipping: .norm(0.3))
    let whole = try CornersTrace(of: trial, dataset: Self.watched)
    #expect(whole.rates.count == 23 && Set(whole.rates).count > 1, "\(scheduler)")
    var saved: Checkpoint?
    let first = try CornersTrace(of: trial, dataset: Self.watched, stopAfter: stop) { saved = $0 }
    let bytes = try #require(saved).encoded(for: .init(trial: "a"))
    let second = try CornersTrace(
      of: trial, dataset: Self.watched, from: Checkpoint(decoding: bytes, for: .init(trial: "a")))
    #expect(first.rates + second.rates == whole.rates)
    #expect(first.losses + second.losses == whole.losses)
    #expect(second.result?.traceDigest == whole.result?.traceDigest)
  }

  @Test func theRateIsThatOfEachStep() throws {
    let trace = try CornersTrace(of: trial(Scheduler(StepLR(stepSize: 2, gamma: 0.5))), dataset: Self.watched)
    #expect(
      trace.rates
        == Array(repeating: 0.5, count: 10) + Array(repeating: 0.25, count: 10) + Array(repeating: 0.125, count: 3))
  }

  /// A rate that stays is no other training, but a trace that says the rate.
  @Test func aFactorOfOneTrainsAsNoScheduler() throws {
    let plain = try CornersTrace(of: trial(nil), dataset: Self.watched)
    let still = try CornersTrace(of: trial(Scheduler(StepLR(stepSize: 2, gamma: 1))), dataset: Self.watched)
    #expect(plain.losses == still.losses && plain.evaluations == still.evaluations)
    #expect(plain.rates.isEmpty && plain.result?.traceDigest != still.result?.traceDigest)
  }

  /// Where all layers have a rate of their own, the scheduler changes it as it changes an optimizer's.
  @Test(arguments: schedulers.filter { !$0.kind.replacesRate })
  func aLayersOwnRateFollowsTheScheduler(scheduler: Scheduler) throws {
    let plain = trial(scheduler)
    var own = with([0.5, 0.5], plain)
    own.configuration.resolved.optimizer = plain.configuration.resolved.optimizer.with(
      learningRate: 0.1, weightDecay: nil)
    let traces = try [plain, own].map { try CornersTrace(of: $0, dataset: Self.watched) }
    #expect(traces[0].losses == traces[1].losses && traces[0].evaluations == traces[1].evaluations)
    #expect(traces[0].rates != traces[1].rates)
    // One layer has it, the other the optimizer's.
    let mixed = with([0.1, nil], plain)
    let whole = try CornersTrace(of: mixed, dataset: Self.watched)
    #expect(whole.rates == traces[0].rates && whole.losses != traces[0].losses)
    var saved: Checkpoint?
    let first = try CornersTrace(of: mixed, dataset: Self.watched, stopAfter: 15) { saved = $0 }
    let checkpoint = try #require(saved)
    let second = try CornersTrace(of: mixed, dataset: Self.watched, from: checkpoint)
    #expect(first.losses + second.losses == whole.losses)
  }

  /// PyTorch's cycle gives a momentum to an optimizer that was made without one.
  @Test func aCycledMomentumNeedsNoneOfTheOptimizer() throws {
    let cycle = Scheduler(OneCycleLR(highestRate: 0.3))
    let traces = try [0, 0.5].map { try CornersTrace(of: trial(cycle, momentum: $0), dataset: Self.watched).losses }
    #expect(traces[0] == traces[1])
    let without = Scheduler(OneCycleLR(highestRate: 0.3, cycleMomentum: false))
    #expect(try CornersTrace(of: trial(without), dataset: Self.watched).losses != traces[0])
  }

  @Test func clippingChangesTheTraining() throws {
    let traces = try [nil, .norm(0.1), .value(0.01)].map {
      try CornersTrace(of: trial(nil, clipping: $0), dataset: Self.watched).losses
    }
    #expect(traces[0][0] == traces[1][0] && traces[0] != traces[1])
    #expect(traces[0][0] == traces[2][0] && traces[0] != traces[2] && traces[1] != traces[2])
  }
}

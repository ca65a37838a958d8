import Foundation

/// The rate goes up once, down again and then far below where it began, the momentum against it.
///
/// - Source: Smith & Topin 2017, arXiv:1708.07120.
package struct OneCycleLR: SchedulerKind {
  /// The line from one rate to the next.
  package enum Strategy: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
    /// Half a cosine.
    case cos
    /// A straight line.
    case linear
  }

  /// The highest rate.
  package var highestRate: Double
  /// Steps of the cycle; `nil` where ``epochs`` says it, or where it is as long as the training.
  package var totalSteps: Int?
  /// The cycle's epochs, where ``totalSteps`` does not say it.
  package var epochs: Int?
  /// Steps in one of ``epochs``.
  package var stepsPerEpoch: Int?
  /// The share of the steps in which the rate rises.
  package var riseShare: Double
  /// The line from one rate to the next.
  package var strategy: Strategy
  /// Whether the momentum goes the other way.
  package var cycleMomentum: Bool
  /// The momentum at the highest rate.
  package var baseMomentum: Double
  /// The momentum at the beginning and at the end.
  package var highestMomentum: Double
  /// The first rate is the highest one over this.
  package var divisor: Double
  /// The last rate is the first one over this.
  package var finalDivisor: Double
  /// Whether the rate falls to the first one before it falls to the last.
  package var threePhase: Bool

  /// Creates the rule with PyTorch's defaults.
  package init(
    highestRate: Double, totalSteps: Int? = nil, epochs: Int? = nil, stepsPerEpoch: Int? = nil, riseShare: Double = 0.3,
    strategy: Strategy = .cos, cycleMomentum: Bool = true, baseMomentum: Double = 0.85, highestMomentum: Double = 0.95,
    divisor: Double = 25, finalDivisor: Double = 1e4, threePhase: Bool = false
  ) {
    (self.highestRate, self.totalSteps, self.epochs) = (highestRate, totalSteps, epochs)
    (self.stepsPerEpoch, self.riseShare, self.strategy) = (stepsPerEpoch, riseShare, strategy)
    (self.cycleMomentum, self.baseMomentum, self.highestMomentum) = (cycleMomentum, baseMomentum, highestMomentum)
    (self.divisor, self.finalDivisor, self.threePhase) = (divisor, finalDivisor, threePhase)
  }

  package static let type = SchedulerType(
    "one_cycle_lr",
    "The rate goes up once to max_lr and down again, the momentum against it (torch.optim.lr_scheduler.OneCycleLR).",
    interval: .iteration, OneCycleLR(highestRate: 0),
    [
      .required("max_lr", .factor, \.highestRate, "The highest rate, in place of the optimizer's lr."),
      .option(
        "total_steps", .nullable(.steps), \.totalSteps,
        "Steps of the cycle; null is epochs times steps_per_epoch, or the whole training where these are null too."),
      .option("epochs", .nullable(.integer(1...1_000_000)), \.epochs, "The cycle's epochs, with steps_per_epoch."),
      .option("steps_per_epoch", .nullable(.integer(1...1_000_000)), \.stepsPerEpoch, "Steps in one of epochs."),
      .option("pct_start", .share, \.riseShare, "The share of the steps in which the rate rises."),
      .option(
        "anneal_strategy", .choice(Strategy.allCases.map(\.rawValue)), \.strategy,
        "The line from one rate to the next: half a cosine or a straight line."),
      .option(
        "cycle_momentum", .boolean, \.cycleMomentum, "Whether the momentum, or the first of betas, goes the other way."),
      .option("base_momentum", .momentum, \.baseMomentum, "The momentum at the highest rate."),
      .option("max_momentum", .firstMomentum, \.highestMomentum, "The momentum at the beginning and at the end."),
      .option("div_factor", .positiveFactor, \.divisor, "The first rate is max_lr over this."),
      .option(
        "final_div_factor", .number(NumberRange(0...1e12, excludesMinimum: true)), \.finalDivisor,
        "The last rate is the first one over this."),
      .option(
        "three_phase", .boolean, \.threePhase, "Whether the rate falls to the first one before it falls to the last."),
    ])

  package func check() throws(OptionError) {
    if (epochs == nil) != (stepsPerEpoch == nil) {
      throw OptionError(
        option: epochs == nil ? "steps_per_epoch" : "epochs",
        "stands without \(epochs == nil ? "epochs" : "steps_per_epoch"); the cycle has epochs times steps_per_epoch steps, "
          + "or total_steps, or as many as the training")
    }
    if totalSteps != nil, epochs != nil {
      throw OptionError(option: "epochs", "stands beside total_steps; one of them says how long the cycle is")
    }
    if let steps = givenSteps { try checkRise(steps) }
  }

  private func checkRise(_ steps: Int) throws(OptionError) {
    // PyTorch divides by the length of the first phase, which is a step less.
    if riseShare * Double(steps) == 1 {
      throw OptionError(
        option: "pct_start",
        "is \(riseShare) of \(steps) steps, so that the rate would have to rise within its first step; take another")
    }
  }

  package func mismatch(steps: Int, unit: String) -> OptionError? {
    guard let given = givenSteps else {
      do throws(OptionError) { try checkRise(steps) } catch { return error }
      return nil
    }
    guard given < steps else { return nil }
    let cycle = given == 1 ? "1 step" : "\(given) steps"
    return OptionError(
      option: totalSteps == nil ? "epochs" : "total_steps",
      "gives a cycle of \(cycle), but training has \(steps) \(steps == 1 ? unit : unit + "s") and would go past its end; "
        + "take \(steps), or leave it out for a cycle as long as the training")
  }

  /// Steps of the cycle, where they are said.
  var givenSteps: Int? {
    if let totalSteps { return totalSteps }
    guard let epochs, let stepsPerEpoch else { return nil }
    return epochs * stepsPerEpoch
  }

  package var changesMomentum: Bool { cycleMomentum }

  package var replacesRate: Bool { true }

  package func prepare(_ group: inout RateGroup) {
    let first = highestRate / divisor
    (group.initialRate, group.highestRate, group.lowestRate) = (first, highestRate, first / finalDivisor)
    if cycleMomentum {
      (group.momentum, group.highestMomentum, group.lowestMomentum) = (highestMomentum, highestMomentum, baseMomentum)
    }
  }

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    let total = Double(totalSteps ?? 1)
    let first = group.initialRate ?? 0
    let (high, low) = (group.highestMomentum, group.lowestMomentum)
    var phases = [(end: riseShare * total - 1, rates: (first, group.highestRate), momenta: (high, low))]
    if threePhase {
      phases.append((2 * riseShare * total - 2, (group.highestRate, first), (low, high)))
      phases.append((total - 1, (first, group.lowestRate), (high, high)))
    } else {
      phases.append((total - 1, (group.highestRate, group.lowestRate), (low, high)))
    }
    let step = Double(counter.step)
    let place = phases.firstIndex { step <= $0.end } ?? phases.count - 1
    let start = place == 0 ? 0 : phases[place - 1].end
    let phase = phases[place]
    let share = (step - start) / (phase.end - start)
    if cycleMomentum { group.momentum = value(from: phase.momenta.0, to: phase.momenta.1, share) }
    return value(from: phase.rates.0, to: phase.rates.1, share)
  }

  private func value(from start: Double, to end: Double, _ share: Double) -> Double {
    switch strategy {
    case .cos: end + (start - end) / 2 * (Foundation.cos(.pi * share) + 1)
    case .linear: (end - start) * share + start
    }
  }
}

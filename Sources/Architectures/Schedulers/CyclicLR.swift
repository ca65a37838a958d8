import Foundation

/// The rate goes up and down between two values, the momentum against it.
///
/// - Source: Smith 2015, arXiv:1506.01186.
package struct CyclicLR: SchedulerKind {
  /// How the height changes from cycle to cycle.
  package enum Mode: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
    /// All cycles are alike.
    case triangular
    /// Each cycle is half as high as the one before.
    case triangular2
    /// The height falls by γ at each step.
    case expRange = "exp_range"
  }

  /// The lowest rate, at which the training begins.
  package var baseRate: Double
  /// The highest rate.
  package var highestRate: Double
  /// Steps from the lowest to the highest rate.
  package var stepsUp: Int
  /// Steps back; `nil` is as many.
  package var stepsDown: Int?
  /// How the height changes.
  package var mode: Mode
  /// The factor γ of ``Mode/expRange``.
  package var gamma: Double
  /// Whether the momentum goes the other way.
  package var cycleMomentum: Bool
  /// The momentum at the highest rate.
  package var baseMomentum: Double
  /// The momentum at the lowest rate.
  package var highestMomentum: Double

  /// Creates the rule with PyTorch's defaults.
  package init(
    baseRate: Double, highestRate: Double, stepsUp: Int = 2000, stepsDown: Int? = nil, mode: Mode = .triangular,
    gamma: Double = 1, cycleMomentum: Bool = true, baseMomentum: Double = 0.8, highestMomentum: Double = 0.9
  ) {
    (self.baseRate, self.highestRate, self.stepsUp, self.stepsDown) = (baseRate, highestRate, stepsUp, stepsDown)
    (self.mode, self.gamma, self.cycleMomentum) = (mode, gamma, cycleMomentum)
    (self.baseMomentum, self.highestMomentum) = (baseMomentum, highestMomentum)
  }

  package static let type = SchedulerType(
    "cyclic_lr",
    "The rate goes up and down between base_lr and max_lr, the momentum against it (torch.optim.lr_scheduler.CyclicLR).",
    interval: .iteration, CyclicLR(baseRate: 0, highestRate: 0),
    [
      .required("base_lr", .factor, \.baseRate, "The lowest rate, in place of the optimizer's lr."),
      .required("max_lr", .factor, \.highestRate, "The highest rate."),
      .option("step_size_up", .steps, \.stepsUp, "Steps from the lowest to the highest rate."),
      .option("step_size_down", .nullable(.steps), \.stepsDown, "Steps back; null is as many."),
      .option(
        "mode", .choice(Mode.allCases.map(\.rawValue)), \.mode,
        "The cycles: all alike, each half as high as the one before, or lower by gamma at each step."),
      .option("gamma", .factor, \.gamma, "The factor of exp_range."),
      .option(
        "cycle_momentum", .boolean, \.cycleMomentum, "Whether the momentum, or the first of betas, goes the other way."),
      .option("base_momentum", .momentum, \.baseMomentum, "The momentum at the highest rate."),
      .option("max_momentum", .firstMomentum, \.highestMomentum, "The momentum at the lowest rate."),
    ])

  package func check() throws(OptionError) {
    if baseRate > highestRate {
      throw OptionError(
        option: "base_lr", "is \(baseRate), above the max_lr of \(highestRate); the rate goes from base_lr up to max_lr"
      )
    }
  }

  package var changesMomentum: Bool { cycleMomentum }

  package var replacesRate: Bool { true }

  package func prepare(_ group: inout RateGroup) {
    group.rate = baseRate
    if cycleMomentum {
      (group.momentum, group.highestMomentum, group.lowestMomentum) = (highestMomentum, highestMomentum, baseMomentum)
    }
  }

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    let up = Double(stepsUp)
    let total = up + Double(stepsDown ?? stepsUp)
    let (step, ratio) = (Double(counter.step), up / total)
    let cycle = (1 + step / total).rounded(.down)
    let place = 1 + step / total - cycle
    let share = place <= ratio ? place / ratio : (place - 1) / (ratio - 1)
    let height =
      switch mode {
      case .triangular: 1.0
      case .triangular2: 1 / pow(2, cycle - 1)
      case .expRange: pow(gamma, step)
      }
    if cycleMomentum { group.momentum = highestMomentum - (highestMomentum - baseMomentum) * share * height }
    return baseRate + (highestRate - baseRate) * share * height
  }
}

extension OptionKind {
  /// A momentum that a cycle comes to.
  static let momentum = OptionKind.number(NumberRange(0...1, excludesMaximum: true))
  /// The momentum that a cycle begins with: a first step without one would keep no gradient.
  static let firstMomentum = OptionKind.number(NumberRange(0...1, excludesMinimum: true, excludesMaximum: true))
}

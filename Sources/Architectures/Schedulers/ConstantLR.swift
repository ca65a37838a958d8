/// The rate times a factor until so many steps are made.
package struct ConstantLR: SchedulerKind {
  /// The factor.
  package var factor: Double
  /// Steps until the rate is itself again.
  package var totalIterations: Int

  /// Creates the rule with PyTorch's defaults.
  package init(factor: Double = 1.0 / 3, totalIterations: Int = 5) {
    (self.factor, self.totalIterations) = (factor, totalIterations)
  }

  package static let type = SchedulerType(
    "constant_lr", "The rate times factor until total_iters steps are made (torch.optim.lr_scheduler.ConstantLR).",
    ConstantLR(),
    [
      .option("factor", .number(NumberRange(0...1, excludesMinimum: true)), \.factor, "The factor."),
      .option("total_iters", .steps, \.totalIterations, "Steps until the rate is itself again."),
    ])

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    switch counter.step {
    case 0: group.rate * factor
    case totalIterations: group.rate * (1 / factor)
    default: group.rate
    }
  }

  package func entryRate(base: Double) -> Double? { base * (factor + 0 * (1 - factor)) }
}

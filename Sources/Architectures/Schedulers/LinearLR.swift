/// The rate goes in a straight line from one share of itself to another.
package struct LinearLR: SchedulerKind {
  /// The share of the rate at the beginning.
  package var startFactor: Double
  /// The share of the rate at the end.
  package var endFactor: Double
  /// Steps from the one to the other.
  package var totalIterations: Int

  /// Creates the rule with PyTorch's defaults.
  package init(startFactor: Double = 1.0 / 3, endFactor: Double = 1, totalIterations: Int = 5) {
    (self.startFactor, self.endFactor, self.totalIterations) = (startFactor, endFactor, totalIterations)
  }

  package static let type = SchedulerType(
    "linear_lr",
    "The rate goes from start_factor to end_factor times itself over total_iters steps (torch.optim.lr_scheduler.LinearLR).",
    LinearLR(),
    [
      .option(
        "start_factor", .number(NumberRange(0...1, excludesMinimum: true)), \.startFactor,
        "The share of the rate at the beginning."),
      .option("end_factor", .share, \.endFactor, "The share of the rate at the end."),
      .option("total_iters", .steps, \.totalIterations, "Steps from the one to the other."),
    ])

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    if counter.step == 0 { return group.rate * startFactor }
    if counter.isInitial || counter.step > totalIterations { return group.rate }
    let rise = endFactor - startFactor
    return group.rate
      * (1 + rise / (Double(totalIterations) * startFactor + Double(counter.step - 1) * rise))
  }

  package func entryRate(base: Double) -> Double? {
    base * (startFactor + (endFactor - startFactor) * 0 / Double(totalIterations))
  }
}

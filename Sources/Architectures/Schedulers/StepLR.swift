/// The rate times γ every so many steps.
package struct StepLR: SchedulerKind {
  /// Steps from one change to the next.
  package var stepSize: Int
  /// The factor γ.
  package var gamma: Double

  /// Creates the rule with PyTorch's default.
  package init(stepSize: Int, gamma: Double = 0.1) { (self.stepSize, self.gamma) = (stepSize, gamma) }

  package static let type = SchedulerType(
    "step_lr", "The rate times gamma every step_size steps (torch.optim.lr_scheduler.StepLR).", StepLR(stepSize: 1),
    [
      .required("step_size", .steps, \.stepSize, "Steps from one change to the next."),
      .option("gamma", .factor, \.gamma, "The factor."),
    ])

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    counter.step == 0 || counter.step % stepSize != 0 ? group.rate : group.rate * gamma
  }

  package func entryRate(base: Double) -> Double? { base }
}

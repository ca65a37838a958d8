/// The rate times γ at each step.
package struct ExponentialLR: SchedulerKind {
  /// The factor γ.
  package var gamma: Double

  /// Creates the rule.
  package init(gamma: Double) { self.gamma = gamma }

  package static let type = SchedulerType(
    "exponential_lr", "The rate times gamma at each step (torch.optim.lr_scheduler.ExponentialLR).",
    ExponentialLR(gamma: 1), [.required("gamma", .factor, \.gamma, "The factor.")])

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    counter.isInitial ? group.rate : group.rate * gamma
  }

  package func entryRate(base: Double) -> Double? { base }
}

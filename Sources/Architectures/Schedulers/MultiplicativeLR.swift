/// The rate times a factor at each step, and where a sequence comes to it too.
package struct MultiplicativeLR: SchedulerKind {
  /// The factor.
  package var factor: Double

  /// Creates the rule.
  package init(factor: Double) { self.factor = factor }

  package static let type = SchedulerType(
    "multiplicative_lr",
    "The rate times factor at each step (torch.optim.lr_scheduler.MultiplicativeLR with a function that gives factor).",
    MultiplicativeLR(factor: 1), [.required("factor", .factor, \.factor, "The factor.")])

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    counter.isInitial ? group.rate : group.rate * factor
  }
}

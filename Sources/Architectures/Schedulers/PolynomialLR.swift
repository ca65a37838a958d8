import Foundation

/// The rate falls to zero as a power of the steps that are left, and stays there.
package struct PolynomialLR: SchedulerKind {
  /// Steps until the rate is zero.
  package var totalIterations: Int
  /// The exponent.
  package var power: Double

  /// Creates the rule with PyTorch's defaults.
  package init(totalIterations: Int = 5, power: Double = 1) {
    (self.totalIterations, self.power) = (totalIterations, power)
  }

  package static let type = SchedulerType(
    "polynomial_lr",
    "The rate falls to 0 over total_iters steps as (1 - step/total_iters)^power (torch.optim.lr_scheduler.PolynomialLR).",
    PolynomialLR(),
    [
      .option("total_iters", .steps, \.totalIterations, "Steps until the rate is 0."),
      .option("power", .number(NumberRange(0...1_000)), \.power, "The exponent."),
    ])

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    if counter.isInitial || counter.step > totalIterations { return group.rate }
    let (step, total) = (Double(counter.step), Double(totalIterations))
    return group.rate * pow((1 - step / total) / (1 - (step - 1) / total), power)
  }

  package func entryRate(base: Double) -> Double? { base }
}

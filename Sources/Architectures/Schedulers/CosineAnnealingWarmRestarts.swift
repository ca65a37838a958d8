import Foundation

/// The rate follows half a cosine down to the lowest rate and then begins anew.
///
/// - Source: Loshchilov & Hutter 2016, arXiv:1608.03983.
package struct CosineAnnealingWarmRestarts: SchedulerKind {
  /// Steps until the first restart.
  package var firstPeriod: Int
  /// How many times as long each period is as the one before.
  package var growth: Int
  /// The lowest rate.
  package var lowestRate: Double

  /// Creates the rule with PyTorch's defaults.
  package init(firstPeriod: Int, growth: Int = 1, lowestRate: Double = 0) {
    (self.firstPeriod, self.growth, self.lowestRate) = (firstPeriod, growth, lowestRate)
  }

  package static let type = SchedulerType(
    "cosine_annealing_warm_restarts",
    "The rate follows a cosine down to eta_min and then begins anew (torch.optim.lr_scheduler.CosineAnnealingWarmRestarts).",
    CosineAnnealingWarmRestarts(firstPeriod: 1),
    [
      .required("T_0", .steps, \.firstPeriod, "Steps until the first restart."),
      .option(
        "T_mult", .integer(1...1_000), \.growth, "How many times as long each period is as the one before."),
      .option("eta_min", .factor, \.lowestRate, "The lowest rate."),
    ])

  package func advance(_ counter: inout StepCounter) {
    if counter.step < 0 {
      (counter.step, counter.sinceRestart, counter.period) = (0, 0, firstPeriod)
      return
    }
    counter.step += 1
    counter.sinceRestart += 1
    if counter.sinceRestart >= counter.period {
      counter.sinceRestart %= counter.period
      counter.period *= growth
    }
  }

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    let share = .pi * Double(counter.sinceRestart) / Double(counter.period)
    return lowestRate + (counter.baseRate - lowestRate) * (1 + cos(share)) / 2
  }
}

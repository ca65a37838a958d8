import Foundation

/// The rate follows half a cosine down to the lowest rate, and up again.
///
/// - Source: Loshchilov & Hutter 2016, arXiv:1608.03983.
package struct CosineAnnealingLR: SchedulerKind {
  /// Steps from the highest rate to the lowest.
  package var halfPeriod: Int
  /// The lowest rate.
  package var lowestRate: Double

  /// Creates the rule with PyTorch's default.
  package init(halfPeriod: Int, lowestRate: Double = 0) {
    (self.halfPeriod, self.lowestRate) = (halfPeriod, lowestRate)
  }

  package static let type = SchedulerType(
    "cosine_annealing_lr",
    "The rate follows a cosine down to eta_min over T_max steps, then up again (torch.optim.lr_scheduler.CosineAnnealingLR).",
    CosineAnnealingLR(halfPeriod: 1),
    [
      .required("T_max", .steps, \.halfPeriod, "Steps from the highest rate to the lowest."),
      .option("eta_min", .factor, \.lowestRate, "The lowest rate."),
    ])

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    if counter.isInitial { return group.rate }
    let (step, half) = (Double(counter.step), Double(halfPeriod))
    if (counter.step - 1 - halfPeriod) % (2 * halfPeriod) == 0 {
      return group.rate + (counter.baseRate - lowestRate) * (1 - cos(.pi / half)) / 2
    }
    let (now, before) = (1 + cos(.pi * step / half), 1 + cos(.pi * (step - 1) / half))
    return now / before * (group.rate - lowestRate) + lowestRate
  }

  package func entryRate(base: Double) -> Double? { lowestRate + (base - lowestRate) * (1 + cos(0)) / 2 }
}

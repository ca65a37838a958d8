import Foundation

/// The rate times γ at each milestone.
package struct MultiStepLR: SchedulerKind {
  /// After how many steps the rate changes, in any order; one that stands there twice counts twice.
  package var milestones: [Int]
  /// The factor γ.
  package var gamma: Double

  /// Creates the rule with PyTorch's default.
  package init(milestones: [Int], gamma: Double = 0.1) { (self.milestones, self.gamma) = (milestones, gamma) }

  package static let type = SchedulerType(
    "multi_step_lr", "The rate times gamma at each milestone (torch.optim.lr_scheduler.MultiStepLR).",
    MultiStepLR(milestones: []),
    [
      .milestones(
        .list(.steps, count: 1...1_000), \.milestones,
        "After how many steps the rate changes; one that stands there twice counts twice."),
      .option("gamma", .factor, \.gamma, "The factor."),
    ])

  package func mismatch(steps: Int, unit: String) -> OptionError? {
    milestones.first { $0 >= steps }.map { .milestone($0, steps: steps, unit: unit) }
  }

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double {
    let count = milestones.count { $0 == counter.step }
    return count == 0 ? group.rate : group.rate * pow(gamma, Double(count))
  }

  package func entryRate(base: Double) -> Double? { base }
}

extension OptionField {
  /// A list of whole numbers that must be given.
  static func milestones(
    _ kind: OptionKind, _ property: WritableKeyPath<Value, [Int]> & Sendable, _ documentation: String
  ) -> OptionField {
    .option(
      .option("milestones", kind, documentation),
      set: { $0[keyPath: property] = $1.integers("milestones") },
      value: { .list($0[keyPath: property].map { .integer($0) }) }, isDefault: { _ in false })
  }
}

extension OptionError {
  /// A milestone that no training comes to.
  static func milestone(_ milestone: Int, steps: Int, unit: String) -> OptionError {
    let end = steps == 1 ? "1 \(unit)" : "\(steps) \(unit)s"
    return OptionError(
      option: "milestones",
      "has \(milestone), but training ends after \(end), so that the rate would never change there; "
        + "take milestones below \(steps), or train for longer")
  }
}

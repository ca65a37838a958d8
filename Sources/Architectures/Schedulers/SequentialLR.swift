/// Several rules one after another, as for a warm-up.
package struct SequentialLR: SchedulerKind {
  /// The rules, in order; they count the sequence's steps.
  package var schedulers: [SchedulerRule]
  /// After how many steps each rule but the first begins.
  package var milestones: [Int]

  /// Creates the sequence.
  package init(_ kinds: [any SchedulerKind], milestones: [Int]) {
    schedulers = kinds.map { SchedulerRule($0) }
    self.milestones = milestones
  }

  package static let type = SchedulerType(
    "sequential_lr",
    "Several schedulers one after another, each from its milestone on (torch.optim.lr_scheduler.SequentialLR).",
    SequentialLR([], milestones: []),
    [
      .option(
        .option(
          "schedulers", .list(.tagged(SchedulerRegistry.kinds.map { $0.type.table }), count: 1...20),
          "The schedulers in their order, each an object as above without an interval."),
        set: { sequence, options in
          sequence.schedulers = options.objects("schedulers").map { SchedulerRule($0, among: SchedulerRegistry.kinds) }
        },
        value: { .list($0.schedulers.map { .object(Options($0.asOptions)) }) }, isDefault: { _ in false }),
      .milestones(
        .list(.integer(0...1_000_000_000), count: 0...19), \.milestones,
        "After how many steps each scheduler but the first begins."),
    ])

  package func check() throws(OptionError) {
    if milestones.count != schedulers.count - 1 {
      throw OptionError(
        option: "milestones",
        "has \(milestones.count) \(milestones.count == 1 ? "value" : "values") for \(schedulers.count) "
          + "\(schedulers.count == 1 ? "scheduler" : "schedulers"); each but the first has one: \(schedulers.count - 1)"
      )
    }
    if let (before, after) = zip(milestones, milestones.dropFirst()).first(where: { $0 > $1 }) {
      throw OptionError(option: "milestones", "goes from \(before) back to \(after); each is at least the one before")
    }
    for (index, scheduler) in schedulers.enumerated() {
      if let cycle = scheduler.kind as? OneCycleLR, cycle.givenSteps == nil {
        throw OptionError(
          option: "schedulers",
          "has a one_cycle_lr at \(index) that does not say its total_steps, as it must in a sequence")
      }
      do throws(OptionError) { try scheduler.kind.check() } catch {
        throw OptionError(option: "schedulers", "[\(index)].\(error.option) \(error.message)")
      }
    }
  }

  package func mismatch(steps: Int, unit: String) -> OptionError? {
    if let late = milestones.first(where: { $0 >= steps }) { return .milestone(late, steps: steps, unit: unit) }
    let ends = milestones + [steps]
    for (index, scheduler) in schedulers.enumerated() {
      let own = ends[index] - (index == 0 ? 0 : ends[index - 1])
      if let error = scheduler.kind.mismatch(steps: own, unit: unit) {
        return OptionError(option: "schedulers", "[\(index)].\(error.option) \(error.message)")
      }
    }
    return nil
  }

  package var changesMomentum: Bool { schedulers.contains(where: \.kind.changesMomentum) }

  package var replacesRate: Bool { schedulers.contains(where: \.kind.replacesRate) }

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double { group.rate }
}

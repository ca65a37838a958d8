/// How an optimizer's learning rate changes while it trains: a rule of torch.optim.lr_scheduler and what it counts.
package struct Scheduler: Hashable, Sendable {
  private let rule: SchedulerRule
  /// How often the rule makes a step; `nil` where it makes one at each evaluation.
  package let interval: SchedulerInterval?

  /// Every rule, in the order of manuals.
  private static let kinds: [any SchedulerKind.Type] =
    SchedulerRegistry.kinds + [ReduceLROnPlateau.self, SequentialLR.self]

  /// The rules with their options and PyTorch's defaults, and what they count.
  package static let tables: [OptionTable] = kinds.map { kind in
    let table = kind.type.table
    guard let interval = kind.type.defaultInterval else { return table }
    let option = Option.option(
      "interval", .choice(SchedulerInterval.allCases.map(\.rawValue)), default: interval.optionValue,
      "What a step of the scheduler is: an epoch or an iteration.")
    return OptionTable(table.name, table.documentation, table.options + [option])
  }

  /// Creates a scheduler; where no interval is said, it is the rule's own.
  package init(_ kind: any SchedulerKind, interval: SchedulerInterval? = nil) {
    rule = SchedulerRule(kind)
    self.interval = rule.type.defaultInterval.map { interval ?? $0 }
  }

  /// Makes the scheduler of checked options, its name among them.
  init(_ options: Options) {
    rule = SchedulerRule(options, among: Self.kinds)
    interval = rule.type.defaultInterval == nil ? nil : options.value("interval")
  }

  /// The rule.
  package var kind: any SchedulerKind { rule.kind }

  /// The name and all options, defaults written out.
  var asOptions: Options {
    var values = rule.asOptions
    if let interval { values["interval"] = interval.optionValue }
    return Options(values)
  }

  /// The name, the options that differ from their defaults and when it steps: `step_lr`, `step_size 30`, `each epoch`.
  package var words: [String] { rule.words + [interval.map { "each \($0.rawValue)" } ?? "at each evaluation"] }

  /// Whether it follows the scores on the validation examples.
  package var needsValidation: Bool { kind is ReduceLROnPlateau }

  /// Whether it follows a score that a network which reconstructs its input does not have.
  package var needsClasses: Bool { (kind as? ReduceLROnPlateau)?.monitor == .validationAccuracy }

  /// - Throws: ``OptionError`` where options do not go together, or the optimizer has no momentum to change.
  func check(hasMomentum: Bool) throws(OptionError) {
    do throws(OptionError) {
      try kind.check()
      if kind.changesMomentum, !hasMomentum {
        throw OptionError(
          option: "cycle_momentum",
          "is true, and the optimizer has neither momentum nor betas; write \"cycle_momentum\": false")
      }
    } catch { throw error.inside("scheduler") }
  }

  /// What does not fit the length of a training; `nil` where all fits.
  package func mismatch(iterations: Int, iterationsPerEpoch: Int) -> OptionError? {
    guard let interval else { return nil }
    let steps = interval.steps(iterations: iterations, iterationsPerEpoch: iterationsPerEpoch)
    return kind.mismatch(steps: steps, unit: interval.rawValue)?.inside("scheduler")
  }
}

extension SchedulerInterval {
  /// How many steps a scheduler makes in a training, one after its end included.
  func steps(iterations: Int, iterationsPerEpoch: Int) -> Int {
    self == .iteration ? iterations : (iterations + iterationsPerEpoch - 1) / iterationsPerEpoch
  }
}

extension OptionError {
  /// The same error, of an option inside another.
  fileprivate func inside(_ owner: String) -> OptionError { OptionError(option: "\(owner).\(option)", message) }
}

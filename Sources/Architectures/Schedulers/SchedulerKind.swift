/// A rule by which a learning rate changes: its options and its arithmetic. Options and defaults are those of the class of
/// the same name in torch.optim.lr_scheduler, and rates are its Doubles to the last bit: each rule multiplies, adds and
/// rounds in the order of torch's `get_lr`, which goes from the rate before to the next one.
///
/// A kind is a struct in a file of its own, which ``SchedulerRegistry`` lists.
package protocol SchedulerKind: Hashable, Sendable {
  /// The name and the options.
  static var type: SchedulerType { get }

  /// - Throws: ``OptionError`` where options do not go together.
  func check() throws(OptionError)

  /// What does not fit a training of so many steps of the scheduler; `nil` where all fits.
  ///
  /// - Parameters:
  ///   - steps: epochs or iterations, as the scheduler counts.
  ///   - unit: `epoch` or `iteration`.
  func mismatch(steps: Int, unit: String) -> OptionError?

  /// Whether the optimizer's momentum (Adam's β₁) changes too.
  var changesMomentum: Bool { get }

  /// Whether the rule has a first rate of its own, in place of the optimizer's and of those of layers.
  var replacesRate: Bool { get }

  /// What torch's constructor writes into the optimizer before the first rate is computed.
  func prepare(_ group: inout RateGroup)

  /// Counts a step; only rules that keep more than the count do something else.
  func advance(_ counter: inout StepCounter)

  /// The rate after ``StepCounter/step`` steps (torch's `get_lr`).
  func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double

  /// The rate at which a sequence enters the rule, computed without the rate before (torch's `_get_closed_form_lr` at
  /// step 0); `nil` where torch has no such form and takes ``rate(_:_:)``.
  func entryRate(base: Double) -> Double?
}

extension SchedulerKind {
  /// Nothing is wrong.
  package func check() throws(OptionError) {}

  /// Any length fits.
  package func mismatch(steps: Int, unit: String) -> OptionError? { nil }

  /// `false`
  package var changesMomentum: Bool { false }

  /// `false`
  package var replacesRate: Bool { false }

  /// Nothing.
  package func prepare(_ group: inout RateGroup) {}

  /// One step more.
  package func advance(_ counter: inout StepCounter) { counter.step += 1 }

  /// `nil`
  package func entryRate(base: Double) -> Double? { nil }

  func isEqual(to other: any SchedulerKind) -> Bool { (other as? Self) == self }
}

/// How often a rule makes a step.
package enum SchedulerInterval: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
  /// After the last batch of each epoch.
  case epoch
  /// After each batch.
  case iteration
}

/// What schedulers write into an optimizer (torch's `param_groups[0]`).
package struct RateGroup: Hashable, Sendable {
  /// The learning rate of the next training step.
  package var rate: Double
  /// The momentum of the next training step, or Adam's β₁; `nil` for an optimizer that has neither.
  package var momentum: Double?
  /// The rate that the first scheduler found, unless one sets another (`initial_lr`).
  var initialRate: Double?
  /// The highest and the lowest rate, and the ends of the momentum, of the one-cycle rule that was made last.
  var highestRate = 0.0
  var lowestRate = 0.0
  var highestMomentum = 0.0
  var lowestMomentum = 0.0

  init(rate: Double, momentum: Double?) { (self.rate, self.momentum) = (rate, momentum) }
}

/// How far a rule has come.
package struct StepCounter: Hashable, Sendable {
  /// Steps made; −1 before the first rate (`last_epoch`).
  var step = -1
  /// The optimizer's initial rate when the rule was made (`base_lrs[0]`).
  var baseRate = 0.0
  /// Whether the rate is the rule's first (`_is_initial`).
  var isInitial = false
  /// For warm restarts, the steps since the last one and from that to the next (`T_cur` and `T_i`).
  var sinceRestart = -1
  var period = 0
}

/// The name and the options of a rule as data, and how they become a ``SchedulerKind`` and come from one.
package struct SchedulerType: Sendable {
  let table: OptionTable
  /// What the rule counts where nobody says; `nil` where it has no choice.
  let defaultInterval: SchedulerInterval?
  let make: @Sendable (Options) -> any SchedulerKind
  let options: @Sendable (any SchedulerKind) -> [DescribedOption]

  /// - Parameter template: a rule whose options are the defaults; those of options that must be given don't matter.
  init<Kind: SchedulerKind>(
    _ name: String, _ documentation: String, interval: SchedulerInterval? = .epoch, _ template: Kind,
    _ fields: [OptionField<Kind>]
  ) {
    let form = OptionForm(name, documentation, template, fields)
    (table, defaultInterval) = (form.table, interval)
    make = { form.value($0) }
    options = { kind in
      guard let kind = kind as? Kind else { preconditionFailure("\(kind) is not of the type \(name)") }
      return form.options(of: kind)
    }
  }
}

extension OptionKind {
  /// A factor from above 0 to 1,000,000.
  static let positiveFactor = OptionKind.number(NumberRange(0...1_000_000, excludesMinimum: true))
  /// A number of epochs or iterations from 1 on.
  static let steps = OptionKind.integer(1...1_000_000_000)
}

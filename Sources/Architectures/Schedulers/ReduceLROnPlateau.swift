/// The rate times a factor where a score on the validation examples has not got better for some evaluations.
package struct ReduceLROnPlateau: SchedulerKind {
  /// The direction in which a score gets better.
  package enum Mode: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
    /// Downwards.
    case min
    /// Upwards.
    case max
  }

  /// How ``threshold`` is meant.
  package enum ThresholdMode: String, CaseIterable, Hashable, Sendable, OptionRepresentable {
    /// As a share of the best score.
    case relative = "rel"
    /// As a difference.
    case absolute = "abs"
  }

  /// The score that is watched.
  package var monitor: MonitoredScore
  /// The direction in which it gets better.
  package var mode: Mode
  /// The factor.
  package var factor: Double
  /// How many evaluations without a better score are let pass.
  package var patience: Int
  /// By how much a score must be better to count.
  package var threshold: Double
  /// How that is meant.
  package var thresholdMode: ThresholdMode
  /// How many evaluations after a change do not count.
  package var cooldown: Int
  /// The lowest rate.
  package var lowestRate: Double
  /// A change of no more than this is not made.
  package var smallestChange: Double

  /// Creates the rule with PyTorch's defaults; it watches the loss.
  package init(
    monitor: MonitoredScore = .validationLoss, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10,
    threshold: Double = 1e-4, thresholdMode: ThresholdMode = .relative, cooldown: Int = 0, lowestRate: Double = 0,
    smallestChange: Double = 1e-8
  ) {
    (self.monitor, self.mode, self.factor, self.patience) = (monitor, mode, factor, patience)
    (self.threshold, self.thresholdMode, self.cooldown) = (threshold, thresholdMode, cooldown)
    (self.lowestRate, self.smallestChange) = (lowestRate, smallestChange)
  }

  package static let type = SchedulerType(
    "reduce_lr_on_plateau",
    "The rate times factor where a validation score has not got better for some evaluations "
      + "(torch.optim.lr_scheduler.ReduceLROnPlateau).",
    interval: nil, ReduceLROnPlateau(),
    [
      .option(
        "monitor", .choice(MonitoredScore.allCases.map(\.rawValue)), \.monitor,
        "The score that is watched at each evaluation."
      ),
      .option(
        "mode", .choice(Mode.allCases.map(\.rawValue)), \.mode, "Whether a lower or a higher score is better."),
      .option("factor", .number(NumberRange(0...1, excludesMaximum: true)), \.factor, "The factor."),
      .option(
        "patience", .integer(0...1_000_000), \.patience, "Evaluations without a better score that are let pass."),
      .option("threshold", .factor, \.threshold, "By how much a score must be better to count."),
      .option(
        "threshold_mode", .choice(ThresholdMode.allCases.map(\.rawValue)), \.thresholdMode,
        "Whether threshold is a share of the best score or a difference."),
      .option("cooldown", .integer(0...1_000_000), \.cooldown, "Evaluations after a change that do not count."),
      .option("min_lr", .factor, \.lowestRate, "The lowest rate."),
      .option("eps", .factor, \.smallestChange, "A change of no more than this is not made."),
    ])

  package func check() throws(OptionError) {
    let better: Mode = monitor == .validationLoss ? .min : .max
    if mode != better {
      throw OptionError(
        option: "mode",
        "is \"\(mode.rawValue)\", but a \(better == .min ? "lower" : "higher") \(monitor.rawValue) is better; "
          + "write \"mode\": \"\(better.rawValue)\"")
    }
  }

  package func rate(_ counter: StepCounter, _ group: inout RateGroup) -> Double { group.rate }
}

/// What a ``ReduceLROnPlateau`` remembers of the scores.
struct PlateauWatch: Hashable, Sendable {
  private let rule: ReduceLROnPlateau
  private var best: Double
  private var badScores = 0
  private var coolingDown = 0

  init(_ rule: ReduceLROnPlateau) {
    self.rule = rule
    best = rule.mode == .min ? .infinity : -.infinity
  }

  /// Takes a score in, and changes the rate where it is time.
  mutating func take(_ score: Double, _ group: inout RateGroup) {
    if isBetter(score) {
      (best, badScores) = (score, 0)
    } else {
      badScores += 1
    }
    if coolingDown > 0 {
      coolingDown -= 1
      badScores = 0
    }
    guard badScores > rule.patience else { return }
    let next = max(group.rate * rule.factor, rule.lowestRate)
    if group.rate - next > rule.smallestChange { group.rate = next }
    (coolingDown, badScores) = (rule.cooldown, 0)
  }

  private func isBetter(_ score: Double) -> Bool {
    switch (rule.mode, rule.thresholdMode) {
    case (.min, .relative): score < best * (1 - rule.threshold)
    case (.min, .absolute): score < best - rule.threshold
    case (.max, .relative): score > best * (rule.threshold + 1)
    case (.max, .absolute): score > best + rule.threshold
    }
  }
}

/// A scheduler at work on a parameter group: the learning rate of each training step, as the same script in PyTorch would
/// have it.
///
/// All that it remembers follows from how many iterations there were and from the scores on the validation examples. So a
/// training that goes on from a checkpoint makes the same calls again, and no checkpoint holds a schedule.
package struct Schedule: Sendable {
  /// The rate and the momentum of the next training step.
  package private(set) var group: RateGroup
  private let interval: SchedulerInterval?
  private let iterationsPerEpoch: Int
  private var iterations = 0
  private var members: [Member] = []
  /// Where each member but the first begins; empty for a rule by itself.
  private var milestones: [Int] = []
  private var steps = 0
  private var plateau: (monitor: MonitoredScore, watch: PlateauWatch)?

  /// Begins a schedule; `nil` where the optimizer has no scheduler.
  ///
  /// - Parameters:
  ///   - iterations: those of the whole training.
  ///   - iterationsPerEpoch: the last, smaller batch counts.
  package init?(_ optimizer: Optimizer, iterations: Int, iterationsPerEpoch: Int) {
    guard let scheduler = optimizer.scheduler else { return nil }
    self.iterationsPerEpoch = iterationsPerEpoch
    interval = scheduler.interval
    group = RateGroup(rate: optimizer.learningRate, momentum: optimizer.momentum)
    switch scheduler.kind {
    case let rule as ReduceLROnPlateau: plateau = (rule.monitor, PlateauWatch(rule))
    case let sequence as SequentialLR: begin(sequence)
    default:
      let steps = interval?.steps(iterations: iterations, iterationsPerEpoch: iterationsPerEpoch)
      members = [Member(scheduler.kind.ofLength(steps), &group)]
    }
  }

  /// SequentialLR's constructor takes back the first step that each of its members made when it was made.
  private mutating func begin(_ sequence: SequentialLR) {
    for scheduler in sequence.schedulers { members.append(Member(scheduler.kind.ofLength(nil), &group)) }
    milestones = sequence.milestones
    if let initial = group.initialRate { group.rate = initial }
    for index in members.indices { members[index].counter.step -= 1 }
    members[place].begin(&group)
  }

  /// The member that the sequence has come to.
  private var place: Int { milestones.count { $0 <= steps } }

  /// Counts a training step.
  package mutating func trained() {
    iterations += 1
    guard let interval, interval == .iteration || iterations % iterationsPerEpoch == 0 else { return }
    steps += 1
    let place = place
    if place > 0, milestones[place - 1] == steps {
      members[place].enter(&group)
    } else {
      members[place].advance(&group)
    }
  }

  /// Takes in the scores of an evaluation on the validation examples.
  package mutating func evaluated(loss: Double, accuracy: Double?) {
    guard let score = plateau?.monitor.value(loss: loss, accuracy: accuracy) else { return }
    plateau?.watch.take(score, &group)
  }
}

/// A rule and how far it has come.
private struct Member: Sendable {
  let kind: any SchedulerKind
  var counter = StepCounter()

  /// What torch's constructor does.
  init(_ kind: any SchedulerKind, _ group: inout RateGroup) {
    self.kind = kind
    kind.prepare(&group)
    let initial = group.initialRate ?? group.rate
    group.initialRate = initial
    counter.baseRate = initial
    begin(&group)
  }

  /// The first rate.
  mutating func begin(_ group: inout RateGroup) {
    counter.isInitial = true
    advance(&group)
    counter.isInitial = false
  }

  /// A step.
  mutating func advance(_ group: inout RateGroup) {
    kind.advance(&counter)
    group.rate = kind.rate(counter, &group)
  }

  /// The first rate of a rule that a sequence comes to.
  mutating func enter(_ group: inout RateGroup) {
    counter.step = 0
    group.rate = kind.entryRate(base: counter.baseRate) ?? kind.rate(counter, &group)
  }
}

extension SchedulerKind {
  /// The rule with a length where it takes that of the training.
  fileprivate func ofLength(_ steps: Int?) -> any SchedulerKind {
    guard var cycle = self as? OneCycleLR else { return self }
    cycle.totalSteps = cycle.givenSteps ?? steps
    return cycle
  }
}

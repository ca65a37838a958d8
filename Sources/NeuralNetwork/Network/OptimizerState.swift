import Architectures
import Foundation
import Kernels

/// What an optimizer keeps between steps, and its steps over the parameters that are trained.
final class OptimizerState {
  /// Parameters that the same options change, as a parameter group of `torch.optim` has them.
  private struct Group {
    /// The optimizer with the rate and the momentum of the next step.
    var optimizer: Optimizer
    /// The place of the group's rate among ``OptimizerState/learningRates``.
    let rateIndex: Int
    /// Runs of neighbouring parameters that are trained, none so long that one thread would work on it alone.
    var runs: [Range<Int>]
  }

  /// The optimizer's own group, then one for each pair of a learning rate and a weight decay that layers have.
  private var groups: [Group]
  /// The optimizer's rate, then each other one that layers have of their own, as they are before the first step.
  let learningRates: [Double]
  private let clipping: GradientClipping?
  /// How much of the parameters' moving average a step keeps, and parts of all parameters; `nil` where none is kept.
  private let averaging: (decay: Double, parts: [Range<Int>])?
  /// Parts of tensors that are trained, none so long that one thread would work on it alone, and each tensor's parts.
  private let parts: [Range<Int>]
  private let partsOfTensor: [Range<Int>]
  /// The sum of the squares of each part's gradients.
  private let sums: UnsafeMutablePointer<Double>
  /// Steps made.
  var steps = 0
  /// NAdam's product of the momenta so far, and the number of steps that it is of.
  private var momentumProduct = (value: Float(1), steps: 0)

  init(
    _ optimizer: Optimizer, clipping: GradientClipping?, averageDecay: Double?, slots: [ParameterSlot],
    parameterCount: Int
  ) {
    self.clipping = clipping
    averaging = averageDecay.map { ($0, Self.parts(of: 0..<parameterCount)) }
    var groups = [Group(optimizer: optimizer, rateIndex: 0, runs: [])]
    var rates = [optimizer.learningRate]
    for slot in slots where slot.kind == .parameter(trainable: true) {
      let own = optimizer.with(
        learningRate: slot.description.learningRate, weightDecay: slot.description.weightDecay)
      let group = groups.firstIndex { $0.optimizer == own } ?? groups.count
      if group == groups.count {
        let index = rates.firstIndex(of: own.learningRate) ?? rates.count
        if index == rates.count { rates.append(own.learningRate) }
        groups.append(Group(optimizer: own, rateIndex: index, runs: []))
      }
      let end = slot.offset + aligned(slot.description.count)
      if let last = groups[group].runs.last, last.upperBound == slot.offset {
        groups[group].runs[groups[group].runs.count - 1] = last.lowerBound..<end
      } else {
        groups[group].runs.append(slot.offset..<end)
      }
    }
    for index in groups.indices { groups[index].runs = groups[index].runs.flatMap(Self.parts) }
    self.groups = groups
    learningRates = rates
    var (parts, partsOfTensor): ([Range<Int>], [Range<Int>]) = ([], [])
    for slot in slots where slot.kind == .parameter(trainable: true) {
      let own = Self.parts(of: slot.offset..<slot.offset + slot.description.count)
      partsOfTensor.append(parts.count..<parts.count + own.count)
      parts += own
    }
    (self.parts, self.partsOfTensor) = (parts, partsOfTensor)
    sums = .allocate(capacity: parts.count)
    sums.initialize(repeating: 0, count: parts.count)
  }

  deinit { sums.deallocate() }

  private static func parts(of run: Range<Int>) -> [Range<Int>] {
    stride(from: run.lowerBound, to: run.upperBound, by: longestRun).map { $0..<min($0 + longestRun, run.upperBound) }
  }

  private static let longestRun = 1 << 15

  /// Sets the rate, and where it is cycled the momentum, of the steps from now on, for what began with one of the
  /// ``learningRates``.
  func follow(_ rateGroup: RateGroup, rateIndex: Int) {
    for index in groups.indices where groups[index].rateIndex == rateIndex {
      groups[index].optimizer = groups[index].optimizer.with(rateGroup)
    }
  }

  /// Takes one step.
  func step(_ memory: NetworkMemory, _ team: ThreadTeam = ThreadTeam(threads: 1)) {
    steps += 1
    if let clipping { clip(clipping, memory, team) }
    for group in groups {
      let place = StepPlace(
        runs: group.runs, memory: memory, team: team, seesSubnormals: group.optimizer.seesSubnormals)
      switch group.optimizer {
      case .sgd(let options): step(options, place)
      case .adam(let options): step(options, decoupled: false, place)
      case .adamW(let options): step(options, decoupled: true, place)
      case .rmsprop(let options): step(options, place)
      case .adagrad(let options): step(options, place)
      case .adadelta(let options): step(options, place)
      case .adamax(let options): step(options, place)
      case .nadam(let options): step(options, place)
      case .radam(let options): step(options, place)
      case .rprop(let options): step(options, place)
      }
    }
    if let averaging { average(averaging.parts, decay: averaging.decay, memory, team) }
  }

  /// Moves the average of all parameters, as `torch.optim.swa_utils.AveragedModel` does after a step: it begins with what
  /// the first step made of them.
  private func average(_ parts: [Range<Int>], decay: Double, _ memory: NetworkMemory, _ team: ThreadTeam) {
    team.run(parts.count) { [isFirst = steps == 1] index in
      let (start, count) = (parts[index].lowerBound, parts[index].count)
      if isFirst {
        (memory.averages + start).update(from: memory.parameters + start, count: count)
      } else {
        moveAverage(
          count: count, memory.averages + start, towards: memory.parameters + start, by: Float(1 - decay))
      }
    }
  }

  /// Bounds the gradients as torch.nn.utils does, the norm over all tensors being the norm of each tensor's norm.
  private func clip(_ clipping: GradientClipping, _ memory: NetworkMemory, _ team: ThreadTeam) {
    switch clipping {
    case .value(let limit):
      team.run(parts.count) {
        clamp(count: parts[$0].count, memory.gradients + parts[$0].lowerBound, to: Float(limit))
      }
    case .norm(let limit):
      team.run(parts.count) {
        sums[$0] = sumOfSquares(count: parts[$0].count, memory.gradients + parts[$0].lowerBound)
      }
      var total = 0.0
      for own in partsOfTensor {
        let norm = Double(Float(own.reduce(0) { $0 + sums[$1] }.squareRoot()))
        total += norm * norm
      }
      // PyTorch divides by taking the reciprocal, and multiplies by 1 where the norm is small enough.
      let factor = 1 / (Float(total.squareRoot()) + 1e-6) * Float(limit)
      guard !(factor >= 1) else { return }
      team.run(parts.count) { scale(count: parts[$0].count, memory.gradients + parts[$0].lowerBound, by: factor) }
    }
  }

  private func step(_ options: Optimizer.SGD, _ place: StepPlace) {
    let step = SGDStep(
      learningRate: Float(options.learningRate), momentum: Float(options.momentum),
      oneMinusDampening: Float(1 - options.dampening), weightDecay: Float(options.weightDecay),
      nesterov: options.nesterov,
      isFirst: steps == 1)
    place.forEachRun { run, moment in
      sgdStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients,
        velocity: run.momentCount > 0 ? moment(0) : nil)
    }
  }

  private func step(_ options: Optimizer.Adam, decoupled: Bool, _ place: StepPlace) {
    let count = Double(steps)
    let step = AdamStep(
      moments: AdamMoments(
        beta1: options.beta1, beta2: options.beta2, weightDecay: options.weightDecay,
        decoupledAt: decoupled ? options.learningRate : nil),
      stepSize: Float(options.learningRate / (1 - pow(options.beta1, count))),
      sqrtBiasCorrection2: Float((1 - pow(options.beta2, count)).squareRoot()), eps: Float(options.eps))
    place.forEachRun { run, moment in
      adamStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, first: moment(0),
        second: moment(1), largest: run.momentCount > 2 ? moment(2) : nil)
    }
  }

  private func step(_ options: Optimizer.RMSprop, _ place: StepPlace) {
    let step = RMSpropStep(
      learningRate: Float(options.learningRate), alpha: Float(options.alpha), oneMinusAlpha: Float(1 - options.alpha),
      eps: Float(options.eps), weightDecay: Float(options.weightDecay), momentum: Float(options.momentum))
    let hasMomentum = options.momentum > 0
    place.forEachRun { run, moment in
      rmspropStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, squares: moment(0),
        velocity: hasMomentum ? moment(1) : nil, mean: options.centered ? moment(run.momentCount - 1) : nil)
    }
  }

  private func step(_ options: Optimizer.Adagrad, _ place: StepPlace) {
    let step = AdagradStep(
      learningRate: Float(options.learningRate / (1 + Double(steps - 1) * options.learningRateDecay)),
      eps: Float(options.eps), weightDecay: Float(options.weightDecay),
      initialValue: Float(options.initialAccumulatorValue), isFirst: steps == 1)
    place.forEachRun { run, moment in
      adagradStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, sums: moment(0))
    }
  }

  private func step(_ options: Optimizer.Adadelta, _ place: StepPlace) {
    let step = AdadeltaStep(
      learningRate: Float(options.learningRate), rho: Float(options.rho), oneMinusRho: Float(1 - options.rho),
      eps: Float(options.eps), weightDecay: Float(options.weightDecay))
    place.forEachRun { run, moment in
      adadeltaStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, squares: moment(0),
        changes: moment(1))
    }
  }

  private func step(_ options: Optimizer.Adamax, _ place: StepPlace) {
    let step = AdamaxStep(
      stepSize: Float(options.learningRate / (1 - pow(options.beta1, Double(steps)))),
      oneMinusBeta1: Float(1 - options.beta1), beta2: Float(options.beta2), eps: Float(options.eps),
      weightDecay: Float(options.weightDecay))
    place.forEachRun { run, moment in
      adamaxStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, first: moment(0),
        largest: moment(1))
    }
  }

  private func step(_ options: Optimizer.NAdam, _ place: StepPlace) {
    let product = Double(momentumProduct(options))
    let (momentum, next) = (Self.momentum(options, step: steps), Self.momentum(options, step: steps + 1))
    let rate = -options.learningRate
    let step = NAdamStep(
      moments: AdamMoments(
        beta1: options.beta1, beta2: options.beta2, weightDecay: options.weightDecay,
        decoupledAt: options.decoupledWeightDecay ? options.learningRate : nil),
      gradientRate: Float(rate * (1 - momentum) / (1 - product)), momentRate: Float(rate * next / (1 - product * next)),
      biasCorrection2: Float(1 - pow(options.beta2, Double(steps))), eps: Float(options.eps))
    place.forEachRun { run, moment in
      nadamStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, first: moment(0),
        second: moment(1))
    }
  }

  /// NAdam's momentum of a step.
  private static func momentum(_ options: Optimizer.NAdam, step: Int) -> Double {
    options.beta1 * (1 - 0.5 * pow(0.96, Double(step) * options.momentumDecay))
  }

  /// The product of NAdam's momenta up to this step, which PyTorch keeps in Float. A network that goes on from a snapshot
  /// multiplies them anew.
  private func momentumProduct(_ options: Optimizer.NAdam) -> Float {
    if momentumProduct.steps > steps { momentumProduct = (1, 0) }
    for step in momentumProduct.steps..<steps {
      momentumProduct.value *= Float(Self.momentum(options, step: step + 1))
    }
    momentumProduct.steps = steps
    return momentumProduct.value
  }

  private func step(_ options: Optimizer.RAdam, _ place: StepPlace) {
    let count = Double(steps)
    let fade = pow(options.beta2, count)
    let correction2 = 1 - fade
    // The length of the moving average of the squares, at last and now (equations 3 to 5 of the paper).
    let atLast = 2 / (1 - options.beta2) - 1
    let now = atLast - 2 * count * fade / correction2
    let rectification = ((now - 4) * (now - 2) * atLast / ((atLast - 4) * (atLast - 2) * now)).squareRoot()
    let step = RAdamStep(
      moments: AdamMoments(
        beta1: options.beta1, beta2: options.beta2, weightDecay: options.weightDecay,
        decoupledAt: options.decoupledWeightDecay ? options.learningRate : nil),
      learningRate: Float(options.learningRate), biasCorrection1: Float(1 - pow(options.beta1, count)),
      sqrtBiasCorrection2: Float(correction2.squareRoot()), rectification: now > 5 ? Float(rectification) : nil,
      eps: Float(options.eps))
    place.forEachRun { run, moment in
      radamStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, first: moment(0),
        second: moment(1))
    }
  }

  private func step(_ options: Optimizer.Rprop, _ place: StepPlace) {
    let step = RpropStep(
      initialStep: Float(options.learningRate), etaMinus: Float(options.etaMinus), etaPlus: Float(options.etaPlus),
      smallestStep: Float(options.smallestStep), largestStep: Float(options.largestStep), isFirst: steps == 1)
    place.forEachRun { run, moment in
      rpropStep(
        step, count: run.count, parameters: run.parameters, gradients: run.gradients, previous: moment(0),
        sizes: moment(1))
    }
  }
}

/// The parameters of a group, and who works on them.
private struct StepPlace {
  let runs: [Range<Int>]
  let memory: NetworkMemory
  let team: ThreadTeam
  let seesSubnormals: Bool

  /// A run of neighbouring parameters.
  struct Run {
    let count: Int
    let parameters: UnsafeMutablePointer<Float>
    let gradients: UnsafePointer<Float>
    let momentCount: Int
  }

  /// Calls `body` with each run, and with what gives the run's part of the moment of a number.
  @inline(__always)
  func forEachRun(_ body: (Run, _ moment: (Int) -> UnsafeMutablePointer<Float>) -> Void) {
    team.run(runs.count) { index in
      let start = runs[index].lowerBound
      let run = Run(
        count: runs[index].count, parameters: memory.parameters + start,
        gradients: UnsafePointer(memory.gradients + start), momentCount: memory.momentCount)
      func step() { body(run) { memory.moments + $0 * memory.parameterCount + start } }
      if seesSubnormals { step() } else { withoutSubnormals(step) }
    }
  }
}

extension Optimizer {
  /// Whether a step would be another, to its last digit, if subnormal gradients and moments, and parameters of that size,
  /// were zero. Of a second moment is lost what a step adds to it, while that is subnormal: a root of √(2⁻¹²⁶ / (1 − β₂)),
  /// 10⁻¹⁷ at most. Beside `eps` that is lost by rounding, unless `eps` is tiny too.
  fileprivate var seesSubnormals: Bool {
    let least = 1e-9
    switch self {
    case .sgd: return false
    case .adam(let options), .adamW(let options): return options.eps < least
    // Less a mean's square, what is left of the moment may not be negative.
    case .rmsprop(let options): return options.centered || options.eps < least
    // Its sums never fade, but add up.
    case .adagrad: return true
    case .adadelta(let options): return options.eps < least
    case .adamax(let options): return options.eps < least
    case .nadam(let options): return options.eps < least
    case .radam(let options): return options.eps < least
    // It steps by the sign of a product of two gradients, however small.
    case .rprop: return true
    }
  }

  /// How many values the optimizer keeps for each parameter.
  package var momentCount: Int {
    let cyclesMomentum = scheduler?.kind.changesMomentum == true
    switch self {
    case .sgd(let options): return options.momentum == 0 && !cyclesMomentum ? 0 : 1
    case .adam(let options), .adamW(let options): return options.amsgrad ? 3 : 2
    case .rmsprop(let options):
      return 1 + (options.momentum > 0 || cyclesMomentum ? 1 : 0) + (options.centered ? 1 : 0)
    case .adagrad: return 1
    case .adadelta, .adamax, .nadam, .radam, .rprop: return 2
    }
  }
}

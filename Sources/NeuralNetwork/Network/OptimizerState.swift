import Architectures
import Foundation
import Kernels

/// What an optimizer keeps between steps, and its steps over the parameters that are trained.
final class OptimizerState {
  /// The optimizer with the rate and the momentum of the next step.
  private var optimizer: Optimizer
  private let clipping: GradientClipping?
  /// Runs of neighbouring parameters that are trained, none so long that one thread would work on it alone.
  private let runs: [Range<Int>]
  /// Parts of tensors that are trained, none so long that one thread would work on it alone, and each tensor's parts.
  private let parts: [Range<Int>]
  private let partsOfTensor: [Range<Int>]
  /// The sum of the squares of each part's gradients.
  private let sums: UnsafeMutablePointer<Double>
  /// Steps made.
  var steps = 0

  init(_ optimizer: Optimizer, clipping: GradientClipping?, slots: [ParameterSlot]) {
    (self.optimizer, self.clipping) = (optimizer, clipping)
    var runs: [Range<Int>] = []
    for slot in slots where slot.kind == .parameter(trainable: true) {
      let end = slot.offset + aligned(slot.description.count)
      if let last = runs.last, last.upperBound == slot.offset {
        runs[runs.count - 1] = last.lowerBound..<end
      } else {
        runs.append(slot.offset..<end)
      }
    }
    self.runs = runs.flatMap(Self.parts)
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

  /// Sets the rate, and where it is cycled the momentum, of the steps from now on.
  func follow(_ group: RateGroup) { optimizer = optimizer.with(group) }

  /// Takes one step.
  func step(_ memory: NetworkMemory, _ team: ThreadTeam = ThreadTeam(threads: 1)) {
    steps += 1
    if let clipping { clip(clipping, memory, team) }
    switch optimizer {
    case .sgd(let options): step(options, memory, team)
    case .adam(let options): step(options, decoupled: false, memory, team)
    case .adamW(let options): step(options, decoupled: true, memory, team)
    }
  }

  /// Bounds the gradients as torch.nn.utils does, the norm over all tensors being the norm of each tensor's norm.
  private func clip(_ clipping: GradientClipping, _ memory: NetworkMemory, _ team: ThreadTeam) {
    switch clipping {
    case .value(let limit):
      team.run(runs.count) { clamp(count: runs[$0].count, memory.gradients + runs[$0].lowerBound, to: Float(limit)) }
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
      team.run(runs.count) { scale(count: runs[$0].count, memory.gradients + runs[$0].lowerBound, by: factor) }
    }
  }

  private func step(_ options: Optimizer.SGD, _ memory: NetworkMemory, _ team: ThreadTeam) {
    let step = SGDStep(
      learningRate: Float(options.learningRate), momentum: Float(options.momentum),
      oneMinusDampening: Float(1 - options.dampening), weightDecay: Float(options.weightDecay),
      nesterov: options.nesterov,
      isFirst: steps == 1)
    team.run(runs.count) { index in
      let run = runs[index]
      sgdStep(
        step, count: run.count, parameters: memory.parameters + run.lowerBound,
        gradients: memory.gradients + run.lowerBound,
        velocity: memory.momentCount > 0 ? memory.moments + run.lowerBound : nil)
    }
  }

  private func step(_ options: Optimizer.Adam, decoupled: Bool, _ memory: NetworkMemory, _ team: ThreadTeam) {
    let count = Double(steps)
    let step = AdamStep(
      stepSize: Float(options.learningRate / (1 - pow(options.beta1, count))),
      oneMinusBeta1: Float(1 - options.beta1),
      beta2: Float(options.beta2), oneMinusBeta2: Float(1 - options.beta2),
      sqrtBiasCorrection2: Float((1 - pow(options.beta2, count)).squareRoot()), eps: Float(options.eps),
      weightDecay: decoupled ? 0 : Float(options.weightDecay),
      decayFactor: decoupled ? Float(1 - options.learningRate * options.weightDecay) : 1)
    team.run(runs.count) { index in
      let run = runs[index]
      let moment = memory.moments + run.lowerBound
      adamStep(
        step, count: run.count, parameters: memory.parameters + run.lowerBound,
        gradients: memory.gradients + run.lowerBound, first: moment, second: moment + memory.parameterCount,
        largest: memory.momentCount > 2 ? moment + 2 * memory.parameterCount : nil)
    }
  }
}

extension Optimizer {
  /// How many values the optimizer keeps for each parameter.
  package var momentCount: Int {
    switch self {
    case .sgd(let options): options.momentum == 0 && scheduler?.kind.changesMomentum != true ? 0 : 1
    case .adam(let options), .adamW(let options): options.amsgrad ? 3 : 2
    }
  }
}

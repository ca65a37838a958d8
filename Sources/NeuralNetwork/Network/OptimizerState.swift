import Architectures
import Foundation
import Kernels

/// What an optimizer keeps between steps, and its steps over the parameters that are trained.
final class OptimizerState {
  private let optimizer: Optimizer
  /// Runs of neighbouring parameters that are trained, none so long that one thread would work on it alone.
  private let runs: [Range<Int>]
  /// Steps made.
  var steps = 0

  init(_ optimizer: Optimizer, slots: [ParameterSlot]) {
    self.optimizer = optimizer
    var runs: [Range<Int>] = []
    for slot in slots where slot.kind == .parameter(trainable: true) {
      let end = slot.offset + aligned(slot.description.count)
      if let last = runs.last, last.upperBound == slot.offset {
        runs[runs.count - 1] = last.lowerBound..<end
      } else {
        runs.append(slot.offset..<end)
      }
    }
    self.runs = runs.flatMap { run in
      stride(from: run.lowerBound, to: run.upperBound, by: Self.longestRun).map {
        $0..<min($0 + Self.longestRun, run.upperBound)
      }
    }
  }

  private static let longestRun = 1 << 15

  /// Takes one step.
  func step(_ memory: NetworkMemory, _ team: ThreadTeam = ThreadTeam(threads: 1)) {
    steps += 1
    switch optimizer {
    case .sgd(let options): step(options, memory, team)
    case .adam(let options): step(options, decoupled: false, memory, team)
    case .adamW(let options): step(options, decoupled: true, memory, team)
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
    case .sgd(let options): options.momentum == 0 ? 0 : 1
    case .adam(let options), .adamW(let options): options.amsgrad ? 3 : 2
    }
  }
}

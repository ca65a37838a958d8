import Architectures
import Foundation
import Kernels

/// Takes an optimizer's steps over the parameters that are trained.
final class Stepper {
  private let optimizer: Optimizer
  /// Runs of neighbouring parameters that are trained.
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
    self.runs = runs
  }

  /// Takes one step.
  func step(_ memory: NetworkMemory) {
    steps += 1
    switch optimizer {
    case .sgd(let options): step(options, memory)
    case .adam(let options): step(options, decoupled: false, memory)
    case .adamW(let options): step(options, decoupled: true, memory)
    }
  }

  private func step(_ options: Optimizer.SGD, _ memory: NetworkMemory) {
    let step = SGDStep(
      learningRate: Float(options.learningRate), momentum: Float(options.momentum),
      fresh: Float(1 - options.dampening), weightDecay: Float(options.weightDecay), nesterov: options.nesterov,
      isFirst: steps == 1)
    for run in runs {
      sgdStep(
        step, count: run.count, parameters: memory.parameters + run.lowerBound,
        gradients: memory.gradients + run.lowerBound,
        velocity: memory.momentCount > 0 ? memory.moments + run.lowerBound : nil)
    }
  }

  private func step(_ options: Optimizer.Adam, decoupled: Bool, _ memory: NetworkMemory) {
    let count = Double(steps)
    let step = AdamStep(
      stepSize: Float(options.learningRate / (1 - pow(options.beta1, count))), freshFirst: Float(1 - options.beta1),
      beta2: Float(options.beta2), freshSecond: Float(1 - options.beta2),
      correction: Float((1 - pow(options.beta2, count)).squareRoot()), eps: Float(options.eps),
      weightDecay: decoupled ? 0 : Float(options.weightDecay),
      shrink: decoupled ? Float(1 - options.learningRate * options.weightDecay) : 1)
    for run in runs {
      let moment = memory.moments + run.lowerBound
      adamStep(
        step, count: run.count, parameters: memory.parameters + run.lowerBound,
        gradients: memory.gradients + run.lowerBound, first: moment, second: moment + memory.parameterCount,
        largest: memory.momentCount > 2 ? moment + 2 * memory.parameterCount : nil)
    }
  }
}

/// Constants of a step of Lion.
package struct LionStep: Sendable {
  /// The learning rate.
  package var learningRate: Float
  /// β₁, the momentum's share in what is taken the sign of.
  package var beta1: Float
  /// One minus β₁.
  package var oneMinusBeta1: Float
  /// β₂, the share of the momentum that is kept.
  package var beta2: Float
  /// One minus β₂.
  package var oneMinusBeta2: Float
  /// What the weight decay leaves of a parameter.
  package var decayFactor: Float

  /// Creates the constants.
  package init(learningRate: Double, beta1: Double, beta2: Double, weightDecay: Double) {
    self.learningRate = Float(learningRate)
    (self.beta1, oneMinusBeta1) = (Float(beta1), Float(1 - beta1))
    (self.beta2, oneMinusBeta2) = (Float(beta2), Float(1 - beta2))
    decayFactor = Float(1 - learningRate * weightDecay)
  }
}

/// Takes one step of Lion.
package func lionStep(
  _ step: LionStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  momentum: UnsafeMutablePointer<Float>
) {
  let rate = Float8(repeating: -step.learningRate)
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes) * step.decayFactor
    let gradient = load8(gradients + index, count: lanes)
    let mean = load8(momentum + index, count: lanes)
    // Zero and what is not a number stay as they are.
    var sign = (mean * step.beta1).addingProduct(step.oneMinusBeta1, gradient)
    sign.replace(with: 1, where: sign .> 0)
    sign.replace(with: -1, where: sign .< 0)
    store8(value.addingProduct(rate, sign), count: lanes, to: parameters + index)
    store8((mean * step.beta2).addingProduct(step.oneMinusBeta2, gradient), count: lanes, to: momentum + index)
  }
  forEachVector(count, update)
}

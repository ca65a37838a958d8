// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of RAdam, which depend on how many were made.
package struct RAdamStep: Sendable {
  /// The learning rate.
  package var learningRate: Float
  /// One minus β₁, the share of the first moment that is kept.
  package var oneMinusBeta1: Float
  /// β₂, the share of the second moment that is kept.
  package var beta2: Float
  /// One minus β₂.
  package var oneMinusBeta2: Float
  /// The first bias correction, `1 − β₁ᵗ`.
  package var biasCorrection1: Float
  /// The root of the second bias correction, `√(1 − β₂ᵗ)`.
  package var sqrtBiasCorrection2: Float
  /// The rectification; `nil` while the second moment is known too badly to be used.
  package var rectification: Float?
  /// Added to the root of the second moment.
  package var eps: Float
  /// The L2 penalty's factor; 0 where the weight decay is decoupled.
  package var weightDecay: Float
  /// The decay factor on the parameters before the step, where the weight decay is decoupled; otherwise 1.
  package var decayFactor: Float

  /// Creates the constants.
  package init(
    learningRate: Float, oneMinusBeta1: Float, beta2: Float, oneMinusBeta2: Float, biasCorrection1: Float,
    sqrtBiasCorrection2: Float, rectification: Float?, eps: Float, weightDecay: Float, decayFactor: Float
  ) {
    (self.learningRate, self.oneMinusBeta1, self.beta2) = (learningRate, oneMinusBeta1, beta2)
    (self.oneMinusBeta2, self.biasCorrection1, self.sqrtBiasCorrection2) = (
      oneMinusBeta2, biasCorrection1, sqrtBiasCorrection2
    )
    (self.rectification, self.eps, self.weightDecay) = (rectification, eps, weightDecay)
    self.decayFactor = decayFactor
  }
}

/// Takes one step of RAdam.
package func radamStep(
  _ step: RAdamStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
) {
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes) * step.decayFactor
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    let mean = moved(load8(first + index, count: lanes), towards: gradient, by: step.oneMinusBeta1)
    let square = faded(
      load8(second + index, count: lanes), keeping: step.beta2, adding: step.oneMinusBeta2, of: gradient)
    store8(mean, count: lanes, to: first + index)
    store8(square, count: lanes, to: second + index)
    var change = mean / step.biasCorrection1 * step.learningRate
    if let rectification = step.rectification {
      // PyTorch divides a number by a tensor as it multiplies the inverse.
      change = change * (1 / (square.squareRoot() + step.eps) * step.sqrtBiasCorrection2) * rectification
    }
    store8(value - change, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

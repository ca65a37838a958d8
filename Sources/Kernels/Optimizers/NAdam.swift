// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of NAdam, which depend on how many were made.
package struct NAdamStep: Sendable {
  /// What the gradient is multiplied by: `−lr (1 − μₜ) / (1 − Π μ)`.
  package var gradientRate: Float
  /// What the first moment is multiplied by: `−lr μₜ₊₁ / (1 − μₜ₊₁ Π μ)`.
  package var momentRate: Float
  /// One minus β₁, the share of the first moment that is kept.
  package var oneMinusBeta1: Float
  /// β₂, the share of the second moment that is kept.
  package var beta2: Float
  /// One minus β₂.
  package var oneMinusBeta2: Float
  /// The second bias correction, `1 − β₂ᵗ`.
  package var biasCorrection2: Float
  /// Added to the root of the second moment.
  package var eps: Float
  /// The L2 penalty's factor; 0 where the weight decay is decoupled.
  package var weightDecay: Float
  /// The decay factor on the parameters before the step, where the weight decay is decoupled; otherwise 1.
  package var decayFactor: Float

  /// Creates the constants.
  package init(
    gradientRate: Float, momentRate: Float, oneMinusBeta1: Float, beta2: Float, oneMinusBeta2: Float,
    biasCorrection2: Float, eps: Float, weightDecay: Float, decayFactor: Float
  ) {
    (self.gradientRate, self.momentRate, self.oneMinusBeta1) = (gradientRate, momentRate, oneMinusBeta1)
    (self.beta2, self.oneMinusBeta2, self.biasCorrection2) = (beta2, oneMinusBeta2, biasCorrection2)
    (self.eps, self.weightDecay, self.decayFactor) = (eps, weightDecay, decayFactor)
  }
}

/// Takes one step of NAdam.
package func nadamStep(
  _ step: NAdamStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
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
    let denominator = (square / step.biasCorrection2).squareRoot() + step.eps
    let ahead = value + step.gradientRate * gradient / denominator
    store8(ahead + step.momentRate * mean / denominator, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

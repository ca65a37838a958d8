// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of Adam, which depend on how many were made.
package struct AdamStep: Sendable {
  /// The learning rate over the first bias correction.
  package var stepSize: Float
  /// One minus β₁, the share of the first moment that is kept.
  package var oneMinusBeta1: Float
  /// β₂, the share of the second moment that is kept.
  package var beta2: Float
  /// One minus β₂.
  package var oneMinusBeta2: Float
  /// The root of the second bias correction, `√(1 − β₂ᵗ)`.
  package var sqrtBiasCorrection2: Float
  /// Added to the root of the second moment.
  package var eps: Float
  /// The L2 penalty's factor (Adam); 0 for AdamW.
  package var weightDecay: Float
  /// The decay factor on the parameters before the step (AdamW); 1 for Adam.
  package var decayFactor: Float

  /// Creates the constants.
  package init(
    stepSize: Float, oneMinusBeta1: Float, beta2: Float, oneMinusBeta2: Float, sqrtBiasCorrection2: Float, eps: Float,
    weightDecay: Float, decayFactor: Float
  ) {
    (self.stepSize, self.oneMinusBeta1, self.beta2, self.oneMinusBeta2) = (
      stepSize, oneMinusBeta1, beta2, oneMinusBeta2
    )
    (self.sqrtBiasCorrection2, self.eps, self.weightDecay, self.decayFactor) = (
      sqrtBiasCorrection2, eps, weightDecay, decayFactor
    )
  }
}

/// Takes one step of Adam, AdamW, or, where `largest` is given, AMSGrad.
package func adamStep(
  _ step: AdamStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, largest: UnsafeMutablePointer<Float>?
) {
  let rate = -step.stepSize
  // PyTorch divides by the correction; a product differs by a rounding and saves a quarter of the time.
  let inverseCorrection = 1 / step.sqrtBiasCorrection2
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes) * step.decayFactor
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    let mean = moved(load8(first + index, count: lanes), towards: gradient, by: step.oneMinusBeta1)
    var square = faded(
      load8(second + index, count: lanes), keeping: step.beta2, adding: step.oneMinusBeta2, of: gradient)
    store8(mean, count: lanes, to: first + index)
    store8(square, count: lanes, to: second + index)
    if let largest {
      let before = load8(largest + index, count: lanes)
      square.replace(with: before, where: (before .>= square) .| (before .!= before))
      store8(square, count: lanes, to: largest + index)
    }
    let denominator = square.squareRoot() * inverseCorrection + step.eps
    store8(value + rate * mean / denominator, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

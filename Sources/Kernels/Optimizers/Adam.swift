// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of Adam, which depend on how many were made.
package struct AdamStep: Sendable {
  /// The learning rate over the first bias correction.
  package var stepSize: Float
  /// What comes first.
  package var moments: AdamMoments
  /// The root of the second bias correction, `√(1 − β₂ᵗ)`.
  package var sqrtBiasCorrection2: Float
  /// Added to the root of the second moment.
  package var eps: Float

  /// Creates the constants.
  package init(moments: AdamMoments, stepSize: Float, sqrtBiasCorrection2: Float, eps: Float) {
    (self.moments, self.stepSize) = (moments, stepSize)
    (self.sqrtBiasCorrection2, self.eps) = (sqrtBiasCorrection2, eps)
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
    let (value, _, mean, newest) = step.moments.update(
      index, lanes, parameters: parameters, gradients: gradients, first: first, second: second)
    var square = newest
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

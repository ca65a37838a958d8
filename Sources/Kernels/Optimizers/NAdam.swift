// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of NAdam, which depend on how many were made.
package struct NAdamStep: Sendable {
  /// What the gradient is multiplied by: `−lr (1 − μₜ) / (1 − Π μ)`.
  package var gradientRate: Float
  /// What the first moment is multiplied by: `−lr μₜ₊₁ / (1 − μₜ₊₁ Π μ)`.
  package var momentRate: Float
  /// What comes first.
  package var moments: AdamMoments
  /// The second bias correction, `1 − β₂ᵗ`.
  package var biasCorrection2: Float
  /// Added to the root of the second moment.
  package var eps: Float

  /// Creates the constants.
  package init(moments: AdamMoments, gradientRate: Float, momentRate: Float, biasCorrection2: Float, eps: Float) {
    (self.moments, self.gradientRate, self.momentRate) = (moments, gradientRate, momentRate)
    (self.biasCorrection2, self.eps) = (biasCorrection2, eps)
  }
}

/// Takes one step of NAdam.
package func nadamStep(
  _ step: NAdamStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
) {
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let (value, gradient, mean, square) = step.moments.update(
      index, lanes, parameters: parameters, gradients: gradients, first: first, second: second)
    let denominator = (square / step.biasCorrection2).squareRoot() + step.eps
    let ahead = value + step.gradientRate * gradient / denominator
    store8(ahead + step.momentRate * mean / denominator, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

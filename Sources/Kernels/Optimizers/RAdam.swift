// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of RAdam, which depend on how many were made.
package struct RAdamStep: Sendable {
  /// The learning rate.
  package var learningRate: Float
  /// What comes first.
  package var moments: AdamMoments
  /// The first bias correction, `1 − β₁ᵗ`.
  package var biasCorrection1: Float
  /// The root of the second bias correction, `√(1 − β₂ᵗ)`.
  package var sqrtBiasCorrection2: Float
  /// The rectification; `nil` while the second moment is known too badly to be used.
  package var rectification: Float?
  /// Added to the root of the second moment.
  package var eps: Float

  /// Creates the constants.
  package init(
    moments: AdamMoments, learningRate: Float, biasCorrection1: Float, sqrtBiasCorrection2: Float,
    rectification: Float?, eps: Float
  ) {
    (self.moments, self.learningRate, self.biasCorrection1) = (moments, learningRate, biasCorrection1)
    (self.sqrtBiasCorrection2, self.rectification, self.eps) = (sqrtBiasCorrection2, rectification, eps)
  }
}

/// Takes one step of RAdam.
package func radamStep(
  _ step: RAdamStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
) {
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let (value, _, mean, square) = step.moments.update(
      index, lanes, parameters: parameters, gradients: gradients, first: first, second: second)
    var change = mean / step.biasCorrection1 * step.learningRate
    if let rectification = step.rectification {
      // PyTorch divides a number by a tensor as it multiplies the inverse.
      change = change * (1 / (square.squareRoot() + step.eps) * step.sqrtBiasCorrection2) * rectification
    }
    store8(value - change, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

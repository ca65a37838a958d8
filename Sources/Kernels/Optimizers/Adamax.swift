// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of Adamax, which depend on how many were made.
package struct AdamaxStep: Sendable {
  /// The learning rate over the bias correction.
  package var stepSize: Float
  /// One minus β₁, the share of the first moment that is kept.
  package var oneMinusBeta1: Float
  /// β₂, the factor by which the largest gradient fades.
  package var beta2: Float
  /// Added to the size of each gradient.
  package var eps: Float
  /// The L2 penalty's factor.
  package var weightDecay: Float

  /// Creates the constants.
  package init(stepSize: Float, oneMinusBeta1: Float, beta2: Float, eps: Float, weightDecay: Float) {
    (self.stepSize, self.oneMinusBeta1, self.beta2) = (stepSize, oneMinusBeta1, beta2)
    (self.eps, self.weightDecay) = (eps, weightDecay)
  }
}

/// Takes one step of Adamax; `largest` are the sizes of the largest gradients, fading.
package func adamaxStep(
  _ step: AdamaxStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  first: UnsafeMutablePointer<Float>, largest: UnsafeMutablePointer<Float>
) {
  let rate = -step.stepSize
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes)
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    let mean = moved(load8(first + index, count: lanes), towards: gradient, by: step.oneMinusBeta1)
    store8(mean, count: lanes, to: first + index)
    let size = gradient.replacing(with: -gradient, where: gradient .< 0) + step.eps
    // The larger of the two; where one is not a number, so is the result.
    var norm = load8(largest + index, count: lanes) * step.beta2
    norm.replace(with: size, where: (size .> norm) .| (size .!= size))
    store8(norm, count: lanes, to: largest + index)
    store8(value + rate * mean / norm, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of Rprop.
package struct RpropStep: Sendable {
  /// What the step sizes begin with: the learning rate.
  package var initialStep: Float
  /// The factor of a step size after the gradient has changed its sign.
  package var etaMinus: Float
  /// The factor after it has kept its sign.
  package var etaPlus: Float
  /// The smallest step size.
  package var smallestStep: Float
  /// The largest step size.
  package var largestStep: Float
  /// Whether this is the first step.
  package var isFirst: Bool

  /// Creates the constants.
  package init(
    initialStep: Float, etaMinus: Float, etaPlus: Float, smallestStep: Float, largestStep: Float, isFirst: Bool
  ) {
    (self.initialStep, self.etaMinus, self.etaPlus) = (initialStep, etaMinus, etaPlus)
    (self.smallestStep, self.largestStep, self.isFirst) = (smallestStep, largestStep, isFirst)
  }
}

/// Takes one step of Rprop; `previous` are the last step's gradients, `sizes` the step sizes.
package func rpropStep(
  _ step: RpropStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  previous: UnsafeMutablePointer<Float>, sizes: UnsafeMutablePointer<Float>
) {
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes)
    var gradient = load8(gradients + index, count: lanes)
    let product = gradient * load8(previous + index, count: lanes)
    var factor = Float8(repeating: 1)
    factor.replace(with: step.etaPlus, where: product .> 0)
    factor.replace(with: step.etaMinus, where: product .< 0)
    let size = factor * (step.isFirst ? Float8(repeating: step.initialStep) : load8(sizes + index, count: lanes))
    let clamped = size.clamped(
      lowerBound: Float8(repeating: step.smallestStep), upperBound: Float8(repeating: step.largestStep))
    store8(clamped, count: lanes, to: sizes + index)
    gradient.replace(with: 0, where: product .< 0)
    store8(gradient, count: lanes, to: previous + index)
    var change = Float8.zero
    change.replace(with: clamped, where: gradient .> 0)
    change.replace(with: -clamped, where: gradient .< 0)
    store8(value - change, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

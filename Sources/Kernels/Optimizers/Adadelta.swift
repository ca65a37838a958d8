// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of Adadelta.
package struct AdadeltaStep: Sendable {
  /// The learning rate.
  package var learningRate: Float
  /// The share of both mean squares that is kept.
  package var rho: Float
  /// One minus that share.
  package var oneMinusRho: Float
  /// Added to the mean squares.
  package var eps: Float
  /// The L2 penalty's factor.
  package var weightDecay: Float

  /// Creates the constants.
  package init(learningRate: Float, rho: Float, oneMinusRho: Float, eps: Float, weightDecay: Float) {
    (self.learningRate, self.rho, self.oneMinusRho) = (learningRate, rho, oneMinusRho)
    (self.eps, self.weightDecay) = (eps, weightDecay)
  }
}

/// Takes one step of Adadelta; `squares` are the mean squares of the gradients, `changes` those of the steps.
package func adadeltaStep(
  _ step: AdadeltaStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  squares: UnsafeMutablePointer<Float>, changes: UnsafeMutablePointer<Float>
) {
  let rate = Float8(repeating: -step.learningRate)
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes)
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    let square = faded(
      load8(squares + index, count: lanes), keeping: step.rho, adding: step.oneMinusRho, of: gradient)
    store8(square, count: lanes, to: squares + index)
    let change = load8(changes + index, count: lanes)
    let delta = (change + step.eps).squareRoot() / (square + step.eps).squareRoot() * gradient
    store8(
      faded(change, keeping: step.rho, adding: step.oneMinusRho, of: delta), count: lanes, to: changes + index)
    store8(value.addingProduct(rate, delta), count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

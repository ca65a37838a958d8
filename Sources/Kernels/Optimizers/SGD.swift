// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of stochastic gradient descent.
package struct SGDStep: Sendable {
  /// The learning rate.
  package var learningRate: Float
  /// The share of the last step that is kept; 0 keeps none and needs no memory.
  package var momentum: Float
  /// One minus the dampening.
  package var oneMinusDampening: Float
  /// The L2 penalty's factor.
  package var weightDecay: Float
  /// Whether the gradient is taken one step ahead.
  package var nesterov: Bool
  /// Whether this is the first step, in which the momentum is the gradient itself.
  package var isFirst: Bool

  /// Creates the constants.
  package init(
    learningRate: Float, momentum: Float, oneMinusDampening: Float, weightDecay: Float, nesterov: Bool, isFirst: Bool
  ) {
    (self.learningRate, self.momentum, self.oneMinusDampening) = (learningRate, momentum, oneMinusDampening)
    (self.weightDecay, self.nesterov, self.isFirst) = (weightDecay, nesterov, isFirst)
  }
}

/// Takes one step of stochastic gradient descent; `velocity` may be `nil` where the momentum is 0.
package func sgdStep(
  _ step: SGDStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  velocity: UnsafeMutablePointer<Float>?
) {
  let rate = Float8(repeating: -step.learningRate)
  guard let velocity, step.momentum != 0 else {
    @inline(__always) func update(_ index: Int, _ lanes: Int) {
      let value = load8(parameters + index, count: lanes)
      var gradient = load8(gradients + index, count: lanes)
      if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
      store8(value.addingProduct(rate, gradient), count: lanes, to: parameters + index)
    }
    return forEachVector(count, update)
  }
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes)
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    var speed = gradient
    if !step.isFirst {
      speed = (load8(velocity + index, count: lanes) * step.momentum).addingProduct(step.oneMinusDampening, gradient)
    }
    store8(speed, count: lanes, to: velocity + index)
    if step.nesterov { speed = gradient.addingProduct(step.momentum, speed) }
    store8(value.addingProduct(rate, speed), count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of RMSprop.
package struct RMSpropStep: Sendable {
  /// The learning rate.
  package var learningRate: Float
  /// The share of the mean square that is kept.
  package var alpha: Float
  /// One minus that share.
  package var oneMinusAlpha: Float
  /// Added to the root of the mean square.
  package var eps: Float
  /// The L2 penalty's factor.
  package var weightDecay: Float
  /// The share of the last step that is kept.
  package var momentum: Float

  /// Creates the constants.
  package init(learningRate: Float, alpha: Float, oneMinusAlpha: Float, eps: Float, weightDecay: Float, momentum: Float)
  {
    (self.learningRate, self.alpha, self.oneMinusAlpha) = (learningRate, alpha, oneMinusAlpha)
    (self.eps, self.weightDecay, self.momentum) = (eps, weightDecay, momentum)
  }
}

/// Takes one step of RMSprop; `velocity` is given with a momentum, `mean` where the form is centered.
package func rmspropStep(
  _ step: RMSpropStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  squares: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>?, mean: UnsafeMutablePointer<Float>?
) {
  let rate = Float8(repeating: -step.learningRate)
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes)
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    var square = faded(
      load8(squares + index, count: lanes), keeping: step.alpha, adding: step.oneMinusAlpha, of: gradient)
    store8(square, count: lanes, to: squares + index)
    if let mean {
      let average = moved(load8(mean + index, count: lanes), towards: gradient, by: step.oneMinusAlpha)
      store8(average, count: lanes, to: mean + index)
      square.addProduct(-average, average)
    }
    let deviation = square.squareRoot() + step.eps
    guard let velocity else {
      store8(value + rate * gradient / deviation, count: lanes, to: parameters + index)
      return
    }
    let speed = load8(velocity + index, count: lanes) * step.momentum + gradient / deviation
    store8(speed, count: lanes, to: velocity + index)
    store8(value.addingProduct(rate, speed), count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

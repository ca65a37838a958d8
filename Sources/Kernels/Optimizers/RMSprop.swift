// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of RMSprop.
public struct RMSpropStep: Sendable {
  /// The learning rate.
  public var learningRate: Float
  /// The share of the mean square that is kept.
  public var alpha: Float
  /// One minus that share.
  public var oneMinusAlpha: Float
  /// Added to the root of the mean square.
  public var eps: Float
  /// The L2 penalty's factor.
  public var weightDecay: Float
  /// The share of the last step that is kept.
  public var momentum: Float

  /// Creates the constants.
  public init(
    learningRate: Float, alpha: Float, oneMinusAlpha: Float, eps: Float, weightDecay: Float, momentum: Float
  ) {
    (self.learningRate, self.alpha, self.oneMinusAlpha) = (learningRate, alpha, oneMinusAlpha)
    (self.eps, self.weightDecay, self.momentum) = (eps, weightDecay, momentum)
  }
}

/// Takes one step of RMSprop; `velocity` is given with a momentum, `mean` where the form is centered.
public func rmspropStep(
  _ step: RMSpropStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  squares: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>?, mean: UnsafeMutablePointer<Float>?
) {
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes)
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    var square = load8(squares + index, count: lanes) * step.alpha
    square.addProduct(step.oneMinusAlpha * gradient, gradient)
    store8(square, count: lanes, to: squares + index)
    if let mean {
      var average = load8(mean + index, count: lanes)
      average.addProduct(step.oneMinusAlpha, gradient - average)
      store8(average, count: lanes, to: mean + index)
      square.addProduct(-average, average)
    }
    var change = gradient / (square.squareRoot() + step.eps)
    if let velocity {
      change += load8(velocity + index, count: lanes) * step.momentum
      store8(change, count: lanes, to: velocity + index)
    }
    store8(value - step.learningRate * change, count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

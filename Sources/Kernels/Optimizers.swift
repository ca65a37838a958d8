// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of stochastic gradient descent.
public struct SGDStep: Sendable {
  /// The learning rate.
  public var learningRate: Float
  /// The share of the last step that is kept; 0 keeps none and needs no memory.
  public var momentum: Float
  /// One minus the dampening.
  public var fresh: Float
  /// The L2 penalty's factor.
  public var weightDecay: Float
  /// Whether the gradient is taken one step ahead.
  public var nesterov: Bool
  /// Whether this is the first step, in which the momentum is the gradient itself.
  public var isFirst: Bool

  /// Creates the constants.
  public init(
    learningRate: Float, momentum: Float, fresh: Float, weightDecay: Float, nesterov: Bool, isFirst: Bool
  ) {
    (self.learningRate, self.momentum, self.fresh) = (learningRate, momentum, fresh)
    (self.weightDecay, self.nesterov, self.isFirst) = (weightDecay, nesterov, isFirst)
  }
}

/// Takes one step of stochastic gradient descent; `velocity` may be `nil` where the momentum is 0.
public func sgdStep(
  _ step: SGDStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  velocity: UnsafeMutablePointer<Float>?
) {
  let rate = -step.learningRate
  guard let velocity, step.momentum != 0 else {
    for index in 0..<count {
      let value = parameters[index]
      let gradient =
        step.weightDecay == 0 ? gradients[index] : gradients[index].addingProduct(step.weightDecay, value)
      parameters[index] = value.addingProduct(rate, gradient)
    }
    return
  }
  for index in 0..<count {
    let value = parameters[index]
    var gradient = gradients[index]
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    let speed = step.isFirst ? gradient : (velocity[index] * step.momentum).addingProduct(step.fresh, gradient)
    velocity[index] = speed
    parameters[index] = value.addingProduct(rate, step.nesterov ? gradient.addingProduct(step.momentum, speed) : speed)
  }
}

/// Constants of a step of Adam, which depend on how many were made.
public struct AdamStep: Sendable {
  /// The learning rate over the first bias correction.
  public var stepSize: Float
  /// One minus the share of the first moment that is kept.
  public var freshFirst: Float
  /// The share of the second moment that is kept.
  public var beta2: Float
  /// One minus that share.
  public var freshSecond: Float
  /// The root of the second bias correction.
  public var correction: Float
  /// Added to the root of the second moment.
  public var eps: Float
  /// The L2 penalty's factor (Adam); 0 for AdamW.
  public var weightDecay: Float
  /// What parameters are multiplied by before the step (AdamW); 1 for Adam.
  public var shrink: Float

  /// Creates the constants.
  public init(
    stepSize: Float, freshFirst: Float, beta2: Float, freshSecond: Float, correction: Float, eps: Float,
    weightDecay: Float, shrink: Float
  ) {
    (self.stepSize, self.freshFirst, self.beta2, self.freshSecond) = (stepSize, freshFirst, beta2, freshSecond)
    (self.correction, self.eps, self.weightDecay, self.shrink) = (correction, eps, weightDecay, shrink)
  }
}

/// Takes one step of Adam, AdamW, or, where `largest` is given, AMSGrad.
public func adamStep(
  _ step: AdamStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>, largest: UnsafeMutablePointer<Float>?
) {
  let rate = -step.stepSize
  for index in 0..<count {
    let value = parameters[index] * step.shrink
    var gradient = gradients[index]
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    let mean =
      step.freshFirst < 0.5
      ? first[index].addingProduct(step.freshFirst, gradient - first[index])
      : gradient.addingProduct(first[index] - gradient, 1 - step.freshFirst)
    let square = (second[index] * step.beta2).addingProduct(step.freshSecond * gradient, gradient)
    first[index] = mean
    second[index] = square
    var bound = square
    if let largest {
      bound = largest[index] >= square || largest[index] != largest[index] ? largest[index] : square
      largest[index] = bound
    }
    let denominator = bound.squareRoot() / step.correction + step.eps
    parameters[index] = value + rate * mean / denominator
  }
}

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
  let rate = Vector(repeating: -step.learningRate)
  guard let velocity, step.momentum != 0 else {
    @inline(__always) func update(_ index: Int, _ lanes: Int) {
      let value = Vector(parameters + index, lanes)
      var gradient = Vector(gradients + index, lanes)
      if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
      value.addingProduct(rate, gradient).store(to: parameters + index, lanes)
    }
    return forEachVector(count, update)
  }
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = Vector(parameters + index, lanes)
    var gradient = Vector(gradients + index, lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    var speed = gradient
    if !step.isFirst { speed = (Vector(velocity + index, lanes) * step.momentum).addingProduct(step.fresh, gradient) }
    speed.store(to: velocity + index, lanes)
    if step.nesterov { speed = gradient.addingProduct(step.momentum, speed) }
    value.addingProduct(rate, speed).store(to: parameters + index, lanes)
  }
  forEachVector(count, update)
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
  // PyTorch divides by the correction; a product differs by a rounding and saves a quarter of the time.
  let inverseCorrection = 1 / step.correction
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = Vector(parameters + index, lanes) * step.shrink
    var gradient = Vector(gradients + index, lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    var mean = Vector(first + index, lanes)
    if step.freshFirst < 0.5 {
      mean.addProduct(step.freshFirst, gradient - mean)
    } else {
      mean = gradient - (gradient - mean) * (1 - step.freshFirst)
    }
    var square = Vector(second + index, lanes) * step.beta2
    square.addProduct(step.freshSecond * gradient, gradient)
    mean.store(to: first + index, lanes)
    square.store(to: second + index, lanes)
    if let largest {
      let before = Vector(largest + index, lanes)
      square.replace(with: before, where: (before .>= square) .| (before .!= before))
      square.store(to: largest + index, lanes)
    }
    let denominator = square.squareRoot() * inverseCorrection + step.eps
    (value + rate * mean / denominator).store(to: parameters + index, lanes)
  }
  forEachVector(count, update)
}

private typealias Vector = SIMD8<Float>

/// Calls `body` with the index of each eight neighbouring values, and how many of them there are: fewer at the end.
@inline(__always)
private func forEachVector(_ count: Int, _ body: (_ index: Int, _ lanes: Int) -> Void) {
  let whole = count & ~7
  var index = 0
  while index < whole {
    body(index, 8)
    index += 8
  }
  if whole < count { body(whole, count - whole) }
}

extension SIMD8<Float> {
  @inline(__always)
  fileprivate init(_ values: UnsafePointer<Float>, _ lanes: Int) {
    if lanes == 8 {
      self = UnsafeRawPointer(values).loadUnaligned(as: Self.self)
    } else {
      self = .zero
      for lane in 0..<lanes { self[lane] = values[lane] }
    }
  }

  @inline(__always)
  fileprivate func store(to values: UnsafeMutablePointer<Float>, _ lanes: Int) {
    if lanes == 8 { return UnsafeMutableRawPointer(values).storeBytes(of: self, as: Self.self) }
    for lane in 0..<lanes { values[lane] = self[lane] }
  }
}

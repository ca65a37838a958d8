/// What Adam and its kin make of a gradient before each takes its own step: the weight decay, and the moving averages of
/// the gradient and of its square.
package struct AdamMoments: Sendable {
  /// One minus β₁, the share of the first moment that is kept.
  private let oneMinusBeta1: Float
  /// β₂, the share of the second moment that is kept.
  private let beta2: Float
  /// One minus β₂.
  private let oneMinusBeta2: Float
  /// The L2 penalty's factor; 0 where the weight decay is decoupled.
  private let weightDecay: Float
  /// The decay factor on the parameters before the step, where the weight decay is decoupled; otherwise 1.
  private let decayFactor: Float

  /// Creates the constants.
  ///
  /// - Parameter rate: the learning rate, where the weight decay is decoupled from the gradient and takes so much of each
  ///   parameter; `nil` where it is an L2 penalty.
  package init(beta1: Double, beta2: Double, weightDecay: Double, decoupledAt rate: Double?) {
    (oneMinusBeta1, self.beta2, oneMinusBeta2) = (Float(1 - beta1), Float(beta2), Float(1 - beta2))
    self.weightDecay = rate == nil ? Float(weightDecay) : 0
    decayFactor = rate.map { Float(1 - $0 * weightDecay) } ?? 1
  }

  /// Moves the moments of some neighbouring parameters, and gives these, after a decoupled decay, with their gradients,
  /// after an L2 penalty, and both moments.
  @inline(__always)
  func update(
    _ index: Int, _ lanes: Int, parameters: UnsafePointer<Float>, gradients: UnsafePointer<Float>,
    first: UnsafeMutablePointer<Float>, second: UnsafeMutablePointer<Float>
  ) -> (value: Float8, gradient: Float8, mean: Float8, square: Float8) {
    let value = load8(parameters + index, count: lanes) * decayFactor
    var gradient = load8(gradients + index, count: lanes)
    if weightDecay != 0 { gradient.addProduct(weightDecay, value) }
    let mean = moved(load8(first + index, count: lanes), towards: gradient, by: oneMinusBeta1)
    let square = faded(load8(second + index, count: lanes), keeping: beta2, adding: oneMinusBeta2, of: gradient)
    store8(mean, count: lanes, to: first + index)
    store8(square, count: lanes, to: second + index)
    return (value, gradient, mean, square)
  }
}

/// A mean moved by a share towards a value, as `Tensor.lerp_` rounds it: from a share of 0.5 on by another formula.
@inline(__always)
func moved(_ mean: Float8, towards value: Float8, by share: Float) -> Float8 {
  share < 0.5 ? mean.addingProduct(share, value - mean) : value - (value - mean) * (1 - share)
}

/// `kept · square + added · value²`, as `mul_` and `addcmul_` round it.
@inline(__always)
func faded(_ square: Float8, keeping kept: Float, adding added: Float, of value: Float8) -> Float8 {
  (square * kept).addingProduct(added * value, value)
}

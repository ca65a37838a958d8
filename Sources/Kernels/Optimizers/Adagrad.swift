// The operations stand in PyTorch's order; where its vectorised code fuses a product with a sum, so does this.

/// Constants of a step of Adagrad, which depend on how many were made.
package struct AdagradStep: Sendable {
  /// The learning rate, decayed.
  package var learningRate: Float
  /// Added to the root of the sum.
  package var eps: Float
  /// The L2 penalty's factor.
  package var weightDecay: Float
  /// What the sum of squares begins with.
  package var initialValue: Float
  /// Whether this is the first step.
  package var isFirst: Bool

  /// Creates the constants.
  package init(learningRate: Float, eps: Float, weightDecay: Float, initialValue: Float, isFirst: Bool) {
    (self.learningRate, self.eps, self.weightDecay) = (learningRate, eps, weightDecay)
    (self.initialValue, self.isFirst) = (initialValue, isFirst)
  }
}

/// Takes one step of Adagrad; `sums` are those of the squared gradients.
package func adagradStep(
  _ step: AdagradStep, count: Int, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
  sums: UnsafeMutablePointer<Float>
) {
  let rate = -step.learningRate
  @inline(__always) func update(_ index: Int, _ lanes: Int) {
    let value = load8(parameters + index, count: lanes)
    var gradient = load8(gradients + index, count: lanes)
    if step.weightDecay != 0 { gradient.addProduct(step.weightDecay, value) }
    let before = step.isFirst ? Float8(repeating: step.initialValue) : load8(sums + index, count: lanes)
    let sum = before.addingProduct(gradient, gradient)
    store8(sum, count: lanes, to: sums + index)
    store8(value + rate * gradient / (sum.squareRoot() + step.eps), count: lanes, to: parameters + index)
  }
  forEachVector(count, update)
}

/// How PyTorch's modules fill a tensor when they are made.
enum Initialisation {
  /// `kaiming_uniform_(a=√5)`, as the weights of Linear and convolutions.
  case kaimingUniform(fanIn: Int)
  /// Uniform within 1 / √fanIn, as their biases.
  case uniform(fanIn: Int)
  /// One value everywhere.
  case constant(Float)

  /// Draws or sets the values in PyTorch's order and hands each to `store` with its index.
  func fill(count: Int, with generator: Generator, _ store: (Int, Float) -> Void) {
    switch self {
    case .kaimingUniform(let fanIn):
      // gain · √3 / √fan_in, in Double and in this order, as torch.nn.init computes it.
      let gain = (2.0 / (1 + 5.0.squareRoot() * 5.0.squareRoot())).squareRoot()
      let bound = Float(3.0.squareRoot() * (gain / Double(fanIn).squareRoot()))
      for index in 0..<count { store(index, generator.uniform(from: -bound, to: bound)) }
    case .uniform(let fanIn):
      let bound = Float(1 / Double(fanIn).squareRoot())
      for index in 0..<count { store(index, generator.uniform(from: -bound, to: bound)) }
    case .constant(let value):
      for index in 0..<count { store(index, value) }
    }
  }
}

import Architectures
import Kernels

/// A tensor of the state dictionary, and where and how it is stored.
struct ParameterSlot {
  /// The name and PyTorch's shape.
  let description: TensorDescription
  /// What the values are in a file.
  var element = Tensor.Element.float32
  let kind: Kind
  let order: StorageOrder
  let initialisation: Initialisation
  /// Where it begins among the parameters, or among the buffers.
  let offset: Int

  enum Kind: Equatable {
    case parameter(trainable: Bool)
    case buffer
  }
}

/// Where the values of a tensor in PyTorch's order are stored.
enum StorageOrder {
  /// As PyTorch has them.
  case plain
  /// `[outer][channels][positions]`, stored as `[outer][positions][channels]`.
  case channelsLast(channels: Int, positions: Int)
  /// `[outputs][inputs]`, stored as `[inputs][outputs]`; the inputs in the order in which the layout stores them.
  case transposed(outputs: Int, inputs: ImageLayout)

  /// Where the value with this index in PyTorch's order is stored.
  func position(of index: Int) -> Int {
    switch self {
    case .plain: return index
    case .channelsLast(let channels, let positions):
      let (outer, inner) = index.quotientAndRemainder(dividingBy: channels * positions)
      let (channel, position) = inner.quotientAndRemainder(dividingBy: positions)
      return outer * channels * positions + position * channels + channel
    case .transposed(let outputs, let inputs):
      let (output, input) = index.quotientAndRemainder(dividingBy: inputs.valueCount)
      return inputs.position(of: input) * outputs + output
    }
  }
}

/// What PyTorch's modules fill a tensor with when they are made.
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

import Architectures

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

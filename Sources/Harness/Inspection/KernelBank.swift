import Architectures
import NeuralNetwork

/// A layer's weights as a kernel for each pair of an output and an input.
struct KernelBank {
  let layer: ResolvedLayer
  let tensor: Tensor
  let outputs: Int
  /// Inputs of each output: with groups, those of its group.
  let inputs: Int
  let height: Int
  let width: Int
  /// Whether the tensor has `[in][out]` instead of `[out][in]`.
  private let isTurned: Bool

  /// The weights of a layer; `nil` where it has no kernels.
  ///
  /// - Parameter images: the shape of the network's input. A linear layer with as many inputs has kernels of an
  ///   image's size, one per channel; any other has one of a single row.
  init?(of layer: ResolvedLayer, in network: Network, images: Shape) {
    guard let name = layer.parameters.first?.name, let tensor = network.tensors.first(where: { $0.name == name }) else {
      return nil
    }
    (self.layer, self.tensor) = (layer, tensor)
    let shape = tensor.shape
    let window = shape.count == 4 ? (shape[2], shape[3]) : (1, shape.last ?? 1)
    switch layer.layer.kind {
    case is Convolution:
      (outputs, isTurned) = (shape[0], false)
      // Over sequences all inputs of an output are one picture, one row per input.
      (inputs, height, width) = shape.count == 4 ? (shape[1], window.0, window.1) : (1, shape[1], shape[2])
    case is TransposedConvolution:
      (outputs, inputs, isTurned) = (shape[1], shape[0], true)
      (height, width) = window
    case is Linear:
      (outputs, isTurned) = (shape[0], false)
      let isImage = images.rank == 3 && images.count == shape[1]
      (inputs, height, width) =
        isImage ? (images.dimensions[0], images.dimensions[1], images.dimensions[2]) : (1, 1, shape[1])
    default: return nil
    }
  }

  /// The kernel's values row by row.
  func kernel(_ output: Int, _ input: Int) -> [Float] {
    let start = (isTurned ? input * outputs + output : output * inputs + input) * height * width
    return Array(tensor.values[start..<start + height * width])
  }
}

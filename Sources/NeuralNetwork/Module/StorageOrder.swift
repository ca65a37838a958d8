import Kernels

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

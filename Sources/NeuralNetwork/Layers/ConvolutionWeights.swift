import Architectures
import Kernels

/// Where a convolution's parameters lie.
struct ConvolutionWeights {
  /// The weight's place among the network's parameters: `[output channel][row][column][channel of the group]`.
  let weight: Int
  /// The bias's place; `nil` where there is none.
  let bias: Int?
  /// Values of the weight.
  let count: Int
  /// Whether the optimizer changes them.
  let trainable: Bool

  init(_ convolution: Convolution, _ resolved: ResolvedLayer, _ geometry: ConvolutionGeometry, _ planner: inout Planner)
  {
    trainable = resolved.layer.trainable
    count = resolved.parameters[0].count
    let positions = convolution.kernelSize.height * convolution.kernelSize.width
    weight = planner.parameter(
      resolved.parameters[0], trainable: trainable,
      order: .channelsLast(channels: geometry.input.channels / convolution.groups, positions: positions),
      .kaimingUniform(fanIn: geometry.patchSize))
    bias =
      convolution.bias
      ? planner.parameter(resolved.parameters[1], trainable: trainable, .uniform(fanIn: geometry.patchSize)) : nil
  }
}

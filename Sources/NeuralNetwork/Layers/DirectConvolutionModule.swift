import Architectures
import Kernels

/// A cross-correlation with the ReLU and the pooling behind it, in one pass over the image.
///
/// The weights are stored as `[output channel][row][column][input channel]`.
final class DirectConvolutionModule: Module {
  private let kernels: DirectConvolution
  private let weight: ConvolutionWeights
  private let marks: Int
  /// Parts of a batch that are computed apart, each with a sum of gradients of its own.
  private let parts: Int

  init(_ kernels: DirectConvolution, _ weight: ConvolutionWeights, _ planner: inout Planner) {
    (self.kernels, self.weight) = (kernels, weight)
    parts = Team.parts(ofBatch: planner.batchSize)
    marks = planner.reserve((planner.batchSize * kernels.markCount + 3) / 4)
    planner.needScratch(aligned(kernels.packedWeightCount) + parts * aligned(kernels.forwardScratchCount))
    planner.needScratch(
      aligned(kernels.packedWeightBackwardCount) + parts * aligned(kernels.backwardScratchCount)
        + (parts - 1) * (aligned(weight.count) + aligned(kernels.output.channels)))
    super.init(input: kernels.geometry.input, output: kernels.output)
  }

  override var isTrainable: Bool { weight.trainable }

  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    kernels.packWeights(pass.parameters + weight.weight, into: pass.scratch)
    let scratch = pass.scratch + aligned(kernels.packedWeightCount)
    pass.team.run(parts) { part in
      kernels.forward(
        examples: Team.items(part, of: parts, count: pass.count), input: values, packedWeight: pass.scratch,
        bias: weight.bias.map { UnsafePointer(pass.parameters + $0) }, output: result,
        marks: pass.isTraining ? markBytes(pass) : nil, scratch: scratch + part * aligned(kernels.forwardScratchCount))
    }
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    if gradInput != nil { kernels.packWeightsBackward(pass.parameters + weight.weight, into: pass.scratch) }
    let scratch = pass.scratch + aligned(kernels.packedWeightBackwardCount)
    let sums = scratch + parts * aligned(kernels.backwardScratchCount)
    let gradWeight = weight.trainable ? pass.gradients + weight.weight : nil
    let gradBias = weight.trainable ? weight.bias.map { pass.gradients + $0 } : nil
    pass.team.run(parts) { part in
      // The first part's sums lie where the whole batch's will be.
      let partWeight = gradWeight.map { part == 0 ? $0 : sums + (part - 1) * aligned(weight.count) }
      let partBias = gradBias.map { part == 0 ? $0 : biasSums(sums, part) }
      if let partWeight { zero(partWeight, count: weight.count) }
      if let partBias { zero(partBias, count: output.channels) }
      kernels.backward(
        examples: Team.items(part, of: parts, count: pass.count), input: values,
        packedWeight: gradInput.map { _ in UnsafePointer(pass.scratch) }, output: result, marks: markBytes(pass),
        gradOutput: gradOutput, gradInput: gradInput, gradWeight: partWeight, gradBias: partBias,
        scratch: scratch + part * aligned(kernels.backwardScratchCount))
    }
    for part in 1..<max(1, parts) {
      if let gradWeight { add(sums + (part - 1) * aligned(weight.count), to: gradWeight, count: weight.count) }
      if let gradBias { add(biasSums(sums, part), to: gradBias, count: output.channels) }
    }
  }

  private func biasSums(_ sums: UnsafeMutablePointer<Float>, _ part: Int) -> UnsafeMutablePointer<Float> {
    sums + (parts - 1) * aligned(weight.count) + (part - 1) * aligned(output.channels)
  }

  /// Bytes are kept among the floats.
  private func markBytes(_ pass: Pass) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(pass.workspace + marks)
      .bindMemory(to: UInt8.self, capacity: pass.count * kernels.markCount)
  }
}

/// Where a convolution's parameters lie.
struct ConvolutionWeights {
  let weight: Int
  let bias: Int?
  /// Values of the weight.
  let count: Int
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

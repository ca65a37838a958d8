import Kernels

/// A cross-correlation with the ReLU and the pooling behind it, in one pass over the image.
///
/// The weights are stored as `[output channel][row][column][input channel]`.
final class FusedConvolutionModule: Module {
  private let kernels: FusedConvolution
  private let weight: ConvolutionWeights
  /// Where the pooling's masks lie in the workspace.
  private let masks: Int
  /// Parts of a batch that are computed apart, each with a sum of gradients of its own.
  private let parts: Int

  init(_ kernels: FusedConvolution, _ weight: ConvolutionWeights, _ planner: inout Planner) {
    (self.kernels, self.weight) = (kernels, weight)
    parts = Team.parts(ofBatch: planner.batchSize)
    masks = planner.reserve((planner.batchSize * kernels.block.maskCount + 3) / 4)
    planner.needScratch(aligned(kernels.packedWeightCount) + parts * aligned(kernels.forwardScratchCount))
    planner.needScratch(
      aligned(kernels.packedWeightBackwardCount) + parts * aligned(kernels.backwardScratchCount)
        + (parts - 1) * (aligned(weight.count) + aligned(kernels.block.output.channels)))
    super.init(input: kernels.block.geometry.input, output: kernels.block.output)
  }

  override var isTrainable: Bool { weight.trainable }
  override var plan: String? { kernels.plan.description }

  override func forward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    kernels.packWeights(pass.parameters + weight.weight, into: pass.scratch)
    let scratch = pass.scratch + aligned(kernels.packedWeightCount)
    pass.team.run(parts) { part in
      kernels.forward(
        examples: Team.items(part, of: parts, count: pass.count), input: values, packedWeight: pass.scratch,
        bias: weight.bias.map { UnsafePointer(pass.parameters + $0) }, output: result,
        masks: pass.isTraining ? maskBytes(pass) : nil, scratch: scratch + part * aligned(kernels.forwardScratchCount))
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
        packedWeight: gradInput.map { _ in UnsafePointer(pass.scratch) }, output: result, masks: maskBytes(pass),
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
  private func maskBytes(_ pass: Pass) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(pass.workspace + masks)
      .bindMemory(to: UInt8.self, capacity: pass.count * kernels.block.maskCount)
  }
}

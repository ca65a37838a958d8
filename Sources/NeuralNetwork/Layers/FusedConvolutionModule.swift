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
    parts = ThreadTeam.parts(ofBatch: planner.batchSize)
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
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    kernels.packWeights(context.parameters + weight.weight, into: context.scratch)
    let scratch = context.scratch + aligned(kernels.packedWeightCount)
    context.team.run(parts) { part in
      kernels.forward(
        examples: ThreadTeam.items(part, of: parts, count: context.count), input: values, packedWeight: context.scratch,
        bias: weight.bias.map { UnsafePointer(context.parameters + $0) }, output: result,
        masks: context.isTraining ? maskBytes(context) : nil,
        scratch: scratch + part * aligned(kernels.forwardScratchCount))
    }
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    if gradInput != nil { kernels.packWeightsBackward(context.parameters + weight.weight, into: context.scratch) }
    let scratch = context.scratch + aligned(kernels.packedWeightBackwardCount)
    let sums = scratch + parts * aligned(kernels.backwardScratchCount)
    let gradWeight = weight.trainable ? context.gradients + weight.weight : nil
    let gradBias = weight.trainable ? weight.bias.map { context.gradients + $0 } : nil
    context.team.run(parts) { part in
      // The first part's sums lie where the whole batch's will be.
      let partWeight = gradWeight.map { part == 0 ? $0 : sums + (part - 1) * aligned(weight.count) }
      let partBias = gradBias.map { part == 0 ? $0 : biasSums(sums, part) }
      if let partWeight { zero(partWeight, count: weight.count) }
      if let partBias { zero(partBias, count: output.channels) }
      kernels.backward(
        examples: ThreadTeam.items(part, of: parts, count: context.count), input: values,
        packedWeight: gradInput.map { _ in UnsafePointer(context.scratch) }, output: result, masks: maskBytes(context),
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
  private func maskBytes(_ context: ModuleContext) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(context.workspace + masks)
      .bindMemory(to: UInt8.self, capacity: context.count * kernels.block.maskCount)
  }
}

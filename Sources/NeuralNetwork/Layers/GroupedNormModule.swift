import Architectures
import Kernels

/// Normalisation within each example: of groups of channels, of single channels, or over the last dimensions.
final class GroupedNormModule: Module {
  private let groups: NormGroups
  private let eps: Double
  private let trainable: Bool
  private let weight: Int?
  private let bias: Int?
  private let running: RunningMoments?
  /// Mean and inverse deviation of each group of each example, kept for the backward pass.
  private let moments: Int

  /// Running statistics of an instance normalisation.
  private struct RunningMoments {
    let mean: Int
    let variance: Int
    let share: Double
  }

  /// - Parameters:
  ///   - order: how the learnt scales are stored.
  ///   - momentum: the newest batch's share in the running statistics, where the layer has some.
  init(
    _ groups: NormGroups, eps: Double, order: StorageOrder, momentum: Double = 0, _ resolved: ResolvedLayer,
    output: ImageLayout, _ planner: inout Planner
  ) {
    (self.groups, self.eps) = (groups, eps)
    trainable = resolved.layer.trainable
    let learnt = resolved.parameters
    weight = learnt.isEmpty ? nil : planner.parameter(learnt[0], trainable: trainable, order: order, .constant(1))
    bias = learnt.count < 2 ? nil : planner.parameter(learnt[1], trainable: trainable, order: order, .constant(0))
    if resolved.buffers.isEmpty {
      running = nil
    } else {
      running = RunningMoments(
        mean: planner.buffer(resolved.buffers[0], element: .float32, initially: 0),
        variance: planner.buffer(resolved.buffers[1], element: .float32, initially: 1), share: momentum)
      _ = planner.buffer(resolved.buffers[2], element: .int64, initially: 0)
    }
    moments = planner.reserve(planner.batchSize * 4 * groups.count + 2)
    planner.needScratch(4 * groups.affineCount + 8 * groups.count + 2 * groups.scratchCount + 2)
    super.init(input: groups.input, output: output)
  }

  override var isTrainable: Bool { trainable && weight != nil }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let own = context.scratch.doubles(4 * groups.count + groups.scratchCount)
    let usesRunning = running != nil && !context.isTraining
    if usesRunning { readRunning(context, own) }
    let sums = own + 2 * groups.count
    let scratch = sums + 2 * groups.count
    sums.update(repeating: 0, count: 2 * groups.count)
    for example in 0..<context.count {
      let mean = context.isTraining ? kept(context, example) : own
      let deviation = mean + groups.count
      let images = values + example * input.exampleStride
      if !usesRunning {
        groupMoments(groups, images, mean: mean, variance: deviation, scratch: scratch)
        for group in 0..<groups.count {
          if running != nil {
            sums[group] += mean[group]
            sums[groups.count + group] += deviation[group]
          }
          deviation[group] = 1 / (deviation[group] + eps).squareRoot()
        }
      }
      groupedNormForward(
        groups, output: output, images, mean: mean, inverseDeviation: deviation,
        weight: weight.map { context.parameters + $0 }, bias: bias.map { context.parameters + $0 },
        into: result + example * output.exampleStride, scratch: scratch)
    }
    if context.isTraining { updateRunning(context, sums) }
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    let gradWeight = context.scratch.doubles(2 * groups.affineCount + groups.scratchCount)
    let gradBias = gradWeight + groups.affineCount
    gradWeight.update(repeating: 0, count: 2 * groups.affineCount)
    for example in 0..<context.count {
      let mean = kept(context, example)
      groupedNormBackward(
        groups, output: output, values + example * input.exampleStride, mean: mean,
        inverseDeviation: mean + groups.count, weight: weight.map { context.parameters + $0 },
        gradOutput: gradOutput + example * output.exampleStride,
        gradInput: gradInput.map { $0 + example * input.exampleStride }, gradWeight: gradWeight, gradBias: gradBias,
        scratch: gradBias + groups.affineCount)
    }
    guard trainable else { return }
    for index in 0..<groups.affineCount {
      if let weight { context.gradients[weight + index] = Float(gradWeight[index]) }
      if let bias { context.gradients[bias + index] = Float(gradBias[index]) }
    }
  }

  /// The moments of an example, from the forward to the backward pass: means, then inverse deviations.
  private func kept(_ context: ModuleContext, _ example: Int) -> UnsafeMutablePointer<Double> {
    (context.workspace + moments).doubles(2 * groups.count * context.count) + 2 * groups.count * example
  }

  private func readRunning(_ context: ModuleContext, _ mean: UnsafeMutablePointer<Double>) {
    guard let running else { return }
    for channel in 0..<groups.count {
      mean[channel] = Double(context.buffers[running.mean + channel])
      let variance = Double(context.buffers[running.variance + channel])
      mean[groups.count + channel] = 1 / (variance + eps).squareRoot()
    }
  }

  /// The running variance is the mean of the examples' unbiased ones.
  private func updateRunning(_ context: ModuleContext, _ sums: UnsafePointer<Double>) {
    guard let running else { return }
    let (examples, pixels) = (Double(context.count), Double(groups.pixels))
    for channel in 0..<groups.count {
      let mean = sums[channel] / examples
      let variance = sums[groups.count + channel] / examples * pixels / (pixels - 1)
      let (oldMean, oldVariance) = (running.mean + channel, running.variance + channel)
      context.buffers[oldMean] = Float(
        running.share * mean + (1 - running.share) * Double(context.buffers[oldMean]))
      context.buffers[oldVariance] = Float(
        running.share * variance + (1 - running.share) * Double(context.buffers[oldVariance]))
    }
  }
}

extension GroupNorm: CompiledLayer {
  var inputOrder: InputOrder { .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    let groups = NormGroups(
      input: input, channels: input.channels / self.groups, pixels: input.height * input.width, affine: .channel)
    return GroupedNormModule(groups, eps: eps, order: .plain, resolved, output: output, &planner)
  }
}

extension InstanceNorm: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    let groups = NormGroups(input: input, channels: 1, pixels: input.height * input.width, affine: .channel)
    return GroupedNormModule(
      groups, eps: eps, order: .plain, momentum: momentum ?? 0, resolved, output: output, &planner)
  }
}

extension LayerNorm: CompiledLayer {
  var inputOrder: InputOrder { .channels }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    let pixels = input.height * input.width
    // Without the channels, the last dimensions are neighbouring pixels of one channel.
    let isWhole = normalizedShape.count == resolved.input.rank
    let span = isWhole ? pixels : normalizedShape.reduce(1, *)
    let groups = NormGroups(input: input, channels: isWhole ? input.channels : 1, pixels: span, affine: .place)
    return GroupedNormModule(
      groups, eps: eps, order: isWhole ? .channelsLast(channels: input.channels, positions: pixels) : .plain, resolved,
      output: output, &planner)
  }
}

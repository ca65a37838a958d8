import Architectures
import Kernels

/// Normalisation of each channel: by the batch's mean and variance in training, by the running ones in evaluation. The
/// ReLU behind it may be computed along with it.
final class BatchNormModule: Module {
  private let norm: BatchNorm
  private let appliesReLU: Bool
  private let trainable: Bool
  private let learnt: (weight: Int, bias: Int)?
  private let running: (mean: Int, variance: Int, batches: Int)?
  private let batchMean: Int
  private let batchDeviation: Int

  init(
    _ norm: BatchNorm, _ resolved: ResolvedLayer, appliesReLU: Bool, input: ImageLayout, output: ImageLayout,
    _ planner: inout Planner
  ) {
    (self.norm, self.appliesReLU) = (norm, appliesReLU)
    trainable = resolved.layer.trainable
    if norm.affine {
      learnt = (
        planner.parameter(resolved.parameters[0], trainable: trainable, .constant(1)),
        planner.parameter(resolved.parameters[1], trainable: trainable, .constant(0))
      )
    } else {
      learnt = nil
    }
    if norm.trackRunningStats {
      running = (
        planner.buffer(resolved.buffers[0], element: .float32, initially: 0),
        planner.buffer(resolved.buffers[1], element: .float32, initially: 1),
        planner.buffer(resolved.buffers[2], element: .int64, initially: 0)
      )
    } else {
      running = nil
    }
    batchMean = planner.reserve(2 * input.channels)
    batchDeviation = planner.reserve(2 * input.channels)
    planner.needScratch(8 * input.channels + 2)
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { trainable && norm.affine }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let channels = input.channels
    // The spread is a sum of spread, then the variance, then 1 / √(variance + eps).
    let (mean, spread) = doubles(context.scratch + 2 * channels)
    if context.isTraining || running == nil {
      channelMoments(input, count: context.count, values, mean: mean, sumOfSquaredDeviations: spread)
      let pixels = Double(context.count * input.height * input.width)
      if context.isTraining { updateRunning(context, mean, spread, pixels) }
      for channel in 0..<channels { spread[channel] /= pixels }
    } else if let running {
      for channel in 0..<channels {
        mean[channel] = Double(context.buffers[running.mean + channel])
        spread[channel] = Double(context.buffers[running.variance + channel])
      }
    }
    for channel in 0..<channels {
      spread[channel] = 1 / (spread[channel] + norm.eps).squareRoot()
      if context.isTraining {
        doubles(context.workspace + batchMean).0[channel] = mean[channel]
        doubles(context.workspace + batchDeviation).0[channel] = spread[channel]
      }
    }
    let (scale, shift) = line(context, mean: mean, inverseDeviation: spread)
    scaleAndShift(
      input: input, output: output, count: context.count, values, scale: scale, shift: shift, appliesReLU: appliesReLU,
      into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    let (mean, deviation) = (doubles(context.workspace + batchMean).0, doubles(context.workspace + batchDeviation).0)
    batchNormBackward(
      input: input, output: output, count: context.count, values, mean: mean, inverseDeviation: deviation,
      weight: learnt.map { context.parameters + $0.weight },
      relu: appliesReLU ? line(context, mean: mean, inverseDeviation: deviation) : nil,
      gradOutput: gradOutput, gradInput: gradInput,
      gradWeight: isTrainable ? learnt.map { context.gradients + $0.weight } : nil,
      gradBias: isTrainable ? learnt.map { context.gradients + $0.bias } : nil,
      scratch: doubles(context.scratch + 2 * input.channels).0)
  }

  /// The scale and the shift of each channel that normalise it and apply the learnt ones; they are the scratch memory's
  /// first values.
  private func line(
    _ context: ModuleContext, mean: UnsafePointer<Double>, inverseDeviation: UnsafePointer<Double>
  ) -> (scale: UnsafePointer<Float>, shift: UnsafePointer<Float>) {
    let (scale, shift) = (context.scratch, context.scratch + input.channels)
    for channel in 0..<input.channels {
      scale[channel] = Float(inverseDeviation[channel]) * (learnt.map { context.parameters[$0.weight + channel] } ?? 1)
      let bias = learnt.map { Double(context.parameters[$0.bias + channel]) } ?? 0
      shift[channel] = Float(bias - mean[channel] * Double(scale[channel]))
    }
    return (UnsafePointer(scale), UnsafePointer(shift))
  }

  /// The running variance is the unbiased one; without a momentum all batches count alike.
  private func updateRunning(
    _ context: ModuleContext, _ mean: UnsafePointer<Double>, _ squares: UnsafePointer<Double>, _ pixels: Double
  ) {
    guard let running else { return }
    context.buffers[running.batches] += 1
    let share = norm.momentum ?? 1 / Double(context.buffers[running.batches])
    for channel in 0..<input.channels {
      let (oldMean, oldVariance) = (running.mean + channel, running.variance + channel)
      context.buffers[oldMean] = Float(share * mean[channel] + (1 - share) * Double(context.buffers[oldMean]))
      let variance = squares[channel] / (pixels - 1)
      context.buffers[oldVariance] = Float(share * variance + (1 - share) * Double(context.buffers[oldVariance]))
    }
  }

  /// Memory for floats as memory for doubles, and the place after one value per channel.
  private func doubles(_ floats: UnsafeMutablePointer<Float>) -> (
    UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
  ) {
    let channels = input.channels
    let start = floats.doubles(2 * channels)
    return (start, start + channels)
  }
}

extension BatchNorm: CompiledLayer {
  var inputOrder: InputOrder { .images }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    BatchNormModule(self, resolved, appliesReLU: !stage.followers.isEmpty, input: input, output: output, &planner)
  }
}

import Architectures
import Kernels

/// Normalisation of each channel: by the batch's mean and variance in training, by the running ones in evaluation.
final class BatchNormModule: Module {
  private let norm: BatchNorm
  private let trainable: Bool
  private let learnt: (weight: Int, bias: Int)?
  private let running: (mean: Int, variance: Int, batches: Int)?
  private let batchMean: Int
  private let batchDeviation: Int

  init(
    _ norm: BatchNorm, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, _ planner: inout Planner
  ) {
    self.norm = norm
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
    planner.needScratch(6 * input.channels + 2)
    super.init(input: input, output: output)
  }

  override var isTrainable: Bool { trainable && norm.affine }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let channels = input.channels
    // Scratch: scale and shift in Float, mean and squares in Double.
    let (scale, shift) = (context.scratch, context.scratch + channels)
    let (mean, squares) = doubles(context.scratch + 2 * channels)
    if context.isTraining || running == nil {
      channelMoments(input, count: context.count, values, mean: mean, sumOfSquaredDeviations: squares)
      let pixels = Double(context.count * input.height * input.width)
      if context.isTraining { updateRunning(context, mean, squares, pixels) }
      for channel in 0..<channels { squares[channel] /= pixels }
    } else if let running {
      for channel in 0..<channels {
        mean[channel] = Double(context.buffers[running.mean + channel])
        squares[channel] = Double(context.buffers[running.variance + channel])
      }
    }
    for channel in 0..<channels {
      let deviation = 1 / (squares[channel] + norm.eps).squareRoot()
      if context.isTraining {
        doubles(context.workspace + batchMean).0[channel] = mean[channel]
        doubles(context.workspace + batchDeviation).0[channel] = deviation
      }
      scale[channel] = Float(deviation) * (learnt.map { context.parameters[$0.weight + channel] } ?? 1)
      let bias = learnt.map { Double(context.parameters[$0.bias + channel]) } ?? 0
      shift[channel] = Float(bias - mean[channel] * Double(scale[channel]))
    }
    scaleAndShift(
      input: input, output: output, count: context.count, values, scale: scale, shift: shift, appliesReLU: false,
      into: result)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    batchNormBackward(
      input: input, output: output, count: context.count, values, mean: doubles(context.workspace + batchMean).0,
      inverseDeviation: doubles(context.workspace + batchDeviation).0,
      weight: learnt.map { context.parameters + $0.weight }, relu: nil,
      gradOutput: gradOutput, gradInput: gradInput,
      gradWeight: isTrainable ? learnt.map { context.gradients + $0.weight } : nil,
      gradBias: isTrainable ? learnt.map { context.gradients + $0.bias } : nil, scratch: doubles(context.scratch).0)
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
    BatchNormModule(self, resolved, input: input, output: output, &planner)
  }
}

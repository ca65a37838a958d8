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
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let channels = input.channels
    // Scratch: scale and shift in Float, mean and squares in Double.
    let (scale, shift) = (pass.scratch, pass.scratch + channels)
    let (mean, squares) = doubles(pass.scratch + 2 * channels)
    if pass.isTraining || running == nil {
      channelMoments(input, count: pass.count, values, mean: mean, squares: squares)
      let pixels = Double(pass.count * input.height * input.width)
      if pass.isTraining { updateRunning(pass, mean, squares, pixels) }
      for channel in 0..<channels { squares[channel] /= pixels }
    } else if let running {
      for channel in 0..<channels {
        mean[channel] = Double(pass.buffers[running.mean + channel])
        squares[channel] = Double(pass.buffers[running.variance + channel])
      }
    }
    for channel in 0..<channels {
      let deviation = 1 / (squares[channel] + norm.eps).squareRoot()
      if pass.isTraining {
        doubles(pass.workspace + batchMean).0[channel] = mean[channel]
        doubles(pass.workspace + batchDeviation).0[channel] = deviation
      }
      scale[channel] = Float(deviation) * (learnt.map { pass.parameters[$0.weight + channel] } ?? 1)
      let bias = learnt.map { Double(pass.parameters[$0.bias + channel]) } ?? 0
      shift[channel] = Float(bias - mean[channel] * Double(scale[channel]))
    }
    scaleAndShift(
      input: input, output: output, count: pass.count, values, scale: scale, shift: shift, into: result)
  }

  override func backward(
    _ pass: Pass, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    batchNormBackward(
      input: input, output: output, count: pass.count, values, mean: doubles(pass.workspace + batchMean).0,
      inverseDeviation: doubles(pass.workspace + batchDeviation).0, weight: learnt.map { pass.parameters + $0.weight },
      gradOutput: gradOutput, gradInput: gradInput,
      gradWeight: isTrainable ? learnt.map { pass.gradients + $0.weight } : nil,
      gradBias: isTrainable ? learnt.map { pass.gradients + $0.bias } : nil, scratch: doubles(pass.scratch).0)
  }

  /// The running variance is the unbiased one; without a momentum all batches count alike.
  private func updateRunning(
    _ pass: Pass, _ mean: UnsafePointer<Double>, _ squares: UnsafePointer<Double>, _ pixels: Double
  ) {
    guard let running else { return }
    pass.buffers[running.batches] += 1
    let share = norm.momentum ?? 1 / Double(pass.buffers[running.batches])
    for channel in 0..<input.channels {
      let (oldMean, oldVariance) = (running.mean + channel, running.variance + channel)
      pass.buffers[oldMean] = Float(share * mean[channel] + (1 - share) * Double(pass.buffers[oldMean]))
      let variance = squares[channel] / (pixels - 1)
      pass.buffers[oldVariance] = Float(share * variance + (1 - share) * Double(pass.buffers[oldVariance]))
    }
  }

  /// Memory for floats as memory for doubles, and the place after one value per channel.
  private func doubles(_ floats: UnsafeMutablePointer<Float>) -> (
    UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
  ) {
    let channels = input.channels
    let start = UnsafeMutableRawPointer(floats).alignedUp(for: Double.self)
      .bindMemory(to: Double.self, capacity: 2 * channels)
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

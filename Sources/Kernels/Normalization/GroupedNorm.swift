/// Which values of an example have a mean and a variance in common, and which have a learnt scale and shift in common.
///
/// An example is `[C][H][W]`; a group is so many neighbouring channels and, of each, so many neighbouring pixels.
package struct NormGroups: Hashable, Sendable {
  /// Where the values lie.
  package let input: ImageLayout
  /// Neighbouring channels in a group; they divide the channels.
  package let channels: Int
  /// Neighbouring pixels in a group; they divide the pixels of an image.
  package let pixels: Int
  /// What a learnt scale is for.
  package let affine: Affine

  /// What has a learnt scale and shift of its own.
  package enum Affine: Hashable, Sendable {
    /// Each channel.
    case channel
    /// Each place in a group, in the order `[pixels][channels]`.
    case place
  }

  /// Creates the groups of a normalisation.
  package init(input: ImageLayout, channels: Int, pixels: Int, affine: Affine) {
    precondition(input.channels % channels == 0 && input.height * input.width % pixels == 0)
    (self.input, self.channels, self.pixels, self.affine) = (input, channels, pixels, affine)
  }

  /// Groups of one example.
  package var count: Int { input.valueCount / (channels * pixels) }
  /// Learnt scales.
  package var affineCount: Int { affine == .channel ? input.channels : channels * pixels }

  /// Calls `body` for each run of neighbouring values of a group, in the order of the memory: with the run's offsets in
  /// an example of the input and of the output, the group, and the place of the first one's scale.
  @inline(__always)
  fileprivate func forEachRun(
    _ output: ImageLayout, _ body: (_ input: Int, _ output: Int, _ group: Int, _ affine: Int) -> Void
  ) {
    let channelGroups = input.channels / channels
    for row in 0..<input.height {
      for column in 0..<input.width {
        let pixel = row * input.width + column
        let source = input.origin + row * input.rowStride + column * input.channels
        let target = output.origin + row * output.rowStride + column * output.channels
        for channelGroup in 0..<channelGroups {
          let first = channelGroup * channels
          body(
            source + first, target + first, pixel / pixels * channelGroups + channelGroup,
            affine == .channel ? first : pixel % pixels * channels)
        }
      }
    }
  }
}

/// Mean and variance of each group of one example, summed in Double; both hold `groups.count` values.
package func groupMoments(
  _ groups: NormGroups, _ example: UnsafePointer<Float>, mean: UnsafeMutablePointer<Double>,
  variance: UnsafeMutablePointer<Double>
) {
  let values = Double(groups.channels * groups.pixels)
  mean.update(repeating: 0, count: groups.count)
  variance.update(repeating: 0, count: groups.count)
  groups.forEachRun(groups.input) { source, _, group, _ in
    for channel in 0..<groups.channels { mean[group] += Double(example[source + channel]) }
  }
  for group in 0..<groups.count { mean[group] /= values }
  groups.forEachRun(groups.input) { source, _, group, _ in
    for channel in 0..<groups.channels {
      let distance = Double(example[source + channel]) - mean[group]
      variance[group] += distance * distance
    }
  }
  for group in 0..<groups.count { variance[group] /= values }
}

/// Normalises one example by the moments of its groups.
///
/// - Parameters:
///   - weight, bias: the learnt scales and shifts, `groups.affineCount` each; `nil` is 1 and 0.
///   - result: an example in the layout `output`.
package func groupedNormForward(
  _ groups: NormGroups, output: ImageLayout, _ example: UnsafePointer<Float>, mean: UnsafePointer<Double>,
  inverseDeviation: UnsafePointer<Double>, weight: UnsafePointer<Float>?, bias: UnsafePointer<Float>?,
  into result: UnsafeMutablePointer<Float>
) {
  groups.forEachRun(output) { source, target, group, affine in
    for channel in 0..<groups.channels {
      let normal = (Double(example[source + channel]) - mean[group]) * inverseDeviation[group]
      let scale = weight.map { Double($0[affine + channel]) } ?? 1
      result[target + channel] = Float(normal * scale + (bias.map { Double($0[affine + channel]) } ?? 0))
    }
  }
}

/// The gradients of ``groupedNormForward(_:output:_:mean:inverseDeviation:weight:bias:into:)`` of one example, where mean
/// and variance are the groups' own: with `h = g · weight` and `z` the normalised value,
/// `inverseDeviation · (h − Σh / n − z · Σ(h · z) / n)`.
///
/// - Parameters:
///   - gradWeight, gradBias: the sums to which this example's are added, `groups.affineCount` each.
///   - gradInput: an example in the layout of the input.
///   - sums: memory for `2 · groups.count` values.
package func groupedNormBackward(
  _ groups: NormGroups, output: ImageLayout, _ example: UnsafePointer<Float>, mean: UnsafePointer<Double>,
  inverseDeviation: UnsafePointer<Double>, weight: UnsafePointer<Float>?, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Double>,
  gradBias: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>
) {
  let (plain, weighted) = (sums, sums + groups.count)
  sums.update(repeating: 0, count: 2 * groups.count)
  groups.forEachRun(output) { source, target, group, affine in
    for channel in 0..<groups.channels {
      let gradient = Double(gradOutput[target + channel])
      let normal = (Double(example[source + channel]) - mean[group]) * inverseDeviation[group]
      gradWeight[affine + channel] += gradient * normal
      gradBias[affine + channel] += gradient
      let scaled = gradient * (weight.map { Double($0[affine + channel]) } ?? 1)
      plain[group] += scaled
      weighted[group] += scaled * normal
    }
  }
  guard let gradInput else { return }
  let values = Double(groups.channels * groups.pixels)
  groups.forEachRun(output) { source, target, group, affine in
    for channel in 0..<groups.channels {
      let normal = (Double(example[source + channel]) - mean[group]) * inverseDeviation[group]
      let scaled = Double(gradOutput[target + channel]) * (weight.map { Double($0[affine + channel]) } ?? 1)
      gradInput[source + channel] = Float(
        inverseDeviation[group] * (scaled - plain[group] / values - normal * weighted[group] / values))
    }
  }
}

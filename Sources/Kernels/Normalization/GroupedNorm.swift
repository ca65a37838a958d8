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

  /// Groups that lie beside each other, all of a pixel's channels together.
  private var channelGroups: Int { input.channels / channels }
  /// Groups that lie below each other: blocks of neighbouring pixels.
  fileprivate var blocks: Int { input.height * input.width / pixels }
  /// Values of a group.
  fileprivate var size: Double { Double(channels * pixels) }

  /// Calls `body` for each pixel of a block, with its offsets in an example of the input and of the output and its place in
  /// the block.
  @inline(__always)
  fileprivate func forEachPixel(
    of block: Int, _ output: ImageLayout, _ body: (_ input: Int, _ output: Int, _ place: Int) -> Void
  ) {
    var (row, column) = (block * pixels).quotientAndRemainder(dividingBy: input.width)
    for place in 0..<pixels {
      body(
        input.origin + row * input.rowStride + column * input.channels,
        output.origin + row * output.rowStride + column * output.channels, place)
      column += 1
      if column == input.width { (row, column) = (row + 1, 0) }
    }
  }

  /// Replaces sums of a pixel's channels by what `value` makes of the sum of each group, for all channels of the group.
  ///
  /// - Parameter value: takes the sum and the index of the group.
  @inline(__always)
  fileprivate func combine(
    _ block: Int, _ sums: UnsafeMutablePointer<Double>, _ value: (_ sum: Double, _ group: Int) -> Double
  ) {
    for index in 0..<channelGroups {
      let first = sums + index * channels
      first.update(repeating: value(sum(first, count: channels), block * channelGroups + index), count: channels)
    }
  }

  /// Sets a value for each of a pixel's channels to that of its group.
  fileprivate func spread(
    _ block: Int, _ values: UnsafePointer<Double>, to channelValues: UnsafeMutablePointer<Double>
  ) {
    for index in 0..<channelGroups {
      (channelValues + index * channels).update(repeating: values[block * channelGroups + index], count: channels)
    }
  }

  /// Where the learnt scales of a pixel's channels begin; `nil` where one is for all of them.
  @inline(__always)
  fileprivate func scales(of place: Int) -> Int? {
    switch affine {
    case .channel: 0
    case .place: channels == input.channels ? place * channels : nil
    }
  }

  /// Doubles of scratch memory that the functions below want.
  package var scratchCount: Int { 7 * input.channels }
}

/// A sum in four lanes, the same on every processor: of one running sum, each term waits for the one before.
private func sum(_ values: UnsafePointer<Double>, count: Int) -> Double {
  var lanes = SIMD4<Double>.zero
  var index = 0
  while index + 4 <= count {
    lanes += UnsafeRawPointer(values + index).loadUnaligned(as: SIMD4<Double>.self)
    index += 4
  }
  var sum = lanes.sum()
  while index < count {
    sum += values[index]
    index += 1
  }
  return sum
}

// Each function goes through the pixels of a block and, in vectors, through all channels of a pixel; what groups have in
// common is spread over their channels before.

/// Mean and variance of each group of one example, summed in Double; both hold `groups.count` values.
///
/// - Parameter scratch: memory for `groups.scratchCount` values.
package func groupMoments(
  _ groups: NormGroups, _ example: UnsafePointer<Float>, mean: UnsafeMutablePointer<Double>,
  variance: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
) {
  let channels = groups.input.channels
  let (center, sums) = (scratch, scratch + channels)
  for block in 0..<groups.blocks {
    center.update(repeating: 0, count: channels)
    groups.forEachPixel(of: block, groups.input) { source, _, _ in
      let x = example + source
      for channel in 0..<channels { center[channel] += Double(x[channel]) }
    }
    groups.combine(block, center) { sum, group in
      mean[group] = sum / groups.size
      return mean[group]
    }
    sums.update(repeating: 0, count: channels)
    groups.forEachPixel(of: block, groups.input) { source, _, _ in
      let x = example + source
      for channel in 0..<channels {
        let distance = Double(x[channel]) - center[channel]
        sums[channel] += distance * distance
      }
    }
    groups.combine(block, sums) { sum, group in
      variance[group] = sum / groups.size
      return variance[group]
    }
  }
}

/// Normalises one example by the moments of its groups.
///
/// - Parameters:
///   - weight, bias: the learnt scales and shifts, `groups.affineCount` each; `nil` is 1 and 0.
///   - result: an example in the layout `output`.
///   - scratch: memory for `groups.scratchCount` values.
package func groupedNormForward(
  _ groups: NormGroups, output: ImageLayout, _ example: UnsafePointer<Float>, mean: UnsafePointer<Double>,
  inverseDeviation: UnsafePointer<Double>, weight: UnsafePointer<Float>?, bias: UnsafePointer<Float>?,
  into result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Double>
) {
  let channels = groups.input.channels
  let (center, deviation) = (scratch, scratch + channels)
  let scales = PixelScales(groups, weight, otherwise: 1, scratch + 2 * channels)
  let shifts = PixelScales(groups, bias, otherwise: 0, scratch + 3 * channels)
  for block in 0..<groups.blocks {
    groups.spread(block, mean, to: center)
    groups.spread(block, inverseDeviation, to: deviation)
    groups.forEachPixel(of: block, output) { source, target, place in
      let (x, y, scale, shift) = (example + source, result + target, scales[place], shifts[place])
      for channel in 0..<channels {
        let normal = (Double(x[channel]) - center[channel]) * deviation[channel]
        y[channel] = Float(normal * Double(scale[channel]) + Double(shift[channel]))
      }
    }
  }
}

/// The gradients of
/// ``groupedNormForward(_:output:_:mean:inverseDeviation:weight:bias:into:scratch:)`` of one example, where mean and
/// variance are the groups' own: with `h = g · weight` and `z` the normalised value,
/// `inverseDeviation · (h − Σh / n − z · Σ(h · z) / n)`.
///
/// - Parameters:
///   - gradWeight, gradBias: the sums to which this example's are added, `groups.affineCount` each.
///   - gradInput: an example in the layout of the input.
///   - scratch: memory for `groups.scratchCount` values.
package func groupedNormBackward(
  _ groups: NormGroups, output: ImageLayout, _ example: UnsafePointer<Float>, mean: UnsafePointer<Double>,
  inverseDeviation: UnsafePointer<Double>, weight: UnsafePointer<Float>?, gradOutput: UnsafePointer<Float>,
  gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Double>,
  gradBias: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
) {
  let channels = groups.input.channels
  let (center, deviation) = (scratch, scratch + channels)
  let (plain, weighted) = (scratch + 2 * channels, scratch + 3 * channels)
  // The sums of a pixel whose channels have one scale in common.
  let (ownWeight, ownBias) = (scratch + 4 * channels, scratch + 5 * channels)
  let scales = PixelScales(groups, weight, otherwise: 1, scratch + 6 * channels)
  for block in 0..<groups.blocks {
    groups.spread(block, mean, to: center)
    groups.spread(block, inverseDeviation, to: deviation)
    plain.update(repeating: 0, count: 2 * channels)
    groups.forEachPixel(of: block, output) { source, target, place in
      let (x, g, scale, first) = (example + source, gradOutput + target, scales[place], groups.scales(of: place))
      if first == nil { ownWeight.update(repeating: 0, count: 2 * channels) }
      let weightSums = first.map { gradWeight + $0 } ?? ownWeight
      let biasSums = first.map { gradBias + $0 } ?? ownBias
      for channel in 0..<channels {
        let gradient = Double(g[channel])
        let normal = (Double(x[channel]) - center[channel]) * deviation[channel]
        weightSums[channel] += gradient * normal
        biasSums[channel] += gradient
        let scaled = gradient * Double(scale[channel])
        plain[channel] += scaled
        weighted[channel] += scaled * normal
      }
      if first == nil {
        gradWeight[place] += sum(ownWeight, count: channels)
        gradBias[place] += sum(ownBias, count: channels)
      }
    }
    guard let gradInput else { continue }
    groups.combine(block, plain) { sum, _ in sum / groups.size }
    groups.combine(block, weighted) { sum, _ in sum / groups.size }
    groups.forEachPixel(of: block, output) { source, target, place in
      let (x, g, scale, d) = (example + source, gradOutput + target, scales[place], gradInput + source)
      for channel in 0..<channels {
        let normal = (Double(x[channel]) - center[channel]) * deviation[channel]
        let scaled = Double(g[channel]) * Double(scale[channel])
        d[channel] = Float(deviation[channel] * (scaled - plain[channel] - normal * weighted[channel]))
      }
    }
  }
}

/// The learnt values of each pixel's channels, with one loop for all ways in which channels share them.
private struct PixelScales {
  private let groups: NormGroups
  private let values: UnsafePointer<Float>?
  private let own: UnsafeMutablePointer<Float>

  /// - Parameters:
  ///   - otherwise: what stands for values that are not learnt.
  ///   - scratch: memory for a float per channel.
  init(
    _ groups: NormGroups, _ values: UnsafePointer<Float>?, otherwise: Float, _ scratch: UnsafeMutablePointer<Double>
  ) {
    (self.groups, self.values) = (groups, values)
    own = UnsafeMutableRawPointer(scratch).bindMemory(to: Float.self, capacity: groups.input.channels)
    own.update(repeating: otherwise, count: groups.input.channels)
  }

  @inline(__always)
  subscript(place: Int) -> UnsafePointer<Float> {
    guard let values else { return UnsafePointer(own) }
    if let first = groups.scales(of: place) { return values + first }
    own.update(repeating: values[place], count: groups.input.channels)
    return UnsafePointer(own)
  }
}

// The weights' gradient by Winograd's algorithm. Along a row it is a correlation too, of the image with the output's
// gradient,
//
//   gradWeight[k] = Σ over j:  g[j] · input[j + k]
//
// so that a tile of the output's gradient takes the place of the kernel: the eight inputs of a tile, transformed as for
// the output, its gradients, transformed as a kernel of 9 − r weights would be, and r results, which are linear in their
// products. Products are summed over tiles, rows and examples, and the sums transformed back once.

/// The weights' gradient of a convolution at stride 1 with kernels of 3 or 5 columns.
///
/// Errors are those of ``WinogradConvolution``: a plain sum's times a constant (WinogradConvolutionTests). Where a channel or
/// its gradient is zero everywhere, so is the weights' gradient; a tap that meets zeros alone while its neighbours do not
/// gets the rounding error of its row.
struct WinogradWeightGradient {
  /// The convolution whose weights they are.
  private let forward: WinogradConvolution
  private let outputChannels: Int
  /// Floats from a row of the output's gradient to the next.
  private let gradientStride: Int
  /// The image, `[point][row][tile][channel]`.
  private let inputs: UnsafeMutablePointer<Float>
  /// The output's gradient, `[point][row][tile][channel]`.
  private let gradients: UnsafeMutablePointer<Float>
  /// Sums of products, `[point][block of output channels][kernel row][channel][lane]`.
  private let sums: UnsafeMutablePointer<Float>

  /// Floats of a point's gradients; vectors may pass the last one.
  private let gradientCount: Int
  /// Floats of a point's sums.
  private let sumCount: Int

  init(_ forward: WinogradConvolution, outputChannels: Int, gradientStride: Int, _ scratch: inout Scratch) {
    (self.forward, self.outputChannels, self.gradientStride) = (forward, outputChannels, gradientStride)
    gradientCount = forward.rows * forward.tiles * outputChannels + 16
    sumCount = forward.kernelRows * forward.channels * ChannelBlock.laneCount(outputChannels)
    inputs = scratch.take(WinogradConvolution.points * forward.inputCount, of: Float.self)
    gradients = scratch.take(WinogradConvolution.points * gradientCount, of: Float.self)
    sums = scratch.take(WinogradConvolution.points * sumCount, of: Float.self)
  }

  /// Sets all sums to zero.
  func clear() { sums.update(repeating: 0, count: WinogradConvolution.points * sumCount) }

  /// Adds the products of an example.
  ///
  /// - Parameters:
  ///   - image: the first pixel that a window sees.
  ///   - gradient: the first pixel of the output's gradient.
  func add(_ image: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>) {
    forward.transform(image, into: inputs)
    transform(gradient)
    let (tiles, channels) = (forward.tiles, forward.channels)
    // Rows of tiles lie one behind the other, in the image as in the gradient: they are the steps of one row.
    let row = ConvolutionRow(
      places: channels, placeStride: 1, rows: 1, rowStride: 0, steps: forward.rows * tiles, stepStride: channels,
      vectorStride: outputChannels, vectorRowStride: 0, accumulates: true)
    for point in 0..<WinogradConvolution.points {
      var target = sums + point * sumCount
      for index in 0..<ChannelBlock.count(of: outputChannels) {
        let block = ChannelBlock(index, of: outputChannels)
        for kernelRow in 0..<forward.kernelRows {
          row.compute(
            lanes: block.lanes, scalars: inputs + point * forward.inputCount + kernelRow * tiles * channels,
            vectors: gradients + point * gradientCount + block.first, into: target)
          target += channels * block.lanes
        }
      }
    }
  }

  /// Transforms the output's gradient.
  private func transform(_ gradient: UnsafePointer<Float>) {
    for row in 0..<forward.rows {
      WidestLoops.transformGradients(
        gradient + row * gradientStride, forward.columns, outputChannels, forward.tiles, forward.taps,
        gradients + row * forward.tiles * outputChannels, gradientCount)
    }
  }

  /// Adds what the sums stand for to the weights' gradient, `[O][R][L]`.
  func addSums(to gradWeight: UnsafeMutablePointer<Float>) {
    let (channels, taps, rows) = (forward.channels, forward.taps, forward.kernelRows)
    var source = UnsafePointer(sums)
    for index in 0..<ChannelBlock.count(of: outputChannels) {
      let block = ChannelBlock(index, of: outputChannels)
      for row in 0..<rows {
        for channel in 0..<channels {
          for lane in 0..<block.count {
            let target = gradWeight + ((block.first + lane) * rows + row) * taps * channels + channel
            let sum = source + lane
            let (one, oneOdd) = (sum[sumCount] + sum[2 * sumCount], sum[sumCount] - sum[2 * sumCount])
            let (two, twoOdd) = (sum[3 * sumCount] + sum[4 * sumCount], sum[3 * sumCount] - sum[4 * sumCount])
            let (half, halfOdd) = (sum[5 * sumCount] + sum[6 * sumCount], sum[5 * sumCount] - sum[6 * sumCount])
            let (first, last) = (sum[0], sum[7 * sumCount])
            target[0] += first + one + two + half
            target[channels] += oneOdd + 2 * twoOdd + 0.5 * halfOdd
            if taps == 3 {
              target[2 * channels] += one + 4 * two + 0.25 * half + last
            } else {
              target[2 * channels] += one + 4 * two + 0.25 * half
              target[3 * channels] += oneOdd + 8 * twoOdd + 0.125 * halfOdd
              target[4 * channels] += one + 16 * two + 0.0625 * half + last
            }
          }
          source += block.lanes
        }
      }
    }
  }
}

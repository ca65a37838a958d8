/// A convolution with one kernel per channel, so that no channel meets another and no matrix product is left.
///
/// Weights are `[channel][kernel row][kernel column]`. They are turned to `[kernel row][kernel column][channel]`, so
/// that the inner loops run over neighbouring channels. Values outside the stored image count as zero.
struct DepthwiseConvolution {
  private let geometry: ConvolutionGeometry

  init(_ geometry: ConvolutionGeometry) { self.geometry = geometry }

  /// Floats of scratch memory that a call wants: the turned weights, an example's sums and those of all.
  var scratchCount: Int { 3 * geometry.patchSize * geometry.input.channels }

  /// Calls `body` with the offsets of output pixel, input pixel and kernel position that meet.
  @inline(__always)
  private func forEachMeeting(_ examples: Range<Int>, _ body: (_ output: Int, _ input: Int, _ position: Int) -> Void) {
    let (input, output, window) = (geometry.input, geometry.output, geometry.window)
    for example in examples {
      for y in 0..<output.height {
        for x in 0..<output.width {
          let target = example * output.exampleStride + output.origin + y * output.rowStride + x * output.channels
          for kernelRow in 0..<window.height {
            let row = input.top + y * window.strideHeight - window.paddingTop + kernelRow * window.dilationHeight
            guard row >= 0, row < input.top + input.height + input.bottom else { continue }
            for kernelColumn in 0..<window.width {
              let column =
                input.left + x * window.strideWidth - window.paddingLeft + kernelColumn * window.dilationWidth
              guard column >= 0, column < input.left + input.width + input.right else { continue }
              let source = example * input.exampleStride + row * input.rowStride + column * input.channels
              body(target, source, (kernelRow * window.width + kernelColumn) * input.channels)
            }
          }
        }
      }
    }
  }

  private func turn(_ weight: UnsafePointer<Float>, into turned: UnsafeMutablePointer<Float>) {
    let (channels, size) = (geometry.input.channels, geometry.patchSize)
    for channel in 0..<channels {
      for position in 0..<size { turned[position * channels + channel] = weight[channel * size + position] }
    }
  }

  /// Sets the output, in the layout `geometry.output`; its padding is left alone.
  func forward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let (layout, channels) = (geometry.output, geometry.output.channels)
    turn(weight, into: scratch)
    geometry.forEachOutputRow(0..<count * layout.height) { start, _ in
      for x in 0..<layout.width {
        let pixel = output + start + x * channels
        if let bias { copy(bias, to: pixel, count: channels) } else { zero(pixel, count: channels) }
      }
    }
    forEachMeeting(0..<count) { target, source, position in
      let (result, values, kernel) = (output + target, input + source, scratch + position)
      for channel in 0..<channels {
        result[channel] = result[channel].addingProduct(values[channel], kernel[channel])
      }
    }
  }

  /// Adds the input's gradient to `gradInput`, and sets that of the weights.
  func backward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    gradOutput: UnsafePointer<Float>, gradInput: UnsafeMutablePointer<Float>?,
    gradWeight: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    let (channels, size) = (geometry.output.channels, geometry.patchSize)
    if let gradInput {
      turn(weight, into: scratch)
      forEachMeeting(0..<count) { target, source, position in
        let (gradient, result, kernel) = (gradOutput + target, gradInput + source, scratch + position)
        for channel in 0..<channels {
          result[channel] = result[channel].addingProduct(gradient[channel], kernel[channel])
        }
      }
    }
    if let gradWeight {
      let (sums, own) = (scratch + size * channels, scratch + 2 * size * channels)
      zero(sums, count: size * channels)
      // A sum for each example first: one sum over a large batch would lose its digits.
      for example in 0..<count {
        zero(own, count: size * channels)
        forEachMeeting(example..<example + 1) { target, source, position in
          let (gradient, values, sum) = (gradOutput + target, input + source, own + position)
          for channel in 0..<channels { sum[channel] = sum[channel].addingProduct(gradient[channel], values[channel]) }
        }
        add(own, to: sums, count: size * channels)
      }
      for channel in 0..<channels {
        for position in 0..<size { gradWeight[channel * size + position] = sums[position * channels + channel] }
      }
    }
  }
}

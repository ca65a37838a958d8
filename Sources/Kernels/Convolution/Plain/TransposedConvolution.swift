// A transposed convolution is the adjoint of a convolution from its output to its input: what `ConvolutionGeometry`
// calls the input is what this layer puts out, and the other way round. Weights are [channel of this layer's input]
// [kernel row][kernel column][output channel of the group], as that convolution has them.

/// Applies a transposed 2-D convolution, then adds the bias.
///
/// - Input: `[N, C, H, W]`, laid out as `geometry.output`.
/// - Output: `[N, O, H', W']`, laid out as `geometry.input`; its border is set to zero.
public func transposedConvolutionForward(
  _ geometry: ConvolutionGeometry, count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
) {
  convolutionBackward(
    geometry, count: count, input: output, weight: weight, gradOutput: input, gradInput: output, gradWeight: nil,
    gradBias: nil, scratch: scratch)
  let layout = geometry.input
  if let bias {
    forEachRun(count, layout, layout) { start, _, length in
      addToRows(
        bias, rows: length / layout.channels, columns: layout.channels, output + start, stride: layout.channels)
    }
  }
  clearBorder(layout, count: count, output)
}

/// The gradients of ``transposedConvolutionForward(_:count:input:weight:bias:output:scratch:)``.
///
/// The border of `gradOutput` is set to zero, which the products want.
public func transposedConvolutionBackward(
  _ geometry: ConvolutionGeometry, count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
  gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?,
  gradWeight: UnsafeMutablePointer<Float>?, gradBias: UnsafeMutablePointer<Float>?,
  scratch: UnsafeMutablePointer<Float>
) {
  let layout = geometry.input
  clearBorder(layout, count: count, gradOutput)
  if let gradBias {
    zero(gradBias, count: layout.channels)
    forEachRun(count, layout, layout) { start, _, length in
      addColumnSums(
        of: gradOutput + start, rows: length / layout.channels, columns: layout.channels, stride: layout.channels,
        to: gradBias)
    }
  }
  if gradWeight != nil {
    convolutionBackward(
      geometry, count: count, input: gradOutput, weight: weight, gradOutput: input, gradInput: nil,
      gradWeight: gradWeight, gradBias: nil, scratch: scratch)
  }
  if let gradInput {
    convolutionForward(
      geometry, count: count, input: gradOutput, weight: weight, bias: nil, output: gradInput, scratch: scratch)
  }
}

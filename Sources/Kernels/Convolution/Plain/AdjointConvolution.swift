/// A transposed convolution: the adjoint of the convolution from its output to its input.
///
/// So `convolution.geometry.input` describes the output here, and `convolution.geometry.output` the input; its forward
/// pass is that convolution's input gradient, and the other way round. Weights are `[input channel][kernel row][kernel
/// column][output channel of the group]`, as that convolution has them.
package struct AdjointConvolution: Hashable, Sendable {
  /// The convolution from the output to the input.
  package let convolution: PlainConvolution

  /// Creates the adjoint of a convolution.
  package init(_ convolution: PlainConvolution) { self.convolution = convolution }

  /// Floats of scratch memory that a call wants for any batch.
  package var scratchCount: Int { convolution.scratchCount }

  /// Applies a transposed 2-D convolution, then adds the bias.
  ///
  /// - Input: `[N, C, H, W]` in the layout `convolution.geometry.output`.
  /// - Output: `[N, O, H', W']` in the layout `convolution.geometry.input`; its padding is set to zero.
  ///
  /// No two of the buffers may overlap.
  package func forward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    // Only the weights' gradient would look at the convolution's input, for which any pointer stands here.
    convolution.backward(
      count: count, input: output, weight: weight, gradOutput: input, gradInput: output, gradWeight: nil, gradBias: nil,
      scratch: scratch)
    let layout = convolution.geometry.input
    if let bias {
      forEachRun(count, layout, layout) { start, _, length in
        addToRows(
          bias, rows: length / layout.channels, columns: layout.channels, output + start, stride: layout.channels)
      }
    }
    clearPadding(layout, count: count, output)
  }

  /// The gradients of ``forward(count:input:weight:bias:output:scratch:)``, each set where it is asked for.
  ///
  /// - Parameter gradOutput: its padding is set to zero, because the products read it.
  package func backward(
    count: Int, input: UnsafePointer<Float>, weight: UnsafePointer<Float>, gradOutput: UnsafeMutablePointer<Float>,
    gradInput: UnsafeMutablePointer<Float>?, gradWeight: UnsafeMutablePointer<Float>?,
    gradBias: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
  ) {
    let layout = convolution.geometry.input
    clearPadding(layout, count: count, gradOutput)
    if let gradBias { channelSums(layout, count: count, gradOutput, into: gradBias) }
    if gradWeight != nil {
      convolution.backward(
        count: count, input: gradOutput, weight: weight, gradOutput: input, gradInput: nil, gradWeight: gradWeight,
        gradBias: nil, scratch: scratch)
    }
    if let gradInput {
      convolution.forward(
        count: count, input: gradOutput, weight: weight, bias: nil, output: gradInput, scratch: scratch)
    }
  }
}

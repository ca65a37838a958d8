import Architectures
import Kernels

/// `y = x Wᵀ + b`; the weights are stored as `[inputs][outputs]`, their inputs in the order of the input's memory.
///
/// Where the input is the network's own and mostly zeros, as handwritten digits are, only what is not zero is
/// multiplied. That is decided by the layer's shape and the values of the batch.
final class LinearModule: Module {
  private let weight: Int
  private let bias: Int?
  private let trainable: Bool
  /// Where a batch is kept without its zeros, and for how many examples there is room.
  private let sparse: (offset: Int, rows: Int)?
  /// Parts of a sparse product that are computed apart.
  private let parts: Int
  /// The last batch without its zeros, from the forward to the backward pass.
  private var matrix: SparseMatrix?

  /// - Parameters:
  ///   - takesImages: whether the input is the network's own.
  init(
    _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, takesImages: Bool, _ planner: inout Planner
  ) {
    let fanIn = input.valueCount
    parts = ThreadTeam.parts(ofBatch: planner.batchSize)
    trainable = resolved.layer.trainable
    weight = planner.parameter(
      resolved.parameters[0], trainable: trainable,
      order: .transposed(outputs: output.valueCount, inputs: input), .kaimingUniform(fanIn: fanIn))
    bias =
      resolved.parameters.count > 1
      ? planner.parameter(resolved.parameters[1], trainable: trainable, .uniform(fanIn: fanIn)) : nil
    if takesImages && output.valueCount >= Self.fewestSparseOutputs {
      let rows = planner.batchSize
      sparse = (planner.reserve(SparseMatrix.scratchCount(rows: rows, columns: fanIn)), rows)
    } else {
      sparse = nil
    }
    planner.needScratch(matrixProductScratchCount)
    super.init(input: input, output: output)
  }

  /// Listing what is not zero costs as much as multiplying by so many columns.
  private static let fewestSparseOutputs = 64
  /// The largest share of non-zero values that is faster without its zeros.
  private static let largestSparseShare = 0.35

  override var isTrainable: Bool { trainable }

  override func forward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, into result: UnsafeMutablePointer<Float>
  ) {
    let (inputs, outputs) = (input.valueCount, output.valueCount)
    let weights = context.parameters + weight
    matrix = sparseMatrix(context, values)
    if let matrix, !matrix.hidesNonFiniteRow(of: weights) {
      context.team.run(parts) { part in
        matrix.product(weights, rows: ThreadTeam.items(part, of: parts, count: matrix.rows), into: result)
      }
    } else {
      matrixProduct(
        rows: context.count, columns: outputs, inner: inputs, values, strideA: inputs, weights, strideB: outputs,
        into: result, strideC: outputs, scratch: context.scratch)
    }
    addBias(context, to: result)
  }

  private func addBias(_ context: ModuleContext, to result: UnsafeMutablePointer<Float>) {
    guard let bias else { return }
    addToRows(
      context.parameters + bias, rows: context.count, columns: output.valueCount, result, stride: output.valueCount)
  }

  override func backward(
    _ context: ModuleContext, _ values: UnsafeMutablePointer<Float>, result: UnsafeMutablePointer<Float>,
    gradOutput: UnsafeMutablePointer<Float>, gradInput: UnsafeMutablePointer<Float>?
  ) {
    let (inputs, outputs) = (input.valueCount, output.valueCount)
    if trainable {
      let gradWeight = context.gradients + weight
      if let matrix, isFinite(gradOutput, count: context.count * outputs) {
        context.team.run(parts) { part in
          matrix.transposedProduct(
            gradOutput, columns: ThreadTeam.items(part, of: parts, count: matrix.columns), into: gradWeight)
        }
      } else {
        matrixProduct(
          rows: inputs, columns: outputs, inner: context.count, values, strideA: inputs, transposeA: true, gradOutput,
          strideB: outputs, into: gradWeight, strideC: outputs, scratch: context.scratch)
      }
      if let bias {
        channelSums(
          ImageLayout(channels: outputs), count: context.count, gradOutput, into: context.gradients + bias)
      }
    }
    guard let gradInput else { return }
    matrixProduct(
      rows: context.count, columns: inputs, inner: outputs, gradOutput, strideA: outputs, context.parameters + weight,
      strideB: outputs, transposeB: true, into: gradInput, strideC: inputs, scratch: context.scratch)
  }

  /// The batch without its zeros, if they are many. An evaluation has no place for it: its workspace is laid out anew.
  private func sparseMatrix(_ context: ModuleContext, _ values: UnsafePointer<Float>) -> SparseMatrix? {
    guard context.isTraining, let sparse, context.count <= sparse.rows else { return nil }
    return SparseMatrix(
      values, rows: context.count, columns: input.valueCount, outputs: output.valueCount,
      share: Self.largestSparseShare, scratch: context.workspace + sparse.offset)
  }
}

extension Linear: CompiledLayer {
  var inputOrder: InputOrder { .rows }

  func module(
    _ stage: Stage, _ resolved: ResolvedLayer, input: ImageLayout, output: ImageLayout, isFirst: Bool,
    _ planner: inout Planner
  ) -> Module {
    LinearModule(resolved, input: input, output: output, takesImages: isFirst, &planner)
  }
}

import Architectures
import Kernels

/// A network but for its memory: its modules, and where their tensors will lie.
struct Blueprint {
  let layers: [ResolvedLayer]
  let chain: ModuleChain
  let evaluationBatchSize: Int
  /// Where the input lies in the workspace.
  let inputOffset: Int
  let slots: [ParameterSlot]
  let memory: MemoryPlan

  init(
    _ architecture: Architecture, batchSize: Int, evaluationBatchSize: Int?, loss: Loss, target: Target,
    optimizer: Optimizer, averages: Bool, fuses: Bool
  ) throws(NetworkError) {
    precondition(batchSize > 0 && evaluationBatchSize ?? 1 > 0)
    do { layers = try architecture.resolved() } catch { throw .shape(error) }
    let outputShape = layers.last?.output ?? architecture.input
    try Self.check(loss, target, output: outputShape, input: architecture.input)
    var planner = Planner(batchSize: batchSize, fuses: fuses)
    chain = ModuleChain(layers.chain, input: architecture.input, isFirst: true, &planner)
    let input = chain.input.exampleStride
    let evaluationBatch = evaluationBatchSize ?? Self.evaluationBatch(largestOutput: chain.largestOutput)
    inputOffset = planner.reserve(batchSize * input)
    memory = MemoryPlan(
      &planner, batchSize: batchSize, evaluationBatchSize: evaluationBatch, input: input, largest: chain.largest,
      stackCount: chain.stackCount, momentCount: optimizer.momentCount, averages: averages)
    (self.evaluationBatchSize, slots) = (evaluationBatch, planner.slots)
  }

  /// The largest batch, up to 1024, with which two layers' outputs keep within 16 MiB.
  private static func evaluationBatch(largestOutput: Int) -> Int {
    var batch = 1024
    while batch > 1 && 2 * batch * largestOutput * MemoryLayout<Float>.stride > 16 << 20 { batch /= 2 }
    return batch
  }

  private static func check(_ loss: Loss, _ target: Target, output: Shape, input: Shape) throws(NetworkError) {
    switch target {
    case .classes(let classes):
      guard output == Shape(classes) else {
        throw .outputIsNotClasses(loss: loss, output: output, classes: classes)
      }
      precondition(loss.weight?.count ?? classes == classes, "\(classes) classes, other weights")
    case .input:
      guard loss.comparesValues else { throw .lossNeedsClasses(loss) }
      guard output == input else { throw .outputIsNotInput(output: output, input: input) }
    }
  }
}

extension Network {
  /// The memory that a network will take, in bytes; it is not taken. The parameters are those of
  /// ``init(_:batchSize:evaluationBatchSize:loss:target:optimizer:clipping:threads:)``.
  ///
  /// - Parameter averages: whether a moving average of the parameters is kept.
  /// - Returns: `total`, the whole of it; `state`, what a checkpoint holds of it; `weights`, what a file of the weights
  ///   does.
  /// - Throws: ``NetworkError`` where shapes, loss and target do not fit.
  package static func byteCounts(
    _ architecture: Architecture, batchSize: Int, evaluationBatchSize: Int? = nil, loss: Loss, target: Target,
    optimizer: Optimizer, averages: Bool = false
  ) throws(NetworkError) -> (total: Int, state: Int, weights: Int) {
    let memory = try Blueprint(
      architecture, batchSize: batchSize, evaluationBatchSize: evaluationBatchSize, loss: loss, target: target,
      optimizer: optimizer, averages: averages, fuses: true
    ).memory
    let weights = memory.parameterCount + memory.bufferCount
    let state = weights + memory.momentCount * memory.parameterCount + memory.averageCount
    let stride = MemoryLayout<Float>.stride
    return (memory.byteCount, state * stride, weights * stride)
  }
}

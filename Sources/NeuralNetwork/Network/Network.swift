import Architectures
import Kernels

/// A network that trains: a description compiled for one loss, one optimizer and one batch size.
///
/// Everything that a training step needs is planned and allocated here: one contiguous buffer of parameters, one of
/// gradients, one per optimizer moment, and one workspace, which evaluation shares. A network is used by one thread at
/// a time.
package final class Network {
  /// The layers with their shapes.
  package let layers: [ResolvedLayer]
  /// The largest batch of a training step.
  package let batchSize: Int
  /// Examples that are evaluated together.
  package let evaluationBatchSize: Int
  /// The number of learnt values, frozen ones included.
  package let parameterCount: Int
  /// The smallest batch that can be trained on: the largest of the layers' ``ResolvedLayer/minimumBatch``.
  package let minimumBatch: Int

  let architecture: Architecture
  let loss: Loss
  let target: Target
  let inputLayout: ImageLayout
  let inputShape: Shape
  let modules: [Module]
  /// For each layer, the number of modules that have run when its output is there, unless the network is fused.
  let modulesDone: [Int]
  /// Whether some module computes several layers at once.
  let isFused: Bool
  let slots: [ParameterSlot]
  /// The lowest module with something to train; what lies below gets no gradient.
  let lowestTrainable: Int?
  let optimizerState: OptimizerState
  let team: ThreadTeam
  let memory: NetworkMemory
  /// Where each module's input lies in the workspace during training; the last is the network's output.
  let tensorOffsets: [Int]
  /// Whether the zeros around the images of the training tensors are still there.
  var paddingIsClear = true

  /// Compiles a description.
  ///
  /// - Parameters:
  ///   - evaluationBatchSize: examples that are evaluated together; `nil` takes as many as keep two layers' outputs
  ///     within 16 MiB, up to 1024, which depends on the description alone.
  ///   - target: what the output is compared with.
  ///   - threads: how many work on a batch of 32 or more; any number gives the same bits.
  /// - Throws: ``NetworkError`` where shapes, loss and target do not fit.
  package convenience init(
    _ architecture: Architecture, batchSize: Int, evaluationBatchSize: Int? = nil, loss: Loss, target: Target,
    optimizer: Optimizer, threads: Int = 1
  ) throws(NetworkError) {
    try self.init(
      architecture, batchSize: batchSize, evaluationBatchSize: evaluationBatchSize, loss: loss, target: target,
      optimizer: optimizer, threads: threads, fuses: true)
  }

  /// - Parameters:
  ///   - fuses: whether neighbouring layers may become one module.
  init(
    _ architecture: Architecture, batchSize: Int, evaluationBatchSize: Int? = nil, loss: Loss, target: Target,
    optimizer: Optimizer, threads: Int = 1, fuses: Bool
  ) throws(NetworkError) {
    precondition(batchSize > 0 && evaluationBatchSize ?? 1 > 0 && threads > 0)
    precondition(BLAS.isSingleThreaded)
    do { layers = try architecture.resolved() } catch { throw .shape(error) }
    let outputShape = layers.last?.output ?? architecture.input
    try Network.check(loss, target, output: outputShape, input: architecture.input)
    let plain = Stage.stages(of: layers, input: architecture.input)
    let stages = fuses ? Stage.fused(plain) : plain
    var planner = Planner(batchSize: batchSize)
    let borders = stages.map(\.border) + [.none]
    modules = stages.indices.map { index in
      stages[index].module(
        input: stages[index].input.padded(by: borders[index]),
        output: stages[index].output.padded(by: borders[index + 1]), isFirst: index == 0, &planner)
    }
    inputLayout = modules[0].input
    inputShape = architecture.input
    isFused = stages.count < plain.count
    modulesDone = layers.map { layer in
      stages.lastIndex { ($0.resolved?.index ?? -1) <= layer.index && $0.resolved != nil }.map { $0 + 1 } ?? 0
    }
    lowestTrainable = modules.firstIndex(where: \.isTrainable)
    minimumBatch = layers.map(\.minimumBatch).max() ?? 1

    let largest = modules.map(\.output.exampleStride).max() ?? 0
    self.batchSize = batchSize
    self.evaluationBatchSize = evaluationBatchSize ?? Network.evaluationBatch(largestOutput: largest)
    tensorOffsets =
      [planner.reserve(batchSize * inputLayout.exampleStride)]
      + modules.map { planner.reserve(batchSize * $0.output.exampleStride) }
    memory = NetworkMemory(
      &planner, batchSize: batchSize, evaluationBatchSize: self.evaluationBatchSize,
      input: inputLayout.exampleStride, largest: max(largest, inputLayout.exampleStride),
      momentCount: optimizer.momentCount)
    slots = planner.slots
    parameterCount = layers.reduce(0) { $0 + $1.parameters.reduce(0) { $0 + $1.count } }
    optimizerState = OptimizerState(optimizer, slots: planner.slots)
    team = ThreadTeam(threads: threads)
    (self.architecture, self.loss, self.target) = (architecture, loss, target)
    for slot in slots { fill(slot) { _ in 0 } }
  }

  /// Seconds of processor time that threads other than the one that trains have worked on the network.
  package var helpSeconds: Double { team.helpSeconds }

  /// Sets all parameters and buffers to what PyTorch's modules have when they are made, layer by layer.
  package func initialize(with generator: Generator) {
    for slot in slots {
      let base = base(of: slot)
      slot.initialisation.fill(count: slot.description.count, with: generator) { index, value in
        base[slot.order.position(of: index)] = value
      }
    }
    memory.resetMoments()
    optimizerState.steps = 0
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
    case .input:
      guard loss == .mse else { throw .lossNeedsClasses(loss) }
      guard output == input else { throw .outputIsNotInput(output: output, input: input) }
    }
  }

  /// Where a slot's values are stored.
  func base(of slot: ParameterSlot) -> UnsafeMutablePointer<Float> {
    (slot.kind == .buffer ? memory.buffers : memory.parameters) + slot.offset
  }

  /// Sets a slot's values from PyTorch's order.
  func fill(_ slot: ParameterSlot, _ value: (Int) -> Float) {
    let base = base(of: slot)
    for index in 0..<slot.description.count { base[slot.order.position(of: index)] = value(index) }
  }

  func context(_ count: Int, isTraining: Bool, _ generator: Generator?) -> ModuleContext {
    ModuleContext(
      count: count, isTraining: isTraining, generator: generator, parameters: memory.parameters,
      gradients: memory.gradients, buffers: memory.buffers, workspace: memory.workspace, scratch: memory.scratch,
      team: team)
  }
}

import Architectures
import Kernels

/// A network that trains: a description compiled for one loss, one optimizer and one batch size.
///
/// Everything that a training step needs is planned and allocated here: one contiguous buffer of parameters, one of
/// gradients, one per optimizer moment, and one workspace, which evaluation shares. A network is used by one thread at
/// a time.
package final class Network {
  /// The layers with their shapes, those inside a nested one before it.
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
  /// The loss's weight of each class; empty where all weigh alike.
  let classWeights: [Float]
  package let target: Target
  let inputLayout: ImageLayout
  let inputShape: Shape
  let chain: ModuleChain
  let slots: [ParameterSlot]
  let optimizerState: OptimizerState
  let team: ThreadTeam
  let memory: NetworkMemory
  /// Where the input lies in the workspace during training.
  let inputOffset: Int
  /// Whether the zeros around the images of the training tensors are still there.
  var paddingIsClear = true

  /// Compiles a description.
  ///
  /// - Parameters:
  ///   - evaluationBatchSize: examples that are evaluated together; `nil` takes as many as keep two layers' outputs
  ///     within 16 MiB, up to 1024, which depends on the description alone.
  ///   - target: what the output is compared with.
  ///   - clipping: the bound on the gradients of a training step.
  ///   - averageDecay: how much of the parameters' exponential moving average each training step keeps; evaluations and
  ///     ``tensors`` take the average then. `nil` keeps none.
  ///   - threads: how many work on a batch of 32 or more; any number gives the same bits.
  /// - Throws: ``NetworkError`` where shapes, loss and target do not fit, or where the system has not the memory.
  package convenience init(
    _ architecture: Architecture, batchSize: Int, evaluationBatchSize: Int? = nil, loss: Loss, target: Target,
    optimizer: Optimizer, clipping: GradientClipping? = nil, averageDecay: Double? = nil, threads: Int = 1
  ) throws(NetworkError) {
    try self.init(
      architecture, batchSize: batchSize, evaluationBatchSize: evaluationBatchSize, loss: loss, target: target,
      optimizer: optimizer, clipping: clipping, averageDecay: averageDecay, threads: threads, fuses: true)
  }

  /// - Parameters:
  ///   - fuses: whether neighbouring layers may become one module.
  init(
    _ architecture: Architecture, batchSize: Int, evaluationBatchSize: Int? = nil, loss: Loss, target: Target,
    optimizer: Optimizer, clipping: GradientClipping? = nil, averageDecay: Double? = nil, threads: Int = 1,
    fuses: Bool
  ) throws(NetworkError) {
    precondition(threads > 0)
    let blueprint = try Blueprint(
      architecture, batchSize: batchSize, evaluationBatchSize: evaluationBatchSize, loss: loss, target: target,
      optimizer: optimizer, averages: averageDecay != nil, fuses: fuses)
    (layers, chain, inputOffset, slots) = (blueprint.layers, blueprint.chain, blueprint.inputOffset, blueprint.slots)
    (self.batchSize, self.evaluationBatchSize) = (batchSize, blueprint.evaluationBatchSize)
    inputLayout = chain.input
    inputShape = architecture.input
    minimumBatch = layers.map(\.minimumBatch).max() ?? 1
    memory = try NetworkMemory(blueprint.memory)
    parameterCount = layers.reduce(0) { $0 + $1.parameters.reduce(0) { $0 + $1.count } }
    optimizerState = OptimizerState(
      optimizer, clipping: clipping, averageDecay: averageDecay, slots: slots, parameterCount: memory.parameterCount)
    team = ThreadTeam(threads: threads)
    (self.architecture, self.loss, self.target) = (architecture, loss, target)
    classWeights = (loss.weight ?? []).map { Float($0) }
    for slot in slots { fill(slot) { _ in 0 } }
  }

  /// Seconds of processor time that threads other than the one that trains have worked on the network.
  package var helpSeconds: Double { team.helpSeconds }

  /// The modules that compute a step, each by the layers that it computes at once: `conv1 + relu1 + max_pool1`.
  package var moduleTitles: [String] { chain.parts.map(\.title) }

  /// The algorithms that were planned for each of these modules, in words; `nil` where there is no choice.
  package var modulePlans: [String?] { chain.parts.map(\.plan) }

  /// Sets all parameters and buffers to what PyTorch's modules have when they are made, layer by layer, and then those
  /// with an initialiser to what it draws, as `model.apply(…)` does.
  package func initialize(with generator: Generator) {
    for slot in slots {
      let base = base(of: slot)
      slot.initialisation.fill(count: slot.description.count, with: generator) { index, value in
        base[slot.order.position(of: index)] = value
      }
    }
    for slot in slots {
      guard let values = slot.description.initialiser?.values(slot.description.shape, generator) else { continue }
      fill(slot) { values[$0] }
    }
    memory.resetMoments()
    optimizerState.steps = 0
  }

  /// The learning rates that training begins with: the optimizer's, then each other one that layers have of their own.
  package var learningRates: [Double] { optimizerState.learningRates }

  /// Sets the learning rate, and where it is cycled the momentum, of the training steps from now on.
  ///
  /// - Parameter rateIndex: which of the ``learningRates`` changes.
  package func follow(_ group: RateGroup, rateIndex: Int) { optimizerState.follow(group, rateIndex: rateIndex) }

  /// The parameters that evaluations use: the average, where one is kept and a step was made.
  var scoredParameters: UnsafeMutablePointer<Float> {
    memory.averageCount == 0 || optimizerState.steps == 0 ? memory.parameters : memory.averages
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

  func context(
    _ count: Int, isTraining: Bool, _ generator: Generator?, profile: StepProfile? = nil,
    observe: ((Int, ImageLayout, UnsafePointer<Float>) -> Void)? = nil
  ) -> ModuleContext {
    ModuleContext(
      count: count, isTraining: isTraining, generator: generator,
      parameters: isTraining ? memory.parameters : scoredParameters,
      gradients: memory.gradients, buffers: memory.buffers, workspace: memory.workspace, scratch: memory.scratch,
      stack: memory.stack, team: team, profile: profile, observe: observe)
  }
}

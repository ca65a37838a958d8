import Architectures

/// Hands out places in the network's contiguous buffers while it is compiled.
struct Planner {
  /// The network's training batch.
  let batchSize: Int
  private(set) var slots: [ParameterSlot] = []
  private(set) var parameterCount = 0
  private(set) var bufferCount = 0
  private(set) var workspaceCount = 0
  private(set) var scratchCount = 0
  /// Modules so far.
  private var moduleCount = 0
  /// Whether neighbouring layers may become one module.
  let fuses: Bool

  init(batchSize: Int, fuses: Bool) { (self.batchSize, self.fuses) = (batchSize, fuses) }

  /// The number of the next module.
  mutating func takeModuleNumber() -> Int {
    defer { moduleCount += 1 }
    return moduleCount
  }

  /// Room for a tensor that is learnt.
  mutating func parameter(
    _ description: TensorDescription, trainable: Bool, order: StorageOrder = .plain, _ initialisation: Initialisation
  ) -> Int {
    let offset = parameterCount
    slots.append(
      ParameterSlot(
        description: description, kind: .parameter(trainable: trainable), order: order,
        initialisation: initialisation, offset: offset))
    parameterCount += aligned(description.count)
    return offset
  }

  /// Room for a tensor that is kept but not learnt.
  mutating func buffer(_ description: TensorDescription, element: Tensor.Element, initially value: Float) -> Int {
    let offset = bufferCount
    slots.append(
      ParameterSlot(
        description: description, element: element, kind: .buffer, order: .plain, initialisation: .constant(value),
        offset: offset))
    bufferCount += aligned(description.count)
    return offset
  }

  /// Room for values that live from the forward to the backward pass of a training step.
  mutating func reserve(_ count: Int) -> Int {
    defer { workspaceCount += aligned(count) }
    return workspaceCount
  }

  /// Makes sure that a layer finds this much memory for its own use during one call.
  mutating func needScratch(_ count: Int) { scratchCount = max(scratchCount, aligned(count)) }

  /// Makes sure that the workspace, shared with evaluation, holds at least `count` values.
  mutating func needWorkspace(_ count: Int) { workspaceCount = max(workspaceCount, count) }
}

/// The next multiple of 16 floats, a cache line.
func aligned(_ count: Int) -> Int { (count + 15) & ~15 }

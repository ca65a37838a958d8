import Foundation
import Kernels

/// All memory of a network, in one allocation of zeros.
///
/// In the workspace a training step has every tensor of its own, what modules keep, and two buffers that gradients
/// alternate between. Evaluation has the input and two buffers that outputs alternate between, in the same place.
final class NetworkMemory {
  let parameters: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  /// The optimizer's moments, one after another, each as long as the parameters.
  let moments: UnsafeMutablePointer<Float>
  let momentCount: Int
  /// The moving average of the parameters, where one is kept.
  let averages: UnsafeMutablePointer<Float>
  let averageCount: Int
  let buffers: UnsafeMutablePointer<Float>
  let workspace: UnsafeMutablePointer<Float>
  /// Two buffers for gradients, each as large as the largest tensor.
  let gradientOffsets: (Int, Int)
  /// Two buffers for outputs in evaluation.
  let evaluationOffsets: (Int, Int)
  let scratch: UnsafeMutablePointer<Float>
  /// What modules that others lie in use while they run.
  let stack: UnsafeMutablePointer<Float>
  /// A label and an index for each example of a batch, and room for guesses.
  let labels: UnsafeMutablePointer<Int32>
  let indices: UnsafeMutablePointer<Int32>
  let guesses: UnsafeMutablePointer<Int32>
  let parameterCount: Int
  let bufferCount: Int
  private let storage: UnsafeMutablePointer<Float>

  /// Takes the memory from the system.
  ///
  /// - Throws: ``NetworkError/memoryRefused(bytes:)`` where the system has less.
  init(_ plan: MemoryPlan) throws(NetworkError) {
    (gradientOffsets, evaluationOffsets) = (plan.gradientOffsets, plan.evaluationOffsets)
    (momentCount, parameterCount, bufferCount) = (plan.momentCount, plan.parameterCount, plan.bufferCount)
    averageCount = plan.averageCount
    // Swift's own allocation ends the process where there is no memory.
    var place: UnsafeMutableRawPointer?
    let hugePage = 2 << 20
    let isLarge = plan.byteCount >= hugePage
    guard posix_memalign(&place, isLarge ? hugePage : 64, plan.byteCount) == 0, let place else {
      throw .memoryRefused(bytes: plan.byteCount)
    }
    #if os(Linux)
      // A step walks through all of it, and with small pages each few kilobytes cost a search in the page table. A kernel
      // without huge pages refuses, which changes nothing.
      if isLarge { _ = madvise(place, plan.byteCount, MADV_HUGEPAGE) }
    #endif
    storage = place.bindMemory(to: Float.self, capacity: plan.floatCount)
    storage.initialize(repeating: 0, count: plan.floatCount)
    var next = storage
    func take(_ size: Int) -> UnsafeMutablePointer<Float> {
      defer { next += size }
      return next
    }
    parameters = take(plan.parameterCount)
    gradients = take(plan.parameterCount)
    moments = take(plan.momentCount * plan.parameterCount)
    averages = take(plan.averageCount)
    buffers = take(plan.bufferCount)
    workspace = take(plan.workspaceCount)
    scratch = take(plan.scratchCount)
    stack = take(plan.stackCount)
    labels = UnsafeMutableRawPointer(take(plan.batch)).bindMemory(to: Int32.self, capacity: plan.batch)
    indices = UnsafeMutableRawPointer(take(plan.batch)).bindMemory(to: Int32.self, capacity: plan.batch)
    guesses = UnsafeMutableRawPointer(take(plan.batch)).bindMemory(to: Int32.self, capacity: plan.batch)
  }

  deinit { free(storage) }

  /// Forgets the optimizer's moments.
  func resetMoments() { zero(moments, count: momentCount * parameterCount) }
}

/// How long the parts of a network's memory are, in floats, before any of it is taken.
struct MemoryPlan {
  let gradientOffsets: (Int, Int)
  let evaluationOffsets: (Int, Int)
  let momentCount: Int
  let averageCount: Int
  let parameterCount: Int
  let bufferCount: Int
  let workspaceCount: Int
  let scratchCount: Int
  let stackCount: Int
  /// Examples that have a label, an index and a guess.
  let batch: Int

  /// - Parameters:
  ///   - planner: what the modules asked for; two buffers for gradients and those of evaluation are added.
  ///   - input: floats of an example as the first module reads it.
  ///   - largest: floats of an example in the largest tensor.
  ///   - stackCount: floats of an example that modules with others inside need while they run.
  ///   - averages: whether the parameters' moving average is kept.
  init(
    _ planner: inout Planner, batchSize: Int, evaluationBatchSize: Int, input: Int, largest: Int, stackCount: Int,
    momentCount: Int, averages: Bool
  ) {
    gradientOffsets = (planner.reserve(batchSize * largest), planner.reserve(batchSize * largest))
    let first = aligned(evaluationBatchSize * input)
    let second = first + aligned(evaluationBatchSize * largest)
    evaluationOffsets = (first, second)
    planner.needWorkspace(second + aligned(evaluationBatchSize * largest))
    // Kernels that read eight floats at a time may read past the end of the last tensor.
    let slack = 64
    self.momentCount = momentCount
    (parameterCount, bufferCount) = (planner.parameterCount, planner.bufferCount)
    averageCount = averages ? parameterCount : 0
    (workspaceCount, scratchCount) = (planner.workspaceCount + slack, planner.scratchCount + slack)
    batch = aligned(max(batchSize, evaluationBatchSize))
    self.stackCount = stackCount == 0 ? 0 : batch * stackCount + slack
  }

  var floatCount: Int {
    (2 + momentCount) * parameterCount + averageCount + bufferCount + workspaceCount + scratchCount + stackCount
      + 3 * batch
  }
  var byteCount: Int { floatCount * MemoryLayout<Float>.stride }
}

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
  let buffers: UnsafeMutablePointer<Float>
  let workspace: UnsafeMutablePointer<Float>
  /// Two buffers for gradients, each as large as the largest tensor.
  let gradientOffsets: (Int, Int)
  /// Two buffers for outputs in evaluation.
  let evaluationOffsets: (Int, Int)
  let scratch: UnsafeMutablePointer<Float>
  /// A label and an index for each example of a batch, and room for guesses.
  let labels: UnsafeMutablePointer<Int32>
  let indices: UnsafeMutablePointer<Int32>
  let guesses: UnsafeMutablePointer<Int32>
  let parameterCount: Int
  let bufferCount: Int
  private let storage: UnsafeMutablePointer<Float>

  init(
    _ planner: inout Planner, batchSize: Int, evaluationBatchSize: Int, input: Int, largest: Int,
    momentCount: Int
  ) {
    gradientOffsets = (planner.reserve(batchSize * largest), planner.reserve(batchSize * largest))
    let first = aligned(evaluationBatchSize * input)
    let second = first + aligned(evaluationBatchSize * largest)
    evaluationOffsets = (first, second)
    planner.needWorkspace(second + aligned(evaluationBatchSize * largest))
    self.momentCount = momentCount
    (parameterCount, bufferCount) = (planner.parameterCount, planner.bufferCount)
    let batch = aligned(max(batchSize, evaluationBatchSize))
    // Kernels that read eight floats at a time may read past the end of the last tensor.
    let slack = 64
    let sizes = [
      parameterCount, parameterCount, momentCount * parameterCount, bufferCount, planner.workspaceCount + slack,
      planner.scratchCount + slack, 3 * batch,
    ]
    let floatCount = sizes.reduce(0, +)
    storage = UnsafeMutableRawPointer.allocate(
      byteCount: floatCount * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: floatCount)
    storage.initialize(repeating: 0, count: floatCount)
    var next = storage
    func take(_ size: Int) -> UnsafeMutablePointer<Float> {
      defer { next += size }
      return next
    }
    parameters = take(sizes[0])
    gradients = take(sizes[1])
    moments = take(sizes[2])
    buffers = take(sizes[3])
    workspace = take(sizes[4])
    scratch = take(sizes[5])
    labels = UnsafeMutableRawPointer(take(batch)).bindMemory(to: Int32.self, capacity: batch)
    indices = UnsafeMutableRawPointer(take(batch)).bindMemory(to: Int32.self, capacity: batch)
    guesses = UnsafeMutableRawPointer(take(batch)).bindMemory(to: Int32.self, capacity: batch)
  }

  deinit { UnsafeMutableRawPointer(storage).deallocate() }

  /// Forgets the optimizer's moments.
  func resetMoments() { zero(moments, count: momentCount * parameterCount) }
}

import Kernels

/// The batch, the memory and the threads of one call of a module, forward or backward.
struct ModuleContext {
  /// Images in this batch.
  let count: Int
  /// Whether this is a step of training, which uses batch statistics and dropout, and keeps what the backward pass needs.
  let isTraining: Bool
  /// The random numbers that dropout's masks are drawn from; `nil` in evaluation.
  let generator: Generator?
  /// The network's parameters; modules know their offsets.
  let parameters: UnsafeMutablePointer<Float>
  /// The gradients of the parameters, at the same offsets.
  let gradients: UnsafeMutablePointer<Float>
  /// The tensors that are kept but not learnt.
  let buffers: UnsafeMutablePointer<Float>
  /// The memory of values that live from the forward to the backward pass.
  let workspace: UnsafeMutablePointer<Float>
  /// Free to use during one call.
  let scratch: UnsafeMutablePointer<Float>
  /// Free to use for modules that others lie in, until the call ends: each hands on what it leaves.
  var stack: UnsafeMutablePointer<Float>
  /// The threads that compute the parts of a call.
  let team: ThreadTeam
  /// What is told how long each module took.
  var profile: StepProfile?
  /// What is shown each module's output in evaluation, with its number and its layout.
  var observe: ((Int, ImageLayout, UnsafePointer<Float>) -> Void)?
}

/// Random numbers, drawn as PyTorch draws them for torchvision's transforms.
package protocol TransformDraws: AnyObject {
  /// What `torch.empty(1).uniform_(low, high)` draws.
  func uniform(from low: Float, to high: Float) -> Float
  /// What `torch.randint(0, bound, (1,))` draws, for bounds below 2²⁸.
  func below(_ bound: Int) -> Int
  /// What `torch.randperm(count)` draws.
  func permutation(_ count: Int) -> [Int32]
  /// What `Tensor.normal_()` draws into so many values.
  func normal(_ count: Int) -> [Float]
  /// What `torch.distributions.Beta(alpha, alpha).sample()` draws.
  func beta(_ alpha: Float) -> Float
}

/// The draws of those who draw nothing.
final class NoDraws: TransformDraws {
  func uniform(from low: Float, to high: Float) -> Float { preconditionFailure("a fixed transform draws nothing") }
  func below(_ bound: Int) -> Int { preconditionFailure("a fixed transform draws nothing") }
  func permutation(_ count: Int) -> [Int32] { preconditionFailure("a fixed transform draws nothing") }
  func normal(_ count: Int) -> [Float] { preconditionFailure("a fixed transform draws nothing") }
  func beta(_ alpha: Float) -> Float { preconditionFailure("a fixed transform draws nothing") }
}

/// A bound on gradients, applied between the backward pass and the optimizer's step.
package enum GradientClipping: Hashable, Sendable {
  /// All gradients are scaled so that their norm is at most this (`torch.nn.utils.clip_grad_norm_`).
  case norm(Double)
  /// Each gradient is brought into ± this (`torch.nn.utils.clip_grad_value_`).
  case value(Double)
}

// What the normalising layers have in common.

extension OptionKind {
  /// What is added to a variance.
  static let normEps = OptionKind.number(NumberRange(0...1, excludesMinimum: true))
}

extension ShapeInference {
  /// Adds the scale that a normalisation learns where it is `affine`, and the shift beside it.
  mutating func addScale(affine: Bool, bias: Bool, shape: [Int]) {
    if affine { parameters += [("weight", shape)] + (bias ? [("bias", shape)] : []) }
  }

  /// Adds running statistics of each channel.
  mutating func addRunningStatistics(channels: Int) {
    buffers += [("running_mean", [channels]), ("running_var", [channels]), ("num_batches_tracked", [])]
  }
}

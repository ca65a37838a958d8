extension Generator {
  /// Draws what PyTorch draws when somebody begins to iterate a `DataLoader`: its base seed and, where it shuffles,
  /// its sampler's seed.
  ///
  /// - Returns: The sampler's seed; `nil` where the loader does not shuffle.
  @discardableResult
  package func drawLoader(shuffle: Bool) -> UInt64? {
    _ = nextInt64()
    return shuffle ? UInt64(nextInt64()) : nil
  }

  /// The order in which a `DataLoader` over `count` examples visits them in its next epoch, with all that it draws.
  package func epochOrder(count: Int, shuffle: Bool) -> [Int32] {
    guard let seed = drawLoader(shuffle: shuffle) else { return (0..<Int32(count)).map { $0 } }
    return Generator(seed: seed).permutation(count)
  }

  /// The examples that a `DataLoader` with a `RandomSampler` visits in its next epoch, with all that it draws.
  ///
  /// - Parameter drawn: the sampler's `num_samples`. Without replacement, whole permutations come first.
  package func epochOrder(count: Int, drawn: Int, replacement: Bool) -> [Int32] {
    let sampler = drawLoader(shuffle: true).map { Generator(seed: $0) } ?? self
    if replacement { return (0..<drawn).map { _ in Int32(sampler.below(count)) } }
    var order: [Int32] = []
    while order.count < drawn { order += sampler.permutation(count).prefix(drawn - order.count) }
    return order
  }

  /// The examples that a `DataLoader` with a `WeightedRandomSampler` visits in its next epoch, with all that it draws:
  /// that sampler has no generator of its own.
  package func epochOrder(_ weights: CumulativeWeights, drawn: Int) -> [Int32] {
    drawLoader(shuffle: false)
    return (0..<drawn).map { _ in Int32(weights.index(of: uniformDouble())) }
  }
}

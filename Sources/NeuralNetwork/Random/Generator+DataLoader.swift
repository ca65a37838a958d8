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
}

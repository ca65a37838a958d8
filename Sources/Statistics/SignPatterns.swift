/// Patterns of signs by seed, for tests that flip all comparisons of a seed together.
struct SignPatterns {
  /// One row per pattern, `seeds` signs (1 or −1) each; the first pattern of an exact list flips nothing.
  let signs: [Double]
  /// Signs per pattern.
  let seeds: Int
  /// Whether these are all patterns there are.
  let isExact: Bool

  /// All patterns where that is at most `limit` of them, otherwise `limit` random ones.
  ///
  /// A pattern and its opposite give the same statistic, so one of the two will do.
  init(seeds: Int, limit: Int, seed: UInt64) {
    self.seeds = seeds
    let free = max(0, seeds - 1)
    isExact = free < 40 && 1 << free <= limit
    var signs: [Double] = []
    if isExact {
      for pattern in 0..<(1 << free) {
        for index in 0..<seeds { signs.append(index < free && pattern >> index & 1 == 1 ? -1 : 1) }
      }
    } else {
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<limit { for _ in 0..<seeds { signs.append(generator.next() & 1 == 0 ? 1 : -1) } }
    }
    self.signs = signs
  }

  /// The number of patterns.
  var count: Int { seeds == 0 ? 1 : signs.count / seeds }

  /// p from the number of patterns that were at least as extreme as what was observed.
  func p(hits: Int) -> Double { isExact ? Double(hits) / Double(count) : Double(1 + hits) / Double(1 + count) }
}

/// How much of the variation of a balanced grid's scores goes with each axis: the analysis of variance of a full
/// factorial that every seed ran once, with the seeds as blocks.
///
/// The sums of squares of axes, pairs of axes, higher interactions, seeds and the rest add up to the total exactly, so
/// shares add up to 1. An axis that does nothing still has a share, of noise: `byChance` says how large it would be on
/// average, whatever the noise of each configuration.
///
/// Source: Fisher 1925, "Statistical Methods for Research Workers", chapter VII; the share is Pearson's η².
package struct VarianceShares: Sendable, Hashable {
  /// The share of one source of variation.
  package struct Share: Sendable, Hashable {
    /// Of the total sum of squares, in [0, 1].
    package var share: Double
    /// The share that noise between seeds alone would give on average; `nil` with one seed.
    package var byChance: Double?

    /// Creates a share.
    package init(share: Double, byChance: Double? = nil) { (self.share, self.byChance) = (share, byChance) }
  }

  /// What two axes do beyond the sum of both.
  package struct Pair: Sendable, Hashable {
    /// The places of the axes, the smaller first.
    package var first, second: Int
    package var share: Share
  }

  /// One per axis.
  package var axes: [Share] = []
  /// All pairs of axes, in the order of the first, then of the second.
  package var pairs: [Pair] = []
  /// What three and more axes do together; `nil` with two axes.
  package var higher: Share?
  /// What moves all configurations alike from seed to seed; `nil` with one seed.
  package var seeds: Double?
  /// What differs from seed to seed and from configuration to configuration: the noise; `nil` with one seed.
  package var rest: Double?

  /// Works out the shares.
  ///
  /// - Parameters:
  ///   - levels: how many values each axis has, at least two each.
  ///   - scores: one row per combination of the axes' values, the last axis' values next to each other; one column per
  ///     seed, the same seeds in each row.
  /// - Returns: `nil` where a score is not finite, or all are equal.
  package init?(levels: [Int], scores: [[Double]]) {
    let seedCount = scores.first?.count ?? 0
    precondition(levels.allSatisfy { $0 > 1 } && scores.count == levels.reduce(1, *), "not one row per combination")
    precondition(scores.allSatisfy { $0.count == seedCount } && seedCount > 0, "rows of different lengths")
    let cells = scores.map { mean($0) }
    let grand = mean(cells)
    let total = scores.reduce(0) { $0 + $1.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } }
    guard total > 0, total.isFinite else { return nil }

    let count = Double(scores.count * seedCount)
    let between = Double(seedCount) * cells.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    let bySeed = (0..<seedCount).map { seed in mean(scores.map { $0[seed] }) }
    let seedSquares = Double(scores.count) * bySeed.reduce(0) { $0 + ($1 - grand) * ($1 - grand) }
    let restSquares = max(0, total - between - seedSquares)
    let restFreedom = Double((scores.count - 1) * (seedCount - 1))
    func share(_ squares: Double, freedom: Int) -> Share {
      Share(
        share: max(0, squares) / total,
        byChance: restFreedom > 0 ? Double(freedom) * restSquares / restFreedom / total : nil)
    }

    // How far apart in `cells` neighbours on an axis lie.
    var strides = levels
    var next = 1
    for axis in levels.indices.reversed() {
      strides[axis] = next
      next *= levels[axis]
    }
    func level(_ cell: Int, _ axis: Int) -> Int { cell / strides[axis] % levels[axis] }
    let effects = levels.indices.map { axis in
      var sums = [Double](repeating: 0, count: levels[axis])
      for (cell, value) in cells.enumerated() { sums[level(cell, axis)] += value - grand }
      return sums.map { $0 * Double(levels[axis]) / Double(cells.count) }
    }
    var explained = 0.0
    var freedom = 0
    for axis in levels.indices {
      let squares = count / Double(levels[axis]) * effects[axis].reduce(0) { $0 + $1 * $1 }
      axes.append(share(squares, freedom: levels[axis] - 1))
      explained += squares
      freedom += levels[axis] - 1
    }
    for first in levels.indices {
      for second in levels.indices.dropFirst(first + 1) {
        var sums = [Double](repeating: 0, count: levels[first] * levels[second])
        for (cell, value) in cells.enumerated() {
          sums[level(cell, first) * levels[second] + level(cell, second)] += value - grand
        }
        let size = Double(levels[first] * levels[second])
        let squares = sums.indices.reduce(0) { squares, index in
          let departure =
            sums[index] * size / Double(cells.count) - effects[first][index / levels[second]]
            - effects[second][index % levels[second]]
          return squares + count / size * departure * departure
        }
        let pairFreedom = (levels[first] - 1) * (levels[second] - 1)
        pairs.append(Pair(first: first, second: second, share: share(squares, freedom: pairFreedom)))
        explained += squares
        freedom += pairFreedom
      }
    }
    if levels.count > 2 { higher = share(between - explained, freedom: scores.count - 1 - freedom) }
    if seedCount > 1 { (seeds, rest) = (seedSquares / total, restSquares / total) }
  }
}

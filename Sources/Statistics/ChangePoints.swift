/// The points where the mean of a series of measurements changed, such as a network's accuracy night after night.
///
/// The cumulative sum of deviations from the mean bends where a level ends (Page 1954, "Continuous inspection schemes",
/// Biometrika 41; as a picture of a whole series: Taylor 2000, "Change-point analysis: a powerful new tool for
/// detecting changes"). The place and the order of the splits are those of Matteson & James 2014, "A nonparametric
/// approach for multiple change point analysis of multivariate data", JASA 109:334–345, arXiv:1306.4933, with squared
/// distances: among all segments found so far, the values from a segment's start to τ are compared with those from τ to
/// κ, so that a loss that was repaired later is found too; the split with the largest
///
///     Q(τ, κ) = n·m / (n + m) · (mean of the n before τ − mean of the m from τ on)²
///
/// is tested by shuffling the values within each segment, and the first that is not significant ends the search. So
/// does MongoDB with its nightly benchmarks: Daly, Brown, Ingo, O'Leary & Bradford 2020, "The use of change point
/// detection to identify software performance regressions in a continuous integration system", ICPE '20,
/// arXiv:2003.00584.
///
/// Where nothing changes, values in any order are as likely, so each test holds its level whatever the distribution of
/// the values, ties among them: a series without a change shows one with a probability of at most `alpha`.
package struct ChangePoints: Hashable, Sendable {
  /// A change of the mean.
  package struct Change: Hashable, Sendable {
    /// The index of the first value of the new level.
    package let index: Int
    /// The index of the last value of the old level; others between the two are missing.
    package let lastBefore: Int
    /// The mean from the change before, or the start, to this one.
    package let before: Double
    /// The mean from this change to the next one, or the end.
    package let after: Double
    /// The p value of the split when it was made, of all segments together; at most `alpha`.
    package let p: Double
  }

  /// Values between two changes.
  package struct Level: Hashable, Sendable {
    /// The indices of the first and the last value.
    package let indices: ClosedRange<Int>
    /// Their mean.
    package let mean: Double
  }

  /// The changes, in order.
  package let changes: [Change]
  /// The levels that they part, in order: one more than changes, or none where there are no values.
  package let levels: [Level]

  /// The fewest values in which a change can be found.
  package static let fewestValues = 6
  /// The fewest values on each side of a change: a single one off the level may be chance.
  static let fewestInLevel = 2

  /// Finds the changes in `values`.
  ///
  /// Values that are not finite count as missing. The same values and seed give the same changes. Each test takes
  /// O(permutations · n²), much less where nothing has changed.
  /// - Parameters:
  ///   - alpha: The largest p that counts as a change.
  ///   - permutations: Shuffles in each test; p is (1 + hits) / (1 + permutations). By default 9,999 up to 200 values,
  ///     and above as many as take the same time, 999 at least.
  package init(_ values: [Double], alpha: Double = 0.05, permutations: Int? = nil, seed: UInt64 = 0) {
    let indices = values.indices.filter { values[$0].isFinite }
    guard !indices.isEmpty else {
      (changes, levels) = ([], [])
      return
    }
    // Deviations from the middle, in units that keep squares of very large and very small values finite.
    let kept = indices.map { values[$0] }
    let permutations = permutations ?? max(999, min(9999, 400_000_000 / (kept.count * kept.count)))
    let (center, unit) = Self.centerAndUnit(kept)
    let search = unit > 0 && kept.count >= Self.fewestValues
    let splits =
      search
      ? Self.splits(kept.map { ($0 - center) / unit }, alpha: alpha, permutations: permutations, seed: seed) : []
    let ordered = splits.sorted { $0.position < $1.position }
    let bounds = [0] + ordered.map(\.position) + [kept.count]
    let levels = zip(bounds, bounds.dropFirst()).map { start, end in
      Level(indices: indices[start]...indices[end - 1], mean: mean(Array(kept[start..<end])))
    }
    changes = ordered.enumerated().map { order, split in
      Change(
        index: indices[split.position], lastBefore: indices[split.position - 1], before: levels[order].mean,
        after: levels[order + 1].mean, p: split.p)
    }
    self.levels = levels
  }

  /// The median, and the farthest that a value lies from it; 0 where all are equal but for rounding.
  private static func centerAndUnit(_ values: [Double]) -> (center: Double, unit: Double) {
    let sorted = values.sorted()
    let center = sorted[sorted.count / 2]
    let unit = max(center - sorted[0], sorted[sorted.count - 1] - center)
    // Means of equal numbers differ in their last digits with the order in which they were added.
    let rounding = 1e-13 * max(abs(sorted[0]), abs(sorted[sorted.count - 1]))
    return (center, unit > rounding && unit.isFinite ? unit : 0)
  }

  private struct Split {
    var position: Int
    var p: Double
  }

  private static func splits(_ values: [Double], alpha: Double, permutations: Int, seed: UInt64) -> [Split] {
    var bounds = [0, values.count]
    var splits: [Split] = []
    // Hits from which on p can no longer be at most alpha: most tests of nothing end early.
    let tooMany = Int((alpha * Double(permutations + 1)).rounded(.down))
    var search = Search(values)
    while true {
      guard let found = search.best(values, bounds: bounds) else { return splits }
      var generator = SeededGenerator(seed: seed &+ UInt64(splits.count))
      var shuffled = values
      var hits = 0
      for _ in 0..<permutations {
        for (start, end) in zip(bounds, bounds.dropFirst()) {
          shuffled[start..<end].shuffle(using: &generator)
        }
        // Sums in another order must count as equal.
        if search.best(shuffled, bounds: bounds, enough: found.statistic * (1 - 1e-9)) != nil { hits += 1 }
        if hits >= tooMany { return splits }
      }
      splits.append(Split(position: found.position, p: Double(1 + hits) / Double(1 + permutations)))
      bounds.append(found.position)
      bounds.sort()
    }
  }

  /// The parts that every order of the values uses again.
  private struct Search {
    /// The sums of all values before each place.
    private var sums: [Double]
    /// 1/n: a division takes as long as all else for a pair of places.
    private let reciprocals: [Double]

    init(_ values: [Double]) {
      sums = [Double](repeating: 0, count: values.count + 1)
      reciprocals = [0] + (1...max(1, values.count)).map { 1 / Double($0) }
    }

    /// The largest Q(τ, κ) over all segments, and its τ; `nil` where no segment can be split, or none has a difference.
    ///
    /// - Parameter enough: With it, the first Q of at least this is returned, and `nil` where there is none.
    mutating func best(
      _ values: [Double], bounds: [Int], enough: Double = .infinity
    ) -> (position: Int, statistic: Double)? {
      for (index, value) in values.enumerated() { sums[index + 1] = sums[index] + value }
      var position = 0
      // Below it lies only the rounding of the sums, whose values are at most 1.
      var largest = 1e-18
      for (start, end) in zip(bounds, bounds.dropFirst()) where end - start >= 2 * fewestInLevel {
        for middle in start + fewestInLevel...end - fewestInLevel {
          let before = Double(middle - start)
          let meanBefore = (sums[middle] - sums[start]) * reciprocals[middle - start]
          for stop in middle + fewestInLevel...end {
            let difference = meanBefore - (sums[stop] - sums[middle]) * reciprocals[stop - middle]
            let statistic =
              before * Double(stop - middle) * reciprocals[stop - start] * difference * difference
            if statistic > largest {
              (position, largest) = (middle, statistic)
              if statistic >= enough { return (position, largest) }
            }
          }
        }
      }
      return enough == .infinity && largest > 1e-18 ? (position, largest) : nil
    }
  }
}
